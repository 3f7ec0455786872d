/** @module */

import type { Event } from "../protocol/event.ts";

/** How the turn of a run ended. */
export interface RunOutcome {
  isDone: boolean;
  /** Why it is not done, for people. */
  reason?: string;
}

/** Refusals that a Pod may say to all clients while our turn runs, meant for another one. */
const REFUSALS = new Set(["already_running", "not_running", "not_paused", "invalid_request"]);

/**
 * What an event means for the end of our run; nothing when the turn goes on.
 *
 * @param id The run's id, when the Pod repeats ids.
 * @param name Of the Pod, for the advice.
 */
export function runOutcome(
  event: Event,
  id: string | undefined,
  name: string,
): RunOutcome | undefined {
  switch (event.event) {
    case "shutdown":
      return failed("the Pod shut down before the turn had ended");
    case "run_end":
      break;
    case "error":
      if (id === undefined ? REFUSALS.has(event.data.code) : event.id !== id) return undefined;
      return failed(event.data.message);
    default:
      return undefined;
  }
  switch (event.data.result) {
    case "finished":
    case "limit_reached":
      return { isDone: true };
    case "paused":
      return failed(`the turn was paused; "yoi resume ${name}" goes on with it`);
    case "rolled_back":
      return failed("the turn came to nothing and was taken out of the session again");
  }
}

function failed(reason: string): RunOutcome {
  return { isDone: false, reason };
}
