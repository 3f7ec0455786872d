import { assertEquals } from "@std/assert";
import { freeRecordId, newRecordId } from "../../lib/ticket/_free_record_id.ts";
import { encodeRecordId } from "../../lib/ticket/record_id.ts";
import { assertTicketError } from "./_assert_ticket_error.ts";
import { withRoot } from "./_ticket_root.ts";

const NOW = 1_780_272_000_000;

Deno.test("freeRecordId() goes on to the next millisecond, a thousand times at most", () => {
  const taken = (count: number) => (id: string) => id < encodeRecordId(NOW + count);
  assertEquals(freeRecordId(NOW, taken(0)), encodeRecordId(NOW));
  assertEquals(freeRecordId(NOW, taken(1_000)), encodeRecordId(NOW + 1_000));
  assertEquals(freeRecordId(NOW, taken(1_001)), undefined);
});

Deno.test("newRecordId() passes over whatever lies in the root, and refuses a clock before 1970", async () => {
  await withRoot((root) => {
    Deno.writeTextFileSync(`${root}/${encodeRecordId(NOW)}`, "");
    Deno.symlinkSync("nowhere", `${root}/${encodeRecordId(NOW + 1)}`);
    assertEquals(newRecordId(root, NOW), encodeRecordId(NOW + 2));
    assertTicketError(() => newRecordId(root, -1), "conflict", "the clock is before 1970");
  });
});
