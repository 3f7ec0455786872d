import { assertEquals } from "@std/assert";
import { isTimestamp, recordClock, timestamp } from "../../lib/ticket/_timestamp.ts";
import { assertTicketError } from "./_assert_ticket_error.ts";

Deno.test("timestamp() gives UTC with whole seconds", () => {
  assertEquals(timestamp(1_780_272_000_999), "2026-06-01T00:00:00Z");
});

Deno.test("isTimestamp() accepts UTC with seconds on a day that exists", () => {
  const right = ["2026-06-01T00:00:00Z", "2024-02-29T23:59:59Z", "2026-12-31T10:20:30Z"];
  const wrong = [
    "",
    "2026-06-01",
    "2026-06-01T00:00:00",
    "2026-06-01T00:00:00+09:00",
    "2026-06-01T00:00:00.5Z",
    "2026-06-01 00:00:00Z",
    " 2026-06-01T00:00:00Z",
    "2026-06-01T00:00:00Z\n",
    "2026-13-01T00:00:00Z",
    "2026-00-10T00:00:00Z",
    "2026-06-31T00:00:00Z",
    "2026-02-29T00:00:00Z",
    "2026-06-01T24:00:00Z",
    "2026-06-01T00:60:00Z",
  ];
  assertEquals(right.filter((text) => !isTimestamp(text)), []);
  assertEquals(wrong.filter(isTimestamp), []);
});

Deno.test("recordClock() gives whole milliseconds of the years that records can hold, and nothing else", () => {
  const right = [-62_167_219_200_000, -1, 0.5, 1_780_272_000_000.75, 253_402_300_799_999.9];
  for (const time of right) {
    assertEquals(recordClock(() => time)(), Math.floor(time));
    assertEquals(isTimestamp(timestamp(recordClock(() => time)())), true);
  }
  for (
    const time of [1_780_272_000_000_000, -62_167_219_200_001, 253_402_300_800_000, NaN, Infinity]
  ) {
    assertTicketError(recordClock(() => time), "conflict", "the clock does not give milliseconds");
  }
});
