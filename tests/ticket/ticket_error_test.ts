import { assertEquals } from "@std/assert";
import { TicketError } from "../../lib/ticket/ticket_error.ts";

Deno.test("TicketError has no path and no line where there is none", () => {
  const keys = (error: TicketError) => Object.keys(error).filter((key) => key !== "name").sort();
  assertEquals(keys(TicketError.notFound("x")), ["code"]);
  assertEquals(keys(TicketError.conflict("x", { path: undefined, line: undefined })), ["code"]);
  assertEquals(keys(TicketError.parse("a", "x", { line: 3 })), ["code", "line", "path"]);
});
