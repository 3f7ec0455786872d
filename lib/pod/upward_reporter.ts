/** @module */

import type { PodEvent } from "../protocol/pod_event.ts";
import { withinLimit } from "./owned_tasks.ts";

/** Sends one report to the parent; it rejects when the parent cannot be reached. */
export type SendReport = (event: PodEvent, options: { signal: AbortSignal }) => Promise<void>;

/** Milliseconds one report may take in all. */
const REPORT_LIMIT_MS = 5_000;

/**
 * Tells the parent what happened, one report after the other, in order. A report that cannot be
 * delivered is given up and noted; the Pod never waits for one, except at its end.
 *
 * Source: controller specification, section 3.5, W15 and W39.
 */
export class UpwardReporter implements AsyncDisposable {
  readonly #send: SendReport | undefined;
  readonly #onFailure: (event: PodEvent, error: unknown) => void;
  readonly #abort = new AbortController();
  #last: Promise<void> = Promise.resolve();

  /** @param send Without it the Pod has no parent, and reports go nowhere. */
  constructor(
    send: SendReport | undefined,
    onFailure: (event: PodEvent, error: unknown) => void,
  ) {
    this.#send = send;
    this.#onFailure = onFailure;
  }

  /** Queues a report. */
  report(event: PodEvent): void {
    const send = this.#send;
    if (!send || this.#abort.signal.aborted) return;
    this.#last = this.#last.then(async () => {
      try {
        const signal = AbortSignal.any([
          this.#abort.signal,
          AbortSignal.timeout(REPORT_LIMIT_MS),
        ]);
        await send(event, { signal });
      } catch (error) {
        this.#onFailure(event, error);
      }
    });
  }

  /** Waits until everything queued so far was sent or given up, for `limitMs` at most. */
  async flush(limitMs: number): Promise<void> {
    await withinLimit(this.#last, limitMs);
  }

  /** Gives up what is still queued. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort(new DOMException("The Pod has ended", "AbortError"));
    await this.#last;
  }
}
