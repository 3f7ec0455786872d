/** @module */

/**
 * Notices a write that makes no progress. One timer at most, and none while nothing is written.
 *
 * Source: protocol specification, P7.
 */
export class WriteWatchdog implements Disposable {
  readonly #limitMs: number;
  readonly #onStall: () => void;
  #startedAt: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param limitMs Milliseconds one write may take.
   * @param onStall Told once for each write that takes longer.
   */
  constructor(limitMs: number, onStall: () => void) {
    this.#limitMs = limitMs;
    this.#onStall = onStall;
  }

  /** A write begins. */
  begin(): void {
    this.#startedAt = performance.now();
    this.#timer ??= setTimeout(() => this.#check(), this.#limitMs);
  }

  /** The write has ended. */
  end(): void {
    this.#startedAt = undefined;
  }

  /** Watches no more. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #check(): void {
    this.#timer = undefined;
    if (this.#startedAt === undefined) return;
    const left = this.#startedAt + this.#limitMs - performance.now();
    if (left <= 0) this.#onStall();
    else this.#timer = setTimeout(() => this.#check(), left);
  }
}
