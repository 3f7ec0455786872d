/** @module */

/** A "not found" that knows no more, or only which letter it cannot take. */
const NOT_FOUND = /^(\w+ not found: (\w+))(?: \(record id holds .*\))?$/s;
/** A whole id or its beginning. */
const ID = /^\d[0-9A-HJKMNP-TV-Z]*$/;

/**
 * A message about a record that is not found, with a hint where the name is an id but for its small
 * letters; other messages as they are.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { withIdHint } from "./id_hint.ts";
 *
 * const message = withIdHint("ticket not found: 00001kt07nv00");
 * assert(message.endsWith(": 00001kt07nv00 (ids are upper case: 00001KT07NV00)"));
 * ```
 */
export function withIdHint(message: string): string {
  const [, start, query = ""] = NOT_FOUND.exec(message) ?? [];
  const id = query.toUpperCase();
  if (id === query || !ID.test(id)) return message;
  return `${start} (ids are upper case: ${id})`;
}
