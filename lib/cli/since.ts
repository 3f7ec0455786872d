/** @module */

import { CliError } from "./cli_error.ts";

const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
/** A day, or a moment of it; without a zone both are meant in UTC, as records are. */
const MOMENT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Records write years with four digits. */
const EARLIEST = Date.parse("0000-01-01T00:00:00Z");
const LATEST = Date.parse("9999-12-31T23:59:59.999Z");

/**
 * The moment that a word means, in milliseconds since the Unix epoch: `2h` ago, or `2026-06-01`.
 *
 * @param now In milliseconds since the Unix epoch.
 * @throws {CliError} `usage` when it means none.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { parseSince } from "./since.ts";
 *
 * assert(parseSince("2h", 10_000_000) === 2_800_000);
 * assert(parseSince("2026-06-01", 0) === Date.UTC(2026, 5, 1));
 * ```
 */
export function parseSince(word: string, now: number): number {
  const moment = momentOf(word, now);
  if (moment >= EARLIEST && moment <= LATEST) return moment;
  const fault = Number.isNaN(moment)
    ? "it takes 30s, 5m, 2h, 3d, 1w, 2026-06-01 or 2026-06-01T08:00:00Z"
    : "it means no time in the years 0000 to 9999";
  throw new CliError("usage", `Cannot use --since "${word}": ${fault}`);
}

/** The moment that a word means; `NaN` when it has no meaning. */
function momentOf(word: string, now: number): number {
  const [, count, unit = ""] = /^(\d+) ?([a-z]+)$/.exec(word) ?? [];
  const length = Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
  if (count !== undefined && length !== undefined) return now - Number(count) * length;
  const [, time, , , zone] = MOMENT.exec(word) ?? [];
  if (!MOMENT.test(word) || !isDay(word.slice(0, 10))) return NaN;
  return Date.parse(time !== undefined && zone === undefined ? `${word}Z` : word);
}

/** Whether a calendar has a day: a Date takes February 30th for March 2nd. */
function isDay(day: string): boolean {
  const time = Date.parse(day);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}
