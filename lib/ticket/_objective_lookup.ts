/** @module */

import { ambiguityOf } from "./_lookup.ts";
import { isRecordId } from "./record_id.ts";
import { TicketError } from "./ticket_error.ts";

/**
 * The id of the objective that a reader means: the whole id, or the beginning of exactly one.
 *
 * @param names What lies in the folder of the objectives; what is no record id is no objective.
 * @throws {TicketError} `invalid_component` for a text that can be no folder's name, `not_found` also
 * for what means several objectives.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findObjective } from "./_objective_lookup.ts";
 *
 * assertEquals(findObjective("00001KTK0", ["00001KTK0A000", "README.md"]), "00001KTK0A000");
 * ```
 */
export function findObjective(query: string, names: readonly string[]): string {
  if (/^\.{0,2}$|[/\\\0]/.test(query)) {
    throw new TicketError("invalid_component", `invalid objective filename component: ${query}`);
  }
  const ids = names.filter((name) => isRecordId(name) && name.startsWith(query));
  // A whole id is the beginning of no other one: all have the same length.
  if (ids.length === 1) return ids[0]!;
  const hint = ids.length === 0 ? "" : ` (${ambiguityOf(ids)})`;
  throw new TicketError("not_found", `objective not found: ${query}${hint}`);
}
