/** Files that name tickets in a way that programs read, once those have new ids. @module */

import { ITEM_FILE, PLANS_FILE, RELATIONS_FILE } from "./_ticket_layout.ts";
import type { YamlParser } from "./frontmatter.ts";
import type { IdMap } from "./_id_map.ts";
import { inTurns } from "./_in_turns.ts";
import { renameIds } from "./_migrate_ticket.ts";
import { relinkObjective } from "./_objective_relink.ts";
import { listFolder } from "./_list_folder.ts";
import { problemOf } from "./_problem.ts";
import { parseRelations } from "./relations_file.ts";
import type { RootEntry } from "./root_scan.ts";
import type { RequestOptions } from "./store_options.ts";
import type { TicketProblem } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";
import { TicketFolder } from "./_ticket_files.ts";
import { unlessRefused } from "./_unless_refused.ts";

const REFERENCES = [RELATIONS_FILE, PLANS_FILE];

/** A file and its new text. */
export interface Rewrite {
  readonly path: string;
  readonly text: string;
}

/** What could be rewritten, and what could not even be read. */
export interface Rewrites {
  readonly rewrites: readonly Rewrite[];
  readonly problems: readonly TicketProblem[];
}

/** What references are to say in place of old names; a name that could mean two tickets stays. */
export interface Renames {
  /** New id by old id. */
  readonly ids: ReadonlyMap<string, string>;
  /** The same, and by slug. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * The new ids of old names.
 *
 * @param present Ids of all tickets that there will be.
 * @param others Slugs of tickets that stay as they are.
 */
export function renamesOf(
  { ids, shared, slugs }: IdMap,
  present: ReadonlySet<string>,
  others: ReadonlySet<string>,
): Renames {
  const own = [...ids].filter(([id]) => shared?.has(id) !== true);
  const bySlug = [...slugs].flatMap(([slug, all]) => {
    const [id, ...rest] = all.filter((one) => present.has(one));
    const isOther = present.has(slug) || others.has(slug) || ids.has(slug);
    return id === undefined || rest.length > 0 || isOther ? [] : [[slug, id] as const];
  });
  return { ids: new Map(own), names: new Map([...bySlug, ...own]) };
}

/**
 * The files of a ticket that change, relative to its folder.
 *
 * @param move Its own ids, where it gets a new one.
 */
export function renamedReferences(
  folder: TicketFolder,
  { ids, names }: Renames,
  move?: { readonly from: string; readonly to: string },
): Rewrite[] {
  // Its id may be that of another ticket as well, but a ticket's own records are its own.
  const ownIds = move === undefined ? names : new Map(names).set(move.from, move.to);
  const ticketId = move?.to ?? folder.entry.id;
  return REFERENCES.flatMap((path) => {
    const old = folder.readText(path);
    if (old === undefined) return [];
    const versions = [renameIds(old, names, ownIds), renameIds(old, ids, ownIds)];
    const text = path === RELATIONS_FILE
      ? versions.find((version) => isReadable(version, ticketId))
      : versions[0];
    if (text !== undefined) return text === old ? [] : [{ path, text }];
    if (isReadable(old, folder.entry.id)) throw doubled(`${folder.path}/${path}`);
    return versions[1] === old ? [] : [{ path, text: versions[1]! }];
  });
}

function doubled(path: string): TicketError {
  const detail = "it names one ticket by two names, and both become the same: remove one of the " +
    "relations first";
  return TicketError.conflict(detail, { path });
}

/** Two names of one ticket make one relation twice, which no reader accepts. */
function isReadable(relationsText: string, ticketId: string): boolean {
  const place = { path: RELATIONS_FILE, ticketId };
  return unlessRefused(() => parseRelations(relationsText, place)) !== undefined;
}

/** What changes in tickets of the third generation, which may point to older ones. */
export function rewritesOfTickets(
  root: string,
  entries: readonly RootEntry[],
  renames: Renames,
  options: RequestOptions = {},
): Promise<Rewrites> {
  const folders = entries.map((entry) => TicketFolder.of(root, entry));
  return collect(root, folders, (folder) => renamedReferences(folder, renames), options);
}

/** What changes in objectives, relative to their root. */
export function rewritesOfObjectives(
  root: string,
  { names }: Renames,
  yaml: YamlParser,
  options: RequestOptions = {},
): Promise<Rewrites> {
  const folders = foldersOf(root).map((name) => TicketFolder.atTop(root, name));
  return collect(root, folders, (folder) => {
    const old = folder.readText(ITEM_FILE);
    if (old === undefined) return [];
    const text = relinkObjective(old, names, `${folder.path}/${ITEM_FILE}`, yaml);
    if (text === old) return [];
    assertWritable(folder);
    return [{ path: ITEM_FILE, text }];
  }, options);
}

/** Elsewhere a backslash parts folders: below a name that holds one nothing is written. */
function assertWritable({ entry, path }: TicketFolder): void {
  if (!entry.folder.includes("\\")) return;
  throw TicketError.conflict("its name holds a backslash: give it another one", { path });
}

/** @param rewritesOf Gives paths relative to the folder. */
async function collect(
  root: string,
  folders: readonly TicketFolder[],
  rewritesOf: (folder: TicketFolder) => readonly Rewrite[],
  options: RequestOptions,
): Promise<Rewrites> {
  const rewrites: Rewrite[] = [];
  const problems: TicketProblem[] = [];
  for await (const folder of inTurns(folders, options)) {
    const place = folder.entry.folder;
    try {
      const found = rewritesOf(folder);
      rewrites.push(...found.map(({ path, text }) => ({ path: `${place}/${path}`, text })));
    } catch (error) {
      problems.push(problemOf(error, root, place));
    }
  }
  return { rewrites, problems };
}

/** Names of the folders in a folder, sorted; none when there is no such folder. */
export function foldersOf(path: string): string[] {
  const folders = listFolder(path).filter(({ isDirectory }) => isDirectory);
  return folders.map(({ name }) => name).sort();
}
