/** @module */

import { TicketError, type TicketErrorCode } from "./ticket_error.ts";

/**
 * What `work` gives; `undefined` where it is refused, or refused for one of these reasons only.
 * Mistakes of the program are not caught.
 */
export function unlessRefused<Value>(
  work: () => Value,
  ...reasons: readonly TicketErrorCode[]
): Value | undefined {
  try {
    return work();
  } catch (error) {
    const isMeant = error instanceof TicketError &&
      (reasons.length === 0 || reasons.includes(error.code));
    if (isMeant) return undefined;
    throw error;
  }
}
