/** @module */

/**
 * Tasks that run beside their owner and end with it: each is kept, aborted and awaited on disposal,
 * and its failure reaches `onFailure`.
 */
export class OwnedTasks implements AsyncDisposable {
  readonly #running = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  readonly #onFailure: (name: string, error: unknown) => void;

  constructor(onFailure: (name: string, error: unknown) => void) {
    this.#onFailure = onFailure;
  }

  /** Fires when the tasks have to end. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Starts a task; `name` says in a failure report what it was about. */
  start(name: string, work: (signal: AbortSignal) => Promise<void>): void {
    const task = (async () => {
      try {
        await work(this.#abort.signal);
      } catch (error) {
        if (!this.#abort.signal.aborted) this.#onFailure(name, error);
      }
    })();
    const tracked = task.finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }

  /** Waits until nothing runs, for `limitMs` at most; says whether that came true. */
  async idle(limitMs: number): Promise<boolean> {
    if (this.#running.size === 0) return true;
    return await withinLimit(Promise.all(this.#running), limitMs) !== LIMIT_REACHED;
  }

  /** Aborts what runs and waits for it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort(new DOMException("The owner of the task has ended", "AbortError"));
    await Promise.all(this.#running);
  }
}

/** What {@linkcode withinLimit} gives when the time is over. */
export const LIMIT_REACHED: unique symbol = Symbol("limit reached");

/** The result of `work`, or {@linkcode LIMIT_REACHED} after `limitMs`; `work` itself goes on. */
export async function withinLimit<T>(
  work: Promise<T>,
  limitMs: number,
): Promise<T | typeof LIMIT_REACHED> {
  const { promise, resolve } = Promise.withResolvers<typeof LIMIT_REACHED>();
  const timer = setTimeout(() => resolve(LIMIT_REACHED), limitMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
