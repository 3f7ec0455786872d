/**
 * The relations of all tickets of a root.
 *
 * Source: tickets specification, sections 6.1, 6.2 and 7.7; rows 3, 7 and 8 of section 12.
 *
 * @module
 */

import { RELATIONS_FILE, RELATIONS_NAME } from "./_ticket_layout.ts";
import { inTurns } from "./_in_turns.ts";
import { FileCache } from "./_file_cache.ts";
import { PresentIds, readIdMapTolerantly } from "./_id_map.ts";
import { listFolder } from "./_list_folder.ts";
import { problemOf } from "./_problem.ts";
import { lookAt } from "./_regular_file.ts";
import type { Relation, RelationKind } from "./relation_view.ts";
import { sortRelations } from "./relation_view.ts";
import { parseRelations } from "./relations_file.ts";
import type { RootEntry } from "./root_scan.ts";
import { slugsOfTickets } from "./_slugs.ts";
import { TicketFolder } from "./_ticket_files.ts";
import type { RequestOptions } from "./store_options.ts";
import type { TicketProblem } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";

/** Relations and what could not be read of them. */
export interface RelationList {
  /** Sorted by ticket, kind, target, at. */
  readonly relations: readonly Relation[];
  /** What could not be read. */
  readonly problems: readonly TicketProblem[];
}

/**
 * Reads all relations of one root, tolerant of damaged files. What it has read before it keeps in
 * memory, and looks at each ticket again before it uses that: one look a ticket.
 *
 * Most tickets have no relations. That is told by the names in `artifacts/`, which are kept by the
 * stamp of that folder: a file that comes or goes changes it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { RelationIndex } from "./relation_index.ts";
 *
 * const root = await Deno.makeTempDir();
 * assertEquals(await new RelationIndex(root).read([]), { relations: [], problems: [] });
 * await Deno.remove(root);
 * ```
 */
export class RelationIndex {
  readonly #root: string;
  readonly #relations: FileCache<readonly Relation[]>;
  /** Folders of artifacts without such a file. */
  readonly #without: FileCache<true>;

  /**
   * An index of the root at this path; nothing is read.
   *
   * @param options.now Milliseconds since 1970: what has changed a moment ago is not kept.
   */
  constructor(root: string, options: { now?: () => number } = {}) {
    this.#root = root;
    this.#relations = new FileCache(options.now);
    this.#without = new FileCache(options.now);
  }

  /**
   * The relations that these tickets own.
   *
   * @param entries All tickets of the root.
   */
  async read(
    entries: readonly RootEntry[],
    options: RequestOptions = {},
  ): Promise<RelationList> {
    const relations: Relation[] = [];
    const problems: TicketProblem[] = [];
    for await (const entry of inTurns(entries, options)) {
      this.#readOne(entry, relations, problems);
    }
    this.#forgetOthers(entries);
    const named = relations.length === 0 ? relations : this.#withPresentIds(relations, entries);
    return { relations: sortRelations(named), problems };
  }

  /** A target may go by an id from before a migration, by one that it will get, or by a slug. */
  #withPresentIds(relations: readonly Relation[], entries: readonly RootEntry[]): Relation[] {
    const present = new Set(entries.map(({ id }) => id));
    const names = new PresentIds(
      readIdMapTolerantly(this.#root).map,
      (id) => present.has(id),
      () => slugsOfTickets(this.#root, entries),
    );
    return relations.map((relation) => {
      const target = names.of(relation.target) ?? relation.target;
      return target === relation.target ? relation : { ...relation, target };
    });
  }

  #readOne(entry: RootEntry, relations: Relation[], problems: TicketProblem[]): void {
    try {
      const own = this.#relationsOf(entry);
      // Copies: what is kept decides at gates, whatever a caller does to an answer.
      for (const relation of own) relations.push({ ...relation });
    } catch (error) {
      problems.push(problemOf(error, this.#root, `${entry.folder}/${RELATIONS_FILE}`));
    }
  }

  #relationsOf(entry: RootEntry): readonly Relation[] {
    const folder = `${this.#root}/${entry.folder}/artifacts`;
    const path = `${this.#root}/${entry.folder}/${RELATIONS_FILE}`;
    if (this.#relations.has(path)) {
      const info = lookAt(path);
      const kept = info && this.#relations.get(path, info);
      if (kept) return kept;
    } else if (this.#without.has(folder)) {
      const info = lookAt(folder);
      if (info?.isDirectory && this.#without.get(folder, info)) return NONE;
    }
    if (!this.#mayHaveFile(folder)) return NONE;
    const info = lookAt(path);
    if (info === undefined) return NONE;
    const text = TicketFolder.of(this.#root, entry).readText(RELATIONS_FILE);
    if (text === undefined) return NONE;
    const relations = parseRelations(text, { path, ticketId: entry.id });
    this.#relations.set(path, info, relations);
    return relations;
  }

  /** Names are cheaper to list than a missing file is to look for: a failed look makes an error. */
  #mayHaveFile(folder: string): boolean {
    const info = lookAt(folder);
    if (info === undefined) return false;
    // What lies behind a link is no part of the ticket, whether it holds such a file or not.
    if (info.isSymlink) throw TicketError.escapesRoot(folder);
    if (!info.isDirectory) return true;
    if (listFolder(folder).some(({ name }) => name === RELATIONS_NAME)) return true;
    this.#without.set(folder, info, true);
    return false;
  }

  #forgetOthers(entries: readonly RootEntry[]): void {
    const folders = entries.map((entry) => `${this.#root}/${entry.folder}`);
    this.#relations.keepOnly(new Set(folders.map((folder) => `${folder}/${RELATIONS_FILE}`)));
    this.#without.keepOnly(new Set(folders.map((folder) => `${folder}/artifacts`)));
  }
}

const NONE: readonly Relation[] = [];

/** The relations that touch a ticket, or all; of one kind, or of every. */
export function selectRelations(
  relations: readonly Relation[],
  { id, kind }: { id?: string | undefined; kind?: RelationKind | undefined },
): Relation[] {
  return relations.filter((relation) =>
    (id === undefined || relation.ticketId === id || relation.target === id) &&
    (kind === undefined || relation.kind === kind)
  );
}

/** The relations that touch each ticket, from either end. */
export function relationsByTicket(relations: readonly Relation[]): Map<string, Relation[]> {
  const touching = new Map<string, Relation[]>();
  for (const relation of relations) {
    for (const id of new Set([relation.ticketId, relation.target])) {
      const list = touching.get(id);
      if (list) list.push(relation);
      else touching.set(id, [relation]);
    }
  }
  return touching;
}
