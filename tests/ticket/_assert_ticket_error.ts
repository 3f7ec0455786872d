import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { TicketError, type TicketErrorCode } from "../../lib/ticket/ticket_error.ts";

/** Runs `run`, which has to throw a {@linkcode TicketError} of this code with `words` in it. */
export function assertTicketError(
  run: () => unknown,
  code: TicketErrorCode,
  words: string,
): TicketError {
  const error = assertThrows(run);
  assert(error instanceof TicketError, String(error));
  assertEquals(error.code, code);
  assertStringIncludes(error.message, words);
  return error;
}
