import { assertEquals, assertThrows } from "@std/assert";
import { TicketError } from "../../lib/ticket/ticket_error.ts";
import { unlessRefused } from "../../lib/ticket/_unless_refused.ts";

function refuse(): never {
  throw TicketError.notFound("00001KT07NV00");
}

Deno.test("unlessRefused() gives what the work gives, and nothing for a refusal", () => {
  assertEquals(unlessRefused(() => 7), 7);
  assertEquals(unlessRefused(refuse), undefined);
  assertEquals(unlessRefused(refuse, "parse", "not_found"), undefined);
});

Deno.test("unlessRefused() lets other reasons and mistakes of the program through", () => {
  assertThrows(() => unlessRefused(refuse, "parse"), TicketError, "00001KT07NV00");
  const mistake = () => {
    throw new TypeError("a mistake");
  };
  assertThrows(() => unlessRefused(mistake), TypeError, "a mistake");
});
