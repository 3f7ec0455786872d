/**
 * Waiting that always ends.
 *
 * @module
 */

/** What {@linkcode withinLimit} gives when the time is over. */
export const LIMIT_REACHED: unique symbol = Symbol("limit reached");

/**
 * The result of `work`, or {@linkcode LIMIT_REACHED} after `limitMs` milliseconds; `work` itself goes
 * on, and what it throws after that is nobody's concern.
 */
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

/** The result of `work`; rejects at once when the signal fires, whatever `work` does then. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, work]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
