/**
 * Merging of `artifacts/orchestration-plan.jsonl`, an append-only file.
 *
 * Source: decision 30.
 *
 * @module
 */

import { type MergeLines, mergeLines, type TextMerge, type ThreeVersions } from "./merge_lines.ts";
import { compareTexts } from "./_order.ts";

/** One line and what the merge needs to know of it. */
interface Line {
  readonly text: string;
  /** What it says beside its id, which another clone can have changed in a merge of its own. */
  readonly key: string;
  readonly id: string | undefined;
  readonly at: string;
}

/**
 * Merges two descendants of a plan file: what either side appended is there once, by time, each
 * side's own order kept. Of two new records with one id the later one gets the next free number.
 * Where a side removed or changed old lines, lines are merged.
 *
 * @param merge Merges by lines; default git.
 */
export async function mergePlans(
  versions: ThreeVersions,
  merge: MergeLines = mergeLines,
): Promise<TextMerge> {
  const base = linesOf(versions.base);
  const ours = linesOf(versions.ours);
  const theirs = linesOf(versions.theirs);
  // An earlier merge can have put lines between those of the base.
  if (!holdsInOrder(ours, base) || !holdsInOrder(theirs, base)) return await merge(versions);

  const known = new Set(ours.map(({ text }) => text));
  const added = addedTo(base, theirs).filter(({ text }) => !known.has(text));
  const merged = byTime(ours, added);
  const ids = ownIds(merged, [...addedTo(base, ours), ...added]);
  const text = merged.map((line) => `${ids.get(line) ?? line.text}\n`).join("");
  return { text, conflict: false };
}

function linesOf(text: string): Line[] {
  return text.split("\n").filter((line) => line.trim() !== "").map((line) => {
    const { id, at, ...rest } = membersOf(line);
    const text = line.replace(/\r$/, "");
    return {
      text,
      key: id === undefined ? text : JSON.stringify([at, rest]),
      id: typeof id === "string" ? id : undefined,
      at: typeof at === "string" ? at : "",
    };
  });
}

/** A line that is no JSON is carried along; the doctor tells of it. */
function membersOf(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** Whether all of `wanted` are among `lines`, in their order. */
function holdsInOrder(lines: readonly Line[], wanted: readonly Line[]): boolean {
  let next = 0;
  for (const { key } of lines) if (wanted[next]?.key === key) next++;
  return next === wanted.length;
}

/** The lines that a base does not have; of equal ones those that are too many. */
function addedTo(base: readonly Line[], lines: readonly Line[]): Line[] {
  const left = new Map<string, number>();
  for (const { key } of base) left.set(key, (left.get(key) ?? 0) + 1);
  return lines.filter(({ key }) => {
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count <= 0;
  });
}

/** Two sequences as one; within each the order stays. */
function byTime(ours: readonly Line[], theirs: readonly Line[]): Line[] {
  const merged: Line[] = [];
  let taken = 0;
  for (const line of ours) {
    while (taken < theirs.length && theirs[taken]!.at < line.at) merged.push(theirs[taken++]!);
    merged.push(line);
  }
  return [...merged, ...theirs.slice(taken)];
}

/**
 * New texts of lines whose id another line has. Ids are unique within a ticket, and two sides count
 * on from the same number; both clones have to come to the same result, whoever merges first.
 */
function ownIds(merged: readonly Line[], added: readonly Line[]): Map<Line, string> {
  const isNew = new Set(added);
  const ids = new Set(merged.filter((line) => !isNew.has(line)).map(({ id }) => id));
  const texts = new Map<Line, string>();
  const free = new FreeIds(ids);
  for (const line of [...added].sort(byTimeAndText)) {
    const id = line.id === undefined || !ids.has(line.id) ? line.id : free.after(line.id);
    ids.add(id);
    if (id !== line.id) texts.set(line, JSON.stringify({ ...membersOf(line.text), id }));
  }
  return texts;
}

function byTimeAndText(one: Line, other: Line): number {
  return compareTexts(one.at, other.at) || compareTexts(one.text, other.text);
}

/** Finds ids that nobody has, each search going on where the last one for the same name ended. */
class FreeIds {
  readonly #taken: ReadonlySet<string | undefined>;
  /** The next number to try, by what stands before it. */
  readonly #next = new Map<string, bigint>();

  constructor(taken: ReadonlySet<string | undefined>) {
    this.#taken = taken;
  }

  /** The id with the next free number: `p-3` for `p-1` where `p-2` is taken. */
  after(id: string): string {
    // Files hold any text as an id: beyond 2 ** 53 a number would not get larger by one.
    const [, stem = `${id}-`, number = "1"] = /^(.*-)(\d{1,18})$/s.exec(id) ?? [];
    const tried = this.#next.get(stem) ?? 0n;
    let next = BigInt(number) + 1n;
    if (next < tried) next = tried;
    while (this.#taken.has(`${stem}${next}`)) next++;
    this.#next.set(stem, next + 1n);
    return `${stem}${next}`;
  }
}
