/**
 * Merging of `artifacts/relations.json`, relation by relation.
 *
 * Source: decision 30.
 *
 * @module
 */

import { type MergeLines, mergeLines, type TextMerge, type ThreeVersions } from "./merge_lines.ts";
import type { Relation } from "./relation_view.ts";
import { parseRelations, renderRelations } from "./relations_file.ts";
import { chooseThreeWay } from "./_three_way.ts";
import { RELATIONS_NAME } from "./_ticket_layout.ts";
import { unlessRefused } from "./_unless_refused.ts";

/**
 * Merges two descendants of a relations file. What either side added stays, what either side removed
 * goes; the same relation told twice is one, told as the earlier says it, unless the notes differ.
 *
 * @param ticketId The ticket that owns the file.
 * @param merge Merges by lines what is in conflict; default git.
 */
export async function mergeRelations(
  versions: ThreeVersions,
  ticketId: string,
  merge: MergeLines = mergeLines,
): Promise<TextMerge> {
  const base = relationsOf(versions.base, ticketId);
  const ours = relationsOf(versions.ours, ticketId);
  const theirs = relationsOf(versions.theirs, ticketId);
  if (!base || !ours || !theirs) return await merge(versions);

  const agreed: Relation[] = [];
  const open: string[] = [];
  for (const key of new Set([...base.keys(), ...ours.keys(), ...theirs.keys()])) {
    const values = { base: base.get(key), ours: ours.get(key), theirs: theirs.get(key) };
    const choice = chooseThreeWay<Relation | undefined>(values, isEqual);
    const value = choice.kind === "value" ? choice.value : sameTold(values.ours, values.theirs);
    if (value) agreed.push(value);
    else if (choice.kind === "conflict") open.push(key);
  }
  const side = (relations: ReadonlyMap<string, Relation>) =>
    renderRelations([...agreed, ...open.flatMap((key) => relations.get(key) ?? [])]);
  return await merge({ base: side(base), ours: side(ours), theirs: side(theirs) });
}

/** By kind and target; no file has no relations. */
function relationsOf(text: string, ticketId: string): Map<string, Relation> | undefined {
  if (text.trim() === "") return new Map();
  const place = { path: RELATIONS_NAME, ticketId };
  const relations = unlessRefused(() => parseRelations(text, place), "parse");
  return relations &&
    new Map(relations.map((relation) => [`${relation.kind} ${relation.target}`, relation]));
}

function isEqual(one: Relation | undefined, other: Relation | undefined): boolean {
  return one?.note === other?.note && one?.author === other?.author && one?.at === other?.at;
}

/** Two sides that say the same about the same tickets, at different times. */
function sameTold(ours: Relation | undefined, theirs: Relation | undefined): Relation | undefined {
  if (!ours || !theirs || ours.note !== theirs.note) return undefined;
  return ours.at <= theirs.at ? ours : theirs;
}
