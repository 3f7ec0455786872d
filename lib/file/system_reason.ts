/** @module */

/**
 * Why a call of the runtime failed, without the name of the call and the paths that the runtime puts
 * at the end of its messages: whoever passes the reason on names the path itself.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { systemReason } from "./system_reason.ts";
 *
 * const error = new Error("Is a directory (os error 21): open '/notes'");
 * assertEquals(systemReason(error), "Is a directory (os error 21)");
 * ```
 */
export function systemReason(error: unknown): string {
  return error instanceof Error ? error.message.replace(CALL_AND_PATHS, "") : String(error);
}

/** A call that makes up a path of its own, such as that of a temporary file, is named alone. */
const CALL_AND_PATHS = /: \w+ '.*'$|(?<=\(os error \d+\)): \w+$/s;
