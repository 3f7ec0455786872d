import { assertEquals } from "@std/assert";
import { findObjective } from "../../lib/ticket/_objective_lookup.ts";
import { assertTicketError } from "./_assert_ticket_error.ts";

const IDS = Array.from({ length: 7 }, (_, index) => `00001KTK0A00${index}`);

Deno.test("findObjective() finds whole ids and unique beginnings among record ids alone", () => {
  const names = ["README.md", "00001KTK0A00X-old", ...IDS, "00001KT07NV00"];
  assertEquals(findObjective(IDS[3]!, names), IDS[3]);
  assertEquals(findObjective("00001KT0", names), "00001KT07NV00");
  for (const query of ["README.md", "9", "00001KTK0A00X-old", "00001ktk0a000"]) {
    assertTicketError(() => findObjective(query, names), "not_found", "objective not found: ");
  }
});

Deno.test("findObjective() names some of the objectives that a beginning could mean", () => {
  assertTicketError(
    () => findObjective("00001K", IDS.toReversed()),
    "not_found",
    `objective not found: 00001K (it could be ${IDS.slice(0, 5).join(", ")} and 2 more)`,
  );
});

Deno.test("findObjective() refuses what can be no name of a folder", () => {
  for (const query of ["", ".", "..", "a/b", "a\\b", "a\0b"]) {
    assertTicketError(() => findObjective(query, IDS), "invalid_component", "objective filename");
  }
});
