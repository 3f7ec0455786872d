/**
 * Merging of what a migration writes beside the tickets' records, where two branches have migrated
 * each for itself.
 *
 * Source: decisions 30 and 32.
 *
 * @module
 */

import { ID_MAP_FILE, type IdMap, parseIdMap, recordIdsNamed, renderIdMap } from "./_id_map.ts";
import { mergeLines, type TextMerge, type ThreeVersions } from "./merge_lines.ts";
import { TicketError } from "./ticket_error.ts";

/**
 * Merges two maps of old ids: every old name stays. One that means different tickets on the two sides
 * means both, and is refused with both where somebody uses it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { mergeIdMaps } from "./_migration_merge.ts";
 *
 * const map = (id: string, record: string) =>
 *   JSON.stringify({ version: 1, ids: { [id]: record }, slugs: {} });
 * const ours = map("20260529-010200-001", "00001KSRM16T0");
 * const theirs = map("20260529-010200-002", "00001KSRM16T1");
 * const { text, conflict } = await mergeIdMaps({ base: "", ours, theirs });
 * assertEquals(Object.keys(JSON.parse(text).ids).length, 2);
 * assertEquals(conflict, false);
 * ```
 */
export async function mergeIdMaps(versions: ThreeVersions): Promise<TextMerge> {
  try {
    const [ours, theirs] = [versions.ours, versions.theirs]
      .map((text) => parseIdMap(text, ID_MAP_FILE));
    return { text: renderIdMap(unionOf(ours!, theirs!)), conflict: false };
  } catch (error) {
    if (!(error instanceof TicketError)) throw error;
    return await mergeLines(versions);
  }
}

/** The same, whichever of the two comes first. */
function unionOf(one: IdMap, other: IdMap): IdMap {
  const ids = new Map<string, string>();
  const shared = new Map<string, readonly string[]>();
  for (const old of new Set([...one.ids.keys(), ...other.ids.keys()])) {
    const records = together(recordIdsNamed(one, old), recordIdsNamed(other, old));
    const [first] = together([one, other].flatMap((map) => map.ids.get(old) ?? []), []);
    ids.set(old, first!);
    if (records.length > 1) shared.set(old, records);
  }
  const slugs = new Map<string, readonly string[]>();
  for (const slug of new Set([...one.slugs.keys(), ...other.slugs.keys()])) {
    slugs.set(slug, together(one.slugs.get(slug) ?? [], other.slugs.get(slug) ?? []));
  }
  return { ids, shared, slugs };
}

function together(one: readonly string[], other: readonly string[]): string[] {
  return [...new Set([...one, ...other])].sort();
}

/**
 * Merges what two migrated tickets keep of the folders that they were made of. Those differ where one
 * side worked on the ticket before it migrated, and their digests with them: the merged ticket has what
 * was in either, so that it does not matter which of the two digests it keeps. Keys that differ are
 * merged by lines.
 */
export async function mergeLegacy(versions: ThreeVersions): Promise<TextMerge> {
  const { ours, theirs } = versions;
  if (withoutDigest(ours) !== withoutDigest(theirs)) return await mergeLines(versions);
  return { text: ours < theirs ? ours : theirs, conflict: false };
}

function withoutDigest(text: string): string {
  return text.replace(/^ {2}"digest": "[0-9a-f]+",\r?\n/m, "");
}
