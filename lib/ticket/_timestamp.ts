/** @module */

import { TicketError } from "./ticket_error.ts";

/** UTC with seconds, `YYYY-MM-DDTHH:MM:SSZ`: the way every time of a record is written. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}

/**
 * Whether a text is a time as records hold it: UTC, whole seconds, a day that exists.
 *
 * Source: tickets specification, head.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { isTimestamp } from "./_timestamp.ts";
 *
 * assert(isTimestamp("2024-02-29T23:59:59Z"));
 * assert(!isTimestamp("2026-02-29T23:59:59Z"));
 * assert(!isTimestamp("2026-06-01 10:00"));
 * ```
 */
export function isTimestamp(text: string): boolean {
  if (!TIMESTAMP.test(text)) return false;
  // Every month has 28 days: only later ones are worth the work of a calendar.
  const day = Number(text.slice(8, 10));
  return day <= 28 || new Date(text).getUTCDate() === day;
}

const TIMESTAMP =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

/**
 * The clock, in whole milliseconds. A clock that counts in microseconds, or that gives no number,
 * leads to years that no record can hold, so reading it throws before anything is written.
 *
 * @throws {TicketError} `conflict`, from the clock.
 */
export function recordClock(now: () => number): () => number {
  return () => {
    const milliseconds = Math.floor(now());
    if (milliseconds >= YEAR_0 && milliseconds < YEAR_10000) return milliseconds;
    throw TicketError.conflict(`the clock does not give milliseconds since 1970: ${milliseconds}`);
  };
}

const YEAR_0 = Date.parse("0000-01-01T00:00:00Z");
const YEAR_10000 = Date.UTC(10_000, 0);
