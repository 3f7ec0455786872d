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
  const [, count, unit = ""] = /^(\d+) ?([a-z]+)$/.exec(word) ?? [];
  const length = Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
  const isLength = count !== undefined && length !== undefined;
  const [, time, , , zone] = MOMENT.exec(word) ?? [];
  const moment = isLength
    ? now - Number(count) * length
    : MOMENT.test(word) && isDay(word.slice(0, 10))
    ? Date.parse(time !== undefined && zone === undefined ? `${word}Z` : word)
    : NaN;
  // No calendar reaches further than a Date.
  if (!Number.isNaN(new Date(moment).getTime())) return moment;
  throw new CliError(
    "usage",
    `Cannot use --since "${word}": it takes 2h, 3d, 1w, 2026-06-01 or 2026-06-01T08:00:00Z`,
  );
}

/** Whether a calendar has a day: a Date takes February 30th for March 2nd. */
function isDay(day: string): boolean {
  const time = Date.parse(day);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}
