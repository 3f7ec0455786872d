/** @module */

/** Where a supervisor has its time from; tests put one of their own in its place. */
export interface Clock {
  /** Whole milliseconds since 1970; never runs backwards. */
  now(): number;
  /**
   * Calls `callback` once, in `ms` milliseconds.
   *
   * @returns Takes the timer back; does nothing when it has run out.
   */
  startTimer(ms: number, callback: () => void): () => void;
}

/**
 * The time of the system, as it was when the process started, and its timers.
 *
 * @example
 * ```ts
 * import { systemClock } from "./clock.ts";
 * const over = Promise.withResolvers<void>();
 * const before = systemClock.now();
 * systemClock.startTimer(1, over.resolve);
 * await over.promise;
 * if (systemClock.now() < before) throw new Error("Cannot happen");
 * ```
 */
export const systemClock: Clock = {
  // Someone who sets the system's clock must not make a child look healthy, or old.
  now: () => Math.floor(performance.timeOrigin + performance.now()),
  startTimer(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
