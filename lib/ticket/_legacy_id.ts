/**
 * Ids of the two older generations, and the record ids that their tickets get.
 *
 * Source: tickets specification, sections 1.3, 1.7 and 4.
 *
 * @module
 */

import { freeRecordId, MAX_PROBES } from "./_free_record_id.ts";
import type { Generation } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";

const DATED_ID = /^\d{8}-\d{6}-\d{3}$/;
const STAMPED_ID = /^(\d{8}-\d{6})-(.+)$/s;
const STAMP = /^(\d{4})(\d{2})(\d{2})-(\d{2})(\d{2})(\d{2})$/;

/** Whether a folder name is an id of generation v2, such as `20260608-015630-001`. */
export function isDatedId(name: string): boolean {
  return DATED_ID.test(name);
}

/** Time stamp and slug of an id of generation v1, `undefined` when `name` is none. */
export function v1IdParts(name: string): { stamp: string; slug: string } | undefined {
  const match = STAMPED_ID.exec(name);
  return match ? { stamp: match[1]!, slug: match[2]! } : undefined;
}

/** Whether an id of an older generation begins with a moment since 1970, as record ids need one. */
export function holdsMoment(id: string): boolean {
  return (epochSeconds(id.slice(0, 15)) ?? -1) >= 0;
}

/**
 * The record id of every older ticket of one root after its migration: v1 tickets of one second are
 * numbered in the order of their ids, v2 tickets keep their number, and the number counts
 * milliseconds. An id that is taken goes on to the next free one. Tickets of v3, and names whose
 * stamp is no date, are not in the result.
 *
 * @param entries All tickets of the root: numbers depend on which there are.
 * @param isTaken Whether a record id belongs to a ticket that is not among `entries`.
 * @throws {TicketError} `conflict` when 1,000 ids in a row are taken.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { v3IdsOf } from "./_legacy_id.ts";
 *
 * const ids = v3IdsOf([
 *   { id: "20260529-010200-second", generation: "v1" },
 *   { id: "20260529-010200-first", generation: "v1" },
 * ], () => false);
 * assert(ids.get("20260529-010200-first") === "00001KSRM16T0");
 * assert(ids.get("20260529-010200-second") === "00001KSRM16T1");
 * ```
 */
export function v3IdsOf(
  entries: readonly { readonly id: string; readonly generation: Generation }[],
  isTaken: (id: string) => boolean,
): Map<string, string> {
  const taken = new Set(entries.filter((it) => it.generation === "v3").map((it) => it.id));
  const ids = new Map<string, string>();
  const assign = (oldId: string, stamp: string, number: number) => {
    const seconds = epochSeconds(stamp);
    if (seconds === undefined) return;
    const first = seconds * 1000 + number - 1;
    if (first < 0) return;
    const id = freeRecordId(first, (id) => taken.has(id) || isTaken(id));
    if (id === undefined) {
      throw TicketError.conflict(`no free record id for "${oldId}" within ${MAX_PROBES} ms`);
    }
    taken.add(id);
    ids.set(oldId, id);
  };
  const idsOf = (generation: Generation) =>
    entries.filter((it) => it.generation === generation).map((it) => it.id).sort(compareBytes);
  // Numbers of v2 are fixed, those of v1 are counted: whoever can give way comes last.
  for (const id of idsOf("v2")) assign(id, id.slice(0, 15), Number(id.slice(16)));
  const counts = new Map<string, number>();
  for (const id of idsOf("v1")) {
    const stamp = id.slice(0, 15);
    const number = (counts.get(stamp) ?? 0) + 1;
    counts.set(stamp, number);
    assign(id, stamp, number);
  }
  return ids;
}

/** Seconds since 1970 of `YYYYMMDD-HHMMSS` in UTC, `undefined` when there is no such moment. */
function epochSeconds(stamp: string): number | undefined {
  const match = STAMP.exec(stamp);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const date = new Date(iso);
  // The round trip finds February 30th, which some parsers move to March.
  if (Number.isNaN(date.getTime()) || date.toISOString() !== iso) return undefined;
  return date.getTime() / 1000;
}

/** Order of the UTF-8 bytes, which is that of code points and not that of UTF-16 units. */
function compareBytes(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = left[i]!.codePointAt(0)! - right[i]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
