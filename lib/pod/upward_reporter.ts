/** @module */

import type { PodEvent } from "../protocol/pod_event.ts";
import { untilAborted, withinLimit } from "./waiting.ts";

/** Sends one report to the parent; it rejects when the parent cannot be reached. */
export type SendReport = (event: PodEvent, options: { signal: AbortSignal }) => Promise<void>;

/** Milliseconds one report may take in all. */
const REPORT_LIMIT_MS = 5_000;

/** How an {@linkcode UpwardReporter} works. */
export interface UpwardReporterOptions {
  /** Without it the Pod has no parent, and reports go nowhere. */
  send?: SendReport | undefined;
  /** Told of a report that was given up. */
  onFailure(event: PodEvent, error: unknown): void;
  /** Milliseconds one report may take in all; 5,000. */
  limitMs?: number | undefined;
}

/**
 * Tells the parent what happened, one report after the other, in order. A report that cannot be
 * delivered is given up and noted; the Pod never waits for one, except at its end.
 *
 * Source: controller specification, section 3.5, W15 and W39.
 */
export class UpwardReporter implements AsyncDisposable {
  readonly #options: UpwardReporterOptions;
  readonly #abort = new AbortController();
  #last: Promise<void> = Promise.resolve();

  /** Nothing is queued yet. */
  constructor(options: UpwardReporterOptions) {
    this.#options = options;
  }

  /** Queues a report. */
  report(event: PodEvent): void {
    const { send, onFailure } = this.#options;
    if (!send || this.#abort.signal.aborted) return;
    this.#last = this.#last.then(async () => {
      try {
        await this.#deliver(event, send);
      } catch (error) {
        onFailure(event, error);
      }
    });
  }

  /** Waits until everything queued so far was sent or given up, for `limitMs` milliseconds at most. */
  async flush(limitMs: number): Promise<void> {
    await withinLimit(this.#last, limitMs);
  }

  /** Gives up what is still queued. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort(new DOMException("The Pod has ended", "AbortError"));
    await this.#last;
  }

  /** A sender that ignores its signal does not hold up the reports behind it. */
  async #deliver(event: PodEvent, send: SendReport): Promise<void> {
    const limit = new AbortController();
    const { limitMs = REPORT_LIMIT_MS } = this.#options;
    const timer = setTimeout(
      () => limit.abort(new DOMException(`It took over ${limitMs} ms`, "TimeoutError")),
      limitMs,
    );
    const signal = AbortSignal.any([this.#abort.signal, limit.signal]);
    try {
      signal.throwIfAborted();
      await untilAborted(send(event, { signal }), signal);
    } finally {
      clearTimeout(timer);
    }
  }
}
