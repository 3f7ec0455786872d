import { assert, assertEquals } from "@std/assert";
import { isUuid, UuidSource } from "../../lib/session/mod.ts";

Deno.test("UuidSource.next() makes rising version 7 ids within one millisecond", () => {
  const source = new UuidSource({ now: () => 1_760_000_000_010 });
  const ids = Array.from({ length: 10_000 }, () => source.next());
  assertEquals(ids, [...new Set(ids)].sort());
  for (const id of ids) assert(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-/.test(id));
  assertEquals(parseInt(ids[0]!.replace("-", "").slice(0, 12), 16), 1_760_000_000_010);
});

Deno.test("UuidSource.next() goes on rising when the clock steps back", () => {
  const times = [2000, 1000, 1500, 2001];
  const source = new UuidSource({ now: () => times.shift()!, random: (bytes) => bytes.fill(255) });
  const ids = times.slice().map(() => source.next());
  assertEquals(ids, [...ids].sort());
  assertEquals(ids[0], "00000000-07d0-73ff-bfff-ffffffffffff");
});

Deno.test("isUuid() takes hyphenated ids only", () => {
  assert(isUuid("01980000-0000-7000-8000-0000000000A1"));
  for (
    const text of [
      "",
      "01980000000070008000000000000001",
      "01980000-0000-7000-8000-00000000000",
      "x",
    ]
  ) {
    assertEquals(isUuid(text), false, text);
  }
});
