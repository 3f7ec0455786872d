import { assertEquals } from "@std/assert";
import { isTimestamp, timestamp } from "../../lib/ticket/_timestamp.ts";

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
