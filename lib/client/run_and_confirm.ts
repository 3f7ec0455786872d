/** Submitting a run and learning what became of it. Source: protocol specification, section 5.3. @module */

import { encodeMethod } from "../protocol/encode.ts";
import type { ErrorCode, Event, EventOf } from "../protocol/event.ts";
import type { Segment } from "../protocol/segment.ts";
import { Deadline } from "./_deadline.ts";
import { ClientError } from "./error.ts";
import type { PodClient } from "./pod_client.ts";

/** What became of a submission. */
export type RunVerdict =
  /**
   * The Pod took it. `evidence` tells from what that is known: our own `id` on an event, a
   * `user_message` with the same segments, or only that the Pod became active and nothing spoke
   * against it until the time was over.
   */
  | { verdict: "accepted"; evidence: "id" | "user_message" | "activity" }
  /** A turn is running; a later attempt may succeed. */
  | { verdict: "busy"; message: string }
  /** The Pod refused it. */
  | { verdict: "refused"; code: ErrorCode; message: string }
  /** The connection failed or the time was over: it may or may not have been delivered. */
  | { verdict: "unknown"; error: ClientError };

/** Options of {@linkcode runAndConfirm}. */
export interface RunAndConfirmOptions {
  /**
   * Milliseconds until the verdict is `unknown`, 10,000 if not given. Begins anew when the Pod
   * becomes active or compacts before the turn.
   */
  timeoutMs?: number;
  /** Gives the attempt up, which then rejects; the run may be on its way. */
  signal?: AbortSignal;
  /** Gets every event that was read on the way, in order; nobody else will see it. */
  onEvent?: (event: Event) => void;
}

/**
 * Submits `input` and reads events until it is known what became of it. If the client has not
 * handed out a snapshot yet, it is read first. Nobody else may take events in the meantime.
 *
 * The run carries an `id`, which Pods that know it repeat; with others segments are compared, so
 * somebody else's run at the same moment is not taken for ours.
 *
 * @throws {ClientError} `aborted`, when the signal is; everything else is a verdict.
 */
export async function runAndConfirm(
  client: PodClient,
  input: Segment[],
  options: RunAndConfirmOptions = {},
): Promise<RunVerdict> {
  const { timeoutMs = 10_000, signal, onEvent } = options;
  using deadline = new Deadline(timeoutMs, "confirm the run", signal);
  const read = async (): Promise<Event> => {
    const event = await client.nextEvent({ signal: deadline.signal });
    if (!event) throw new ClientError("ended", "Cannot confirm the run: the Pod has shut down");
    onEvent?.(event);
    return event;
  };
  let judge: RunJudge | undefined;
  try {
    while (!client.greeting) {
      const event = await read();
      if (event.event === "error") return refusal(event);
    }
    // What has arrived by now is older than the run and says nothing about it.
    for (let event = client.tryNextEvent(); event; event = client.tryNextEvent()) onEvent?.(event);

    judge = new RunJudge(crypto.randomUUID(), input, client.status === "running");
    const { id } = judge;
    const sending = client.send({ method: "run", params: { input }, id }, {
      signal: deadline.signal,
    });
    // Read while the line goes out, however large it is; a failed write ends the reading.
    sending.catch((error) => deadline.fire(error));
    for (;;) {
      const verdict = judge.hear(await read());
      if (verdict === "progress") deadline.restart(timeoutMs);
      else if (verdict) return verdict;
    }
  } catch (error) {
    if (!(error instanceof ClientError) || signal?.aborted) throw error;
    if (error.code === "timeout" && judge?.sawActivity) {
      return { verdict: "accepted", evidence: "activity" };
    }
    return { verdict: "unknown", error };
  }
}

/** Decides from the events behind a run whether it was taken. */
class RunJudge {
  /** Whether the Pod became active since, and it was not for somebody else's run. */
  sawActivity = false;
  readonly #text: string;
  #isRunning: boolean;

  constructor(readonly id: string, input: Segment[], isRunning: boolean) {
    this.#isRunning = isRunning;
    this.#text = canonicalInput(input);
  }

  /** The verdict, or that the Pod works at what comes before one, or nothing. */
  hear(event: Event): RunVerdict | "progress" | undefined {
    if (event.id !== undefined) {
      if (event.id !== this.id) return undefined;
      if (event.event === "error") return refusal(event);
      return { verdict: "accepted", evidence: "id" };
    }
    switch (event.event) {
      case "error":
        // A running turn of somebody else may fail at this moment; the answer to us is another one.
        if (this.#isRunning && !isRefusalWhileRunning(event.data.code)) return undefined;
        return refusal(event);
      case "user_message":
        if (canonicalInput(event.data.segments) === this.#text) {
          return { verdict: "accepted", evidence: "user_message" };
        }
        this.sawActivity = false;
        this.#isRunning = true;
        return undefined;
      case "status":
        if (event.data.status === "running") return this.#activity();
        this.#isRunning = false;
        return undefined;
      case "invoke_start":
        return event.data.kind === "user_send" ? this.#activity() : undefined;
      case "turn_start":
        return this.#activity();
      case "snapshot":
        // This side was too slow and starts over: what it missed is in the entries.
        if (event.data.status !== "running") return undefined;
        return this.#holdsInput(event.data.entries) ? this.#activity() : undefined;
      case "compact_start":
        return "progress";
      default:
        return undefined;
    }
  }

  /** Whether the last submission in a log is ours, or one just like it. */
  #holdsInput(entries: readonly unknown[]): boolean {
    const isInput = (entry: unknown): entry is { segments: Segment[] } =>
      typeof entry === "object" && entry !== null && "kind" in entry &&
      entry.kind === "user_input" && "segments" in entry && Array.isArray(entry.segments);
    const last = entries.findLast(isInput);
    return last !== undefined && canonicalInput(last.segments) === this.#text;
  }

  #activity(): "progress" | undefined {
    if (this.#isRunning || this.sawActivity) return undefined;
    this.sawActivity = true;
    return "progress";
  }
}

function refusal({ data: { code, message } }: EventOf<"error">): RunVerdict {
  return code === "already_running"
    ? { verdict: "busy", message }
    : { verdict: "refused", code, message };
}

/** Codes with which a Pod refuses a run while it is running; others report on its turn. */
function isRefusalWhileRunning(code: ErrorCode): boolean {
  return code === "already_running" || code === "invalid_request";
}

/** Equal for inputs that a Pod would repeat as the same: unknown segments lose their content. */
function canonicalInput(input: Segment[]): string {
  return encodeMethod({ method: "run", params: { input } });
}
