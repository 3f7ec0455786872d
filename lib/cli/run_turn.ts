/** @module */

import { ClientError } from "../client/error.ts";
import type { PodClient } from "../client/pod_client.ts";
import { runAndConfirm, type RunVerdict } from "../client/run_and_confirm.ts";
import type { Event } from "../protocol/event.ts";
import { CliError } from "./cli_error.ts";
import { lastSaid } from "./conversation.ts";
import type { ClientSignals } from "./client_signals.ts";
import type { Context } from "./context.ts";
import { EXIT, type ExitCode } from "./exit_code.ts";
import { type RunOutcome, runOutcome } from "./run_outcome.ts";
import { ReadableRunView, type RunView, WireRunView } from "./run_view.ts";

/** Milliseconds a turn has to end after it was cancelled because of its time. */
const CANCEL_MS = 10_000;

/** What a run needs around it. */
export interface RunTurnOptions {
  /** Of the Pod. */
  name: string;
  client: PodClient;
  signals: ClientSignals;
  context: Context;
  asJson: boolean;
}

/** One run, from its submission to its end. */
export class RunTurn {
  readonly #name: string;
  readonly #client: PodClient;
  readonly #signals: ClientSignals;
  readonly #context: Context;
  readonly #view: RunView;
  #id: string | undefined;
  #isInterrupted = false;

  constructor(options: RunTurnOptions) {
    const { terminal } = options.context;
    this.#name = options.name;
    this.#client = options.client;
    this.#signals = options.signals;
    this.#context = options.context;
    this.#view = options.asJson ? new WireRunView(terminal) : new ReadableRunView(terminal);
  }

  /**
   * Submits a text and shows what comes of it.
   *
   * @throws {CliError} `failed` when the Pod refuses it, or the turn comes to no good end.
   */
  async run(
    text: string,
    options: { timeoutSeconds: number | undefined; isNew: boolean },
  ): Promise<ExitCode> {
    const { timeoutSeconds, isNew } = options;
    const heard: Event[] = [];
    const verdict = await runAndConfirm(this.#client, [{ kind: "text", content: text }], {
      signal: this.#signals.signal,
      onEvent: (event) => heard.push(event),
    });
    if (verdict.verdict !== "accepted") throw await this.#refused(verdict, heard);
    if (verdict.evidence === "id") this.#id = heard.at(-1)?.id;
    this.#signals.onInterrupt = () => this.#interrupt();
    using limit = new TimeLimit(timeoutSeconds, () => this.#cancel());
    try {
      const start = startOf(heard, this.#id, text);
      if (this.#view instanceof ReadableRunView) {
        await this.#introduce(isNew ? heard.slice(0, start) : []);
      }
      const outcome = await this.#follow(heard.slice(start), limit.signal);
      if (limit.isOver) throw limitError(timeoutSeconds!);
      return this.#exitCode(outcome);
    } catch (error) {
      if (limit.signal.aborted) throw limitError(timeoutSeconds!);
      if (!(error instanceof ClientError) || this.#signals.signal.aborted) throw error;
      const message = `Cannot finish the run: Pod "${this.#name}" ended before the turn had`;
      throw new CliError("failed", message, { cause: error });
    }
  }

  /** What a person should know before the answer: what was wrong at the start, and where this is. */
  async #introduce(before: readonly Event[]): Promise<void> {
    for (const event of before) if (event.event === "alert") await this.#view.show(event);
    const { cwd } = this.#client.greeting ?? {};
    if (cwd === undefined || cwd === this.#context.cwd) return;
    await this.#context.terminal.stderr.write(`yoi: Pod "${this.#name}" works in "${cwd}"\n`);
  }

  /** Shows events until one of them ends the turn. */
  async #follow(events: Event[], limit: AbortSignal): Promise<RunOutcome> {
    const signal = AbortSignal.any([this.#signals.signal, limit]);
    for (;;) {
      for (const event of events) {
        await this.#view.show(event);
        const outcome = runOutcome(event, this.#id, this.#name) ?? this.#missed(event);
        if (!outcome) continue;
        await this.#view.flush();
        return outcome;
      }
      await this.#view.flush();
      const next = await this.#client.nextEvent({ signal });
      if (!next) return { isDone: false, reason: "the Pod has shut down" };
      events = [next, ...this.#arrived()];
    }
  }

  /** Everything that has arrived, so that much text needs few writes. */
  #arrived(): Event[] {
    const events: Event[] = [];
    for (let event = this.#client.tryNextEvent(); event; event = this.#client.tryNextEvent()) {
      events.push(event);
    }
    return events;
  }

  /** A Pod that starts over for us may have left the end of our turn out. */
  #missed(event: Event): RunOutcome | undefined {
    if (event.event !== "snapshot" || event.data.status === "running") return undefined;
    const last = event.data.entries.findLast(isTerminator) as { kind: string } | undefined;
    return last?.kind === "run_completed"
      ? { isDone: true }
      : { isDone: false, reason: "the turn ended while this side was too slow to hear how" };
  }

  #exitCode({ isDone, reason }: RunOutcome): ExitCode {
    if (this.#isInterrupted) return EXIT.interrupted;
    if (isDone) return EXIT.done;
    throw new CliError("failed", `The run failed: ${reason}`);
  }

  async #refused(verdict: RunVerdict, heard: readonly Event[]): Promise<CliError> {
    if (verdict.verdict === "unknown") {
      const message = `Cannot run: ${verdict.error.message}; it is not known whether Pod ` +
        `"${this.#name}" took it`;
      return new CliError("failed", message, { cause: verdict.error });
    }
    const last = heard.at(-1);
    if (last?.event === "error" && this.#view instanceof WireRunView) await this.#view.show(last);
    await this.#view.flush();
    return new CliError("failed", "message" in verdict ? verdict.message : "The run was refused");
  }

  /** Cancels the turn; a second time there is nothing left to do but to leave. */
  #interrupt(): boolean {
    if (this.#isInterrupted) return false;
    this.#isInterrupted = true;
    this.#context.terminal.stderr.announce("\nyoi: cancelling; once more leaves at once\n");
    this.#cancel();
    return true;
  }

  #cancel(): void {
    // A connection that fails here is told by the waiting read.
    this.#client.send({ method: "cancel" }).catch(() => {});
  }
}

/** Cancels a turn that takes too long, and gives it up when that does not help. */
class TimeLimit implements Disposable {
  readonly signal: AbortSignal;
  isOver = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(seconds: number | undefined, onOver: () => void) {
    const abort = new AbortController();
    this.signal = abort.signal;
    if (seconds === undefined) return;
    this.#timer = setTimeout(() => {
      this.isOver = true;
      onOver();
      this.#timer = setTimeout(() => abort.abort(), CANCEL_MS);
    }, seconds * 1000);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}

function limitError(seconds: number): CliError {
  return new CliError("failed", `The run took longer than ${seconds} s and was cancelled`);
}

/**
 * Where the events of our own run begin: with its `invoke_start`, or with the snapshot that a Pod
 * has sent in its place because this side was behind.
 */
export function startOf(heard: readonly Event[], id: string | undefined, text: string): number {
  const own = heard.findLastIndex((event) =>
    event.event === "invoke_start" && (id === undefined || event.id === id)
  );
  if (own >= 0) return own;
  const again = heard.findLastIndex(({ event }) => event === "snapshot");
  if (again > heard.findIndex(({ event }) => event === "snapshot")) {
    const snapshot = heard[again];
    if (snapshot?.event === "snapshot" && lastSaid(snapshot.data.entries) === text) return again;
  }
  return Math.max(0, heard.length - 1);
}

function isTerminator(entry: unknown): boolean {
  const kind = typeof entry === "object" && entry !== null && "kind" in entry ? entry.kind : "";
  return kind === "run_completed" || kind === "run_errored";
}
