/** @module */

import type { ProcessIdentity } from "../process/identity.ts";
import { Lineup } from "./_lineup.ts";
import { ChildRunner } from "./child_runner.ts";
import { statusOf } from "./child_state.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { ControlTarget } from "./control_target.ts";
import {
  type ChildEnd,
  exitCodeOf,
  reasonOfBrokenOutput,
  type SupervisorReason,
} from "./exit_code.ts";
import { Leftovers, MARK_VARIABLE } from "./leftovers.ts";
import { Observers, type SupervisorListener } from "./observers.ts";
import { lineForm, type OutputStream } from "./output_format.ts";
import { type OutputSink, SharedSink } from "./output_sink.ts";
import type { SupervisorStatus } from "./status.ts";
import {
  type CompleteChild,
  type CompleteConfig,
  completeConfig,
  type SupervisorConfig,
} from "./supervisor_config.ts";
import { SupervisorError } from "./supervisor_error.ts";
import type {
  ShutdownOptions,
  SupervisorOptions,
  SupervisorOutcome,
} from "./supervisor_options.ts";

/**
 * Runs children side by side, restarts them and stops them in order. It is owned: `await using`, or
 * {@linkcode Supervisor.shutdown}; after {@linkcode Supervisor.done} the process holds no descriptor,
 * timer, listener or process of it.
 *
 * A child is started when all that it starts after have been up once. When one of those ends for
 * good before it was up, the child is not started, an `error` event says so, and the supervisor goes
 * on with the others; a restart of the one that ended gives both another chance.
 *
 * @example
 * ```ts
 * import { Supervisor } from "./supervisor.ts";
 *
 * await using supervisor = Supervisor.start({
 *   children: [
 *     { name: "db", command: ["sh", "-c", "echo listening; sleep 60"], readyLine: "listening" },
 *     { name: "web", command: ["sleep", "60"], startAfter: ["db"] },
 *   ],
 * });
 * await supervisor.started;
 * const states = supervisor.status().children.map(({ state }) => state);
 * if (states.join() !== "ready,running") throw new Error("not started");
 * await supervisor.restart("web");
 * await supervisor.shutdown();
 * if ((await supervisor.done).code !== 0) throw new Error("not ended in order");
 * ```
 */
export class Supervisor implements ControlTarget, AsyncDisposable {
  /**
   * Resolves when every child was up once. Rejects with `given_up` when one of them will not come up
   * and with `shutting_down` when a shutdown began before. Nobody has to listen to it.
   */
  readonly started: Promise<void>;
  /** How it ended. Resolves when nothing is left; never rejects. */
  readonly done: Promise<SupervisorOutcome>;
  readonly #config: CompleteConfig;
  readonly #options: SupervisorOptions;
  readonly #clock: Clock;
  readonly #sinks: Readonly<Record<OutputStream, SharedSink>>;
  readonly #observers = new Observers((error) => this.#fault(error));
  readonly #lineup: Lineup;
  readonly #leftovers: Leftovers | undefined;
  readonly #hurry = new AbortController();
  readonly #started = Promise.withResolvers<void>();
  readonly #done = Promise.withResolvers<SupervisorOutcome>();
  readonly #onAbort = () => this.#begin({ kind: "asked" });
  #blocked: ReadonlySet<ChildRunner> = new Set();
  #isOpen = false;
  #isDone = false;
  #reason: SupervisorReason | undefined;
  #clearShutdownTimer: (() => void) | undefined;
  #isAdvancing = false;
  #hasChanged = false;

  private constructor(
    config: CompleteConfig,
    options: SupervisorOptions,
    leftovers: Leftovers | undefined,
  ) {
    this.#config = config;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#leftovers = leftovers;
    this.#sinks = shareSinks(options);
    this.#lineup = new Lineup(config.children.map((child) => this.#runnerOf(child)));
    this.started = this.#started.promise;
    this.started.catch(() => "told by the events too");
    this.done = this.#done.promise;
    if (options.onEvent) this.#observers.add(options.onEvent);
    for (const { closed } of new Set(Object.values(this.#sinks))) {
      closed.then((error) => this.#begin(reasonOfBrokenOutput(error)));
    }
    options.signal?.addEventListener("abort", this.#onAbort);
    if (options.signal?.aborted) this.#onAbort();
    this.#open().catch((error) => this.#fault(error));
  }

  /**
   * Starts the children, from the next turn of the event loop on.
   *
   * @throws {SupervisorError} `invalid_config`; `control`, when another supervisor keeps the record
   * of live processes. Nothing is started then.
   */
  static start(config: SupervisorConfig, options: SupervisorOptions = {}): Supervisor {
    const complete = completeConfig(config);
    const { leftoversPath } = options;
    const leftovers = leftoversPath === undefined ? undefined : Leftovers.open(leftoversPath);
    return new Supervisor(complete, options, leftovers);
  }

  /** What is known about the children now. */
  status(): SupervisorStatus {
    return { children: this.#lineup.runners.map(({ state }) => statusOf(state)) };
  }

  /**
   * Replaces a child's incarnation, or that of every child, side by side. Resolves when the new ones
   * are up. Requests that come while a restart of the child runs are one more restart together.
   *
   * @throws {SupervisorError} `unknown_child`; `given_up`, when the child will not come up;
   * `shutting_down`.
   */
  async restart(name?: string): Promise<void> {
    const runners = name === undefined ? this.#lineup.runners : [this.#find(name)];
    await Promise.all(runners.map((runner) => runner.restart()));
  }

  /**
   * Stops every child, in the reverse of the order of starts, and resolves when nothing is left. May
   * be called again at any time, also to cut a gentle shutdown short with `now`.
   */
  async shutdown(options: ShutdownOptions = {}): Promise<void> {
    const { now = false, signal } = options;
    this.#begin({ kind: "asked" });
    if (now) {
      if (signal && this.#reason?.kind === "asked") this.#reason = { kind: "forced", signal };
      this.#killAll();
    }
    await this.done;
  }

  /**
   * Tells `listener` what happens from now on, until the result is disposed. It must not wait, and
   * what it throws ends the supervisor.
   *
   * @param options `lines`: printed lines too.
   */
  observe(listener: SupervisorListener, options: { lines?: boolean } = {}): Disposable {
    return this.#observers.add(listener, options);
  }

  /** {@linkcode Supervisor.shutdown}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  /** Ends what an earlier supervisor left; then the first children may start. */
  async #open(): Promise<void> {
    try {
      const { path, setAside } = this.#leftovers ?? {};
      if (setAside !== undefined) {
        this.#tellError(`Cannot read the live processes in "${path}": it is now "${setAside}"`);
      }
      const ended = await this.#leftovers?.end((name) => {
        const config = this.#lineup.get(name)?.config;
        return {
          signal: config?.stopSignal ?? "SIGTERM",
          graceMs: config?.stopTimeoutMs ?? 5_000,
        };
      }, { hurry: this.#hurry.signal });
      for (const { name, pid } of ended ?? []) {
        this.#tellError(`Ended "${name}" (pid ${pid}), which a killed supervisor had left running`);
      }
    } catch (error) {
      this.#fault(error);
    }
    this.#isOpen = true;
    this.#advance();
  }

  #runnerOf(child: CompleteChild): ChildRunner {
    const { name } = child;
    const { format = "plain", colour = false } = this.#options;
    const clock = this.#clock;
    return new ChildRunner(this.#marked(child), {
      sinks: this.#sinks,
      form: (stream, pid) => lineForm({ format, colour, child: name, pid, stream, now: clock.now }),
      follow: (stream, pid) => this.#observers.lineTeller(name, pid, stream, clock),
      clock,
      onEvent: (event) => this.#observers.tell(event),
      onSpawned: (identity) => this.#record(name, identity),
      onOver: () => this.#record(name, undefined),
      onChange: () => this.#advance(),
      onFault: (error) => this.#fault(error),
    });
  }

  /** The child, so that what it starts can be told from everything else later. */
  #marked(child: CompleteChild): CompleteChild {
    if (!this.#leftovers) return child;
    return { ...child, env: { [MARK_VARIABLE]: this.#leftovers.mark, ...child.env } };
  }

  /** Does what the order of starts and stops allows now, until nothing changes any more. */
  #advance(): void {
    this.#hasChanged = true;
    if (this.#isAdvancing) return;
    this.#isAdvancing = true;
    while (this.#hasChanged) {
      this.#hasChanged = false;
      try {
        this.#lineup.note();
        if (this.#reason) this.#stopNext();
        else if (this.#isOpen) this.#startNext();
        this.#settleStarted();
      } catch (error) {
        this.#fault(error);
      }
    }
    this.#isAdvancing = false;
    if (this.#reason && this.#isOpen && this.#lineup.isAtRest()) this.#finish(this.#reason);
  }

  #startNext(): void {
    for (const runner of this.#lineup.startable()) runner.dispatch({ type: "start" });
    if (this.#hasChanged) return;
    const ends = this.#endings();
    const critical = this.#config.children.findIndex((child, at) => child.critical && ends[at]);
    const end = ends[critical];
    if (end) {
      this.#begin({ kind: "critical_child", child: this.#config.children[critical]!.name, end });
    } else if (ends.every((end) => end !== undefined)) {
      this.#begin({ kind: "all_ended", ends });
    }
  }

  /** How each child ended for good; one that can never start has ended like what it waits for. */
  #endings(): (ChildEnd | undefined)[] {
    const blocked = this.#lineup.blocked();
    for (const [runner, { config }] of blocked) {
      const error = cannotStart(runner, `"${config.name}" ended before it was up`);
      runner.rejectWaiters(error);
      if (!this.#blocked.has(runner)) this.#tellError(error.message);
    }
    this.#blocked = new Set(blocked.keys());
    return this.#lineup.runners.map((runner) => {
      const end = blocked.get(runner)?.end;
      return end ? { ...end, isGivenUp: true } : runner.end;
    });
  }

  #stopNext(): void {
    for (const runner of this.#lineup.runners) {
      if (!runner.state.isClosed) runner.dispatch({ type: "close" });
    }
    for (const runner of this.#lineup.stoppable()) {
      if (runner.state.phase !== "stopping") runner.dispatch({ type: "stop" });
    }
  }

  #settleStarted(): void {
    const late = this.#lineup.runners.filter((runner) => !this.#lineup.wasUp(runner));
    if (late.length === 0) return this.#started.resolve();
    const error = this.#whyNotStarted(late);
    if (error !== undefined) this.#started.reject(error);
  }

  #whyNotStarted(late: readonly ChildRunner[]): unknown {
    switch (this.#reason?.kind) {
      case "fault":
        return this.#reason.error;
      case "asked":
      case "forced":
      case "output_closed":
        return new SupervisorError(
          "shutting_down",
          "Cannot start the children: the supervisor is shutting down",
        );
    }
    const dead = late.find((runner) => runner.end || this.#blocked.has(runner));
    return dead && cannotStart(dead, "it ended before it was up");
  }

  /** Begins the shutdown; the first reason stands. */
  #begin(reason: SupervisorReason): void {
    if (this.#reason) return;
    this.#reason = reason;
    const { shutdownTimeoutMs } = this.#config;
    this.#clearShutdownTimer = this.#clock.startTimer(shutdownTimeoutMs, () => this.#killAll());
    this.#advance();
  }

  #killAll(): void {
    this.#hurry.abort();
    for (const runner of this.#lineup.runners) runner.dispatch({ type: "stop", isForced: true });
  }

  #finish(reason: SupervisorReason): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#clearShutdownTimer?.();
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    try {
      this.#leftovers?.[Symbol.dispose]();
    } catch (error) {
      reason = { kind: "fault", error };
    }
    this.#done.resolve({ code: exitCodeOf(reason), reason });
  }

  #fault(error: unknown): void {
    this.#begin({ kind: "fault", error });
  }

  /** Keeps the record of live processes; a disk that is full ends no child. */
  #record(name: string, identity: ProcessIdentity | undefined): void {
    try {
      if (identity) this.#leftovers?.add(name, identity);
      else this.#leftovers?.delete(name);
    } catch (error) {
      this.#tellError(error instanceof Error ? error.message : String(error));
    }
  }

  #tellError(message: string): void {
    this.#observers.tell({ event: "error", data: { message } });
  }

  #find(name: string): ChildRunner {
    const runner = this.#lineup.get(name);
    if (runner) return runner;
    throw new SupervisorError("unknown_child", `Cannot restart "${name}": there is no such child`);
  }
}

function shareSinks(options: SupervisorOptions): Record<OutputStream, SharedSink> {
  const nowhere: OutputSink = { write: () => Promise.resolve() };
  const { stdout = nowhere, stderr = nowhere } = options;
  const shared = new SharedSink(stdout);
  return { stdout: shared, stderr: stderr === stdout ? shared : new SharedSink(stderr) };
}

function cannotStart(runner: ChildRunner, reason: string): SupervisorError {
  return new SupervisorError("given_up", `Cannot start "${runner.config.name}": ${reason}`);
}
