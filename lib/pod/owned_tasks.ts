/** @module */

import { LIMIT_REACHED, withinLimit } from "./waiting.ts";

/** How {@linkcode OwnedTasks} are kept. */
export interface OwnedTasksOptions {
  /** Told of a task that failed; not of one that failed because it was aborted. */
  onFailure(name: string, error: unknown): void;
  /** Milliseconds an aborted task has to end before it is left behind; 1,000. */
  abortLimitMs?: number | undefined;
}

/**
 * Tasks that run beside their owner and end with it: each is kept, aborted and awaited on disposal,
 * and its failure reaches somebody.
 */
export class OwnedTasks implements AsyncDisposable {
  readonly #running = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  readonly #options: OwnedTasksOptions;

  /** No tasks yet. */
  constructor(options: OwnedTasksOptions) {
    this.#options = options;
  }

  /** Starts a task, unless the owner has ended; `name` says in a failure report what it was about. */
  start(name: string, work: (signal: AbortSignal) => Promise<void>): void {
    const { signal } = this.#abort;
    if (signal.aborted) return;
    const task = (async () => {
      try {
        await work(signal);
      } catch (error) {
        if (!signal.aborted) this.#options.onFailure(name, error);
      }
    })();
    const tracked = task.finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }

  /** Waits until nothing runs, for `limitMs` milliseconds at most; says whether that came true. */
  async idle(limitMs: number): Promise<boolean> {
    if (this.#running.size === 0) return true;
    return await withinLimit(Promise.all(this.#running), limitMs) !== LIMIT_REACHED;
  }

  /** Aborts what runs and waits for it; a task that ignores that is left behind. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort(new DOMException("The owner of the task has ended", "AbortError"));
    await this.idle(this.#options.abortLimitMs ?? 1_000);
  }
}
