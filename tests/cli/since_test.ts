import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { CliError } from "../../lib/cli/cli_error.ts";
import { parseSince } from "../../lib/cli/since.ts";
import { VERBS } from "../../lib/cli/verb_table.ts";

const NOW = Date.UTC(2026, 5, 10, 12);

Deno.test("parseSince() reads ages", () => {
  const hour = 3_600_000;
  assertEquals(parseSince("30s", NOW), NOW - 30_000);
  assertEquals(parseSince("90m", NOW), NOW - 1.5 * hour);
  assertEquals(parseSince("2h", NOW), NOW - 2 * hour);
  assertEquals(parseSince("3d", NOW), NOW - 72 * hour);
  assertEquals(parseSince("1w", NOW), NOW - 168 * hour);
});

Deno.test("parseSince() reads days and moments, without a zone in UTC", () => {
  assertEquals(parseSince("2026-06-01", NOW), Date.UTC(2026, 5, 1));
  assertEquals(parseSince("2026-06-01T08:00", NOW), Date.UTC(2026, 5, 1, 8));
  assertEquals(parseSince("2026-06-01T08:00:30Z", NOW), Date.UTC(2026, 5, 1, 8, 0, 30));
  assertEquals(parseSince("2026-06-01T08:00:00+09:00", NOW), Date.UTC(2026, 4, 31, 23));
});

Deno.test("parseSince() refuses what means no moment", () => {
  for (
    const word of [
      "",
      "yesterday",
      "h",
      "2x",
      "-2h",
      "2026-13-01",
      "2026-02-30",
      "2026-02-30T08:00:00Z",
      "2 toString",
      "2026",
      "999999999999d",
    ]
  ) {
    assertThrows(() => parseSince(word, NOW), CliError, `Cannot use --since "${word}"`);
  }
});

Deno.test("parseSince() refuses moments of years that no record can name", () => {
  const years = "the years 0000 to 9999";
  for (const word of ["9999999w", "110000w", "9999-12-31T23:59:59-01:00", "999999999999d"]) {
    const message = `Cannot use --since "${word}": it means no time in ${years}`;
    assertThrows(() => parseSince(word, NOW), CliError, message);
  }
  assertEquals(parseSince("0000-01-01", NOW), Date.parse("0000-01-01"));
  assertEquals(parseSince("9999-12-31T23:59:59Z", NOW), Date.UTC(9999, 11, 31, 23, 59, 59));
});

Deno.test("parseSince() and its help name every unit that people use", () => {
  const log = VERBS.find(({ name }) => name === "ticket log")!;
  const { summary } = log.flags.find(({ name }) => name === "since")!;
  for (const word of ["30s", "5m", "2h", "3d", "1w"]) {
    parseSince(word, NOW);
    assertStringIncludes(summary, word);
    assertThrows(() => parseSince("soon", NOW), CliError, word);
  }
});
