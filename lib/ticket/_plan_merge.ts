/**
 * Merging of `artifacts/orchestration-plan.jsonl`, an append-only file.
 *
 * Source: decision 30.
 *
 * @module
 */

import { type MergeLines, mergeLines, type TextMerge, type ThreeVersions } from "./merge_lines.ts";

/** One line and what the merge needs to know of it. */
interface Line {
  readonly text: string;
  readonly id: string | undefined;
  readonly at: string;
}

/**
 * Merges two descendants of a plan file: the common lines, then what both sides appended, by time,
 * ours first where times are equal. A line that both sides hold stays once; of two records with one
 * id the later one gets the next free number. Where a side changed old lines, lines are merged.
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
  if (!startsWith(ours, base) || !startsWith(theirs, base)) return await merge(versions);

  const known = new Set(ours.map(({ text }) => text));
  const added = byTime(
    ours.slice(base.length),
    theirs.slice(base.length).filter(({ text }) => !known.has(text)),
  );
  const lines = [...base];
  for (const line of added) lines.push(withOwnId(line, lines));
  return { text: lines.map(({ text }) => `${text}\n`).join(""), conflict: false };
}

function linesOf(text: string): Line[] {
  return text.split("\n").filter((line) => line.trim() !== "").map((line) => {
    const { id, at } = membersOf(line);
    return {
      text: line.replace(/\r$/, ""),
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

function startsWith(lines: readonly Line[], prefix: readonly Line[]): boolean {
  return prefix.every(({ text }, index) => lines[index]?.text === text);
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

/** Ids are unique within a ticket; two sides count on from the same number. */
function withOwnId(line: Line, before: readonly Line[]): Line {
  const ids = new Set(before.map(({ id }) => id));
  const { id } = line;
  if (id === undefined || !ids.has(id)) return line;
  const [, stem, number] = /^(.*-)(\d+)$/.exec(id) ?? [id, `${id}-`, "1"];
  let next = Number(number) + 1;
  while (ids.has(`${stem}${next}`)) next++;
  const own = `${stem}${next}`;
  const text = JSON.stringify({ ...membersOf(line.text), id: own });
  return { ...line, id: own, text };
}
