/** Waiting that an abort ends, and the promises an abort leaves behind. @module */

/** What {@linkcode untilAborted} gives when the signal fired first. */
export const ABORTED = Symbol("aborted");

/**
 * Waits for `work`, but not longer than until `signal` fires. The caller keeps owning `work`: after
 * an abort it hands it to {@linkcode Leftovers}.
 */
export async function untilAborted<T>(
  work: PromiseLike<T>,
  signal: AbortSignal,
): Promise<T | typeof ABORTED> {
  const aborted = Promise.withResolvers<typeof ABORTED>();
  const onAbort = () => aborted.resolve(ABORTED);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Waits `ms` milliseconds, or until `signal` fires; never rejects. */
export function delay(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = () => resolve();
  signal.addEventListener("abort", stop, { once: true });
  const timer = setTimeout(stop, ms);
  // Looked at last: the first `setTimeout` of a test lets microtasks run in the middle (Deno 2.9).
  if (signal.aborted) stop();
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  });
}

/** Told about a failure that came when nobody waited any more. */
export type LateFailureListener = (error: unknown) => void;

/** Owner of work that outlives the turn that started it. */
export class Leftovers {
  readonly #work = new Set<Promise<void>>();
  readonly #onFailure: LateFailureListener;

  constructor(onFailure: LateFailureListener) {
    this.#onFailure = onFailure;
  }

  /** How many pieces of work are still going on. */
  get size(): number {
    return this.#work.size;
  }

  /** Keeps `work` until it ends; its result is dropped, its failure reported. */
  keep(work: PromiseLike<unknown>): void {
    const kept = Promise.resolve(work)
      .then(() => {}, this.#onFailure)
      .finally(() => this.#work.delete(kept));
    this.#work.add(kept);
  }

  /** Waits until everything kept has ended, at most `ms` milliseconds. */
  async settle(ms: number): Promise<void> {
    const limit = new AbortController();
    const all = Promise.all(this.#work).then(() => limit.abort());
    await delay(ms, limit.signal);
    if (limit.signal.aborted) await all;
  }
}
