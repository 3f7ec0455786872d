/** Which tickets of a root can be migrated, and to which ids. @module */

import type { YamlParser } from "./frontmatter.ts";
import { type IdMap, recordIdsNamed, recordIdsOf } from "./_id_map.ts";
import { inTurns } from "./_in_turns.ts";
import { itemPlaceOf } from "./_item_place.ts";
import { readItem } from "./item.ts";
import { type LegacyKeys, legacyKeys, migrateItem } from "./_migrate_ticket.ts";
import { problemOf } from "./_problem.ts";
import type { RootEntry } from "./root_scan.ts";
import type { RequestOptions } from "./store_options.ts";
import type { TicketProblem } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";
import { slugOf } from "./_slugs.ts";
import { TicketFolder } from "./_ticket_files.ts";
import { LEGACY_NAME } from "./_ticket_layout.ts";

/** An older ticket of which everything is known that its migration takes. */
export interface Candidate {
  readonly entry: RootEntry;
  /** Its record id: the one it was given by an interrupted migration, else the computed one. */
  readonly to: string;
  readonly slug: string | undefined;
  /** The new `item.md`. */
  readonly itemText: string;
  /** What its frontmatter does not tell. */
  readonly legacy: LegacyKeys;
}

/** Two readers of the same YAML. */
export interface Parsers {
  /** Gives values. */
  readonly yaml: YamlParser;
  /** Gives every scalar as it is written. */
  readonly texts: YamlParser;
}

/** Reads every older ticket; one that cannot be migrated is a problem, and stays where it is. */
export async function findCandidates(
  root: string,
  entries: readonly RootEntry[],
  known: IdMap,
  { signal, ...parsers }: Parsers & RequestOptions,
): Promise<{ candidates: Candidate[]; problems: TicketProblem[] }> {
  const ids = recordIdsOf(root, entries, known);
  const candidates: Candidate[] = [];
  const problems: TicketProblem[] = [];
  const older = entries.filter(({ generation }) => generation !== "v3");
  for await (const entry of inTurns(older, { signal })) {
    const folder = TicketFolder.of(root, entry);
    const { paths, problems: unread } = folder.scanFiles();
    const unfit = [...unread, ...unwritable(entry.folder, paths)];
    // What cannot be copied would be gone together with the old folder.
    problems.push(...unfit);
    if (unfit.length > 0) continue;
    try {
      candidates.push(candidateOf(root, folder, ids.get(entry.id), parsers));
    } catch (error) {
      problems.push(problemOf(error, root, entry.folder));
    }
  }
  return { candidates, problems };
}

/** What is read here, but written nowhere: elsewhere a backslash parts folders. */
function unwritable(folder: string, paths: readonly string[]): TicketProblem[] {
  const all = folder.includes("\\") ? [folder] : paths.map((path) => `${folder}/${path}`);
  return all.filter((path) => path.includes("\\"))
    .map((path) => ({ path, reason: "its name holds a backslash: give it another one" }));
}

function candidateOf(
  root: string,
  folder: TicketFolder,
  to: string | undefined,
  { yaml, texts }: Parsers,
): Candidate {
  const { entry } = folder;
  if (to === undefined) {
    const detail = "its id holds no time; give the folder a name that does";
    throw TicketError.conflict(detail, { path: folder.path });
  }
  if (folder.readArtifact(LEGACY_NAME) !== undefined) {
    const detail = `the artifact ${LEGACY_NAME} has the name of one that a migration writes`;
    throw TicketError.conflict(detail, { path: folder.path });
  }
  const text = folder.readItemText();
  const item = readItem(text, itemPlaceOf(root, entry), yaml);
  return {
    entry,
    to,
    slug: entry.generation === "v1" ? slugOf(entry.id, item.fields.slug) : undefined,
    itemText: migrateItem(text, entry, item, yaml),
    legacy: legacyKeys(text, item, texts),
  };
}

/** `known` with the candidates. An id that another ticket has had already belongs to both. */
export function extendIdMap(known: IdMap, candidates: readonly Candidate[]): IdMap {
  const ids = new Map(known.ids);
  const shared = new Map(known.shared);
  const slugs = new Map(known.slugs);
  for (const { entry, to, slug } of candidates) {
    const others = recordIdsNamed(known, entry.id);
    if (others.length === 0) ids.set(entry.id, to);
    else if (!others.includes(to)) shared.set(entry.id, [...others, to].sort());
    if (slug !== undefined) slugs.set(slug, [...new Set([...slugs.get(slug) ?? [], to])].sort());
  }
  return { ids, shared, slugs };
}
