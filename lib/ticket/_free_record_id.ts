/**
 * Ids that nobody has yet.
 *
 * Source: tickets specification, section 4.
 *
 * @module
 */

import { lookAt } from "./_regular_file.ts";
import { encodeRecordId } from "./record_id.ts";
import { TicketError } from "./ticket_error.ts";

/** How many milliseconds an id may lie beyond the one that is wanted. */
export const MAX_PROBES = 1000;

/** The id of a millisecond, or of the next one that is not taken; `undefined` when all are. */
export function freeRecordId(
  milliseconds: number,
  isTaken: (id: string) => boolean,
): string | undefined {
  for (let probe = 0; probe <= MAX_PROBES; probe++) {
    const id = encodeRecordId(milliseconds + probe);
    if (!isTaken(id)) return id;
  }
}

/**
 * The id for a record that is made now, of whose name nothing is in the root yet.
 *
 * @param milliseconds What the clock says, whole.
 * @throws {TicketError} `conflict` when no id is free, or for a time that no id can say.
 */
export function newRecordId(root: string, milliseconds: number): string {
  try {
    const id = freeRecordId(milliseconds, (id) => lookAt(`${root}/${id}`) !== undefined);
    if (id !== undefined) return id;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw TicketError.conflict(`the clock gives no record id: ${cause.message}`, { cause });
  }
  throw TicketError.conflict(`no free record id within ${MAX_PROBES} ms of the clock`);
}
