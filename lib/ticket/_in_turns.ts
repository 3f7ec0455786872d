/** @module */

import { nextTurn } from "./_event_loop.ts";

/** Milliseconds that a long reading keeps the thread for itself. */
const TURN_MS = 25;

/** Goes through a list and lets others run whenever that has taken a while. */
export async function* inTurns<Value>(
  values: Iterable<Value>,
  options: { signal?: AbortSignal | undefined } = {},
): AsyncGenerator<Value> {
  let turnEnds = performance.now() + TURN_MS;
  for (const value of values) {
    options.signal?.throwIfAborted();
    if (performance.now() > turnEnds) {
      await nextTurn();
      turnEnds = performance.now() + TURN_MS;
    }
    yield value;
  }
  options.signal?.throwIfAborted();
}
