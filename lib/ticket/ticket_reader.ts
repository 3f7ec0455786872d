/**
 * All reading of a ticket root in one place.
 *
 * Source: tickets specification, sections 7.1, 7.3, 7.4 and 7.7.
 *
 * @module
 */

import { PLANS_FILE } from "./_ticket_layout.ts";
import { inTurns } from "./_in_turns.ts";
import { ItemReader } from "./_item_reader.ts";
import { problemOf } from "./_problem.ts";
import { checkDependencies, type DependencyCheck } from "./dependency_check.ts";
import { findForWriting, findTicket, resolveTicket } from "./_lookup.ts";
import { rootPath } from "./_root_path.ts";
import { parsePlans, type PlanKind, type PlanRecord, sortPlans } from "./plan_file.ts";
import { type ReadyList, readyTickets } from "./ready_tickets.ts";
import { RelationIndex, type RelationList, selectRelations } from "./relation_index.ts";
import type { RelationKind } from "./relation_view.ts";
import { type RootEntry, scanNames, scanRoot } from "./root_scan.ts";
import { TicketError } from "./ticket_error.ts";
import { TicketFolder } from "./_ticket_files.ts";
import { type ListOptions, listTickets } from "./ticket_list.ts";
import { type LogOptions, recentEvents, type TicketLog } from "./ticket_log.ts";
import { type SearchOptions, type SearchResult, searchTickets } from "./ticket_search.ts";
import {
  type RelationReading,
  relationsOf,
  type ShowAllOptions,
  type ShowOptions,
  showTicket,
  showTickets,
} from "./ticket_show.ts";
import type { RequestOptions } from "./store_options.ts";
import type { TicketDetail, TicketList, TicketProblem } from "./ticket.ts";

/** Records of orchestration plans. */
export interface PlanList {
  /** Sorted by time, then id. */
  readonly records: readonly PlanRecord[];
  /** What could not be read. */
  readonly problems: readonly TicketProblem[];
}

/** Which relations are listed. */
export interface RelationListOptions extends RequestOptions {
  /** Default: all kinds. */
  readonly kind?: RelationKind | undefined;
}

/** Which records of plans are listed. */
export interface PlanListOptions extends RequestOptions {
  /** Default: all kinds. */
  readonly kind?: PlanKind | undefined;
}

/**
 * Reads the tickets of one root. It holds no file open and takes no lock, and it uses what it keeps
 * in memory only after a fresh look at the files. The root may be a link; links below it are never
 * followed. A root that does not exist is empty.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { TicketReader } from "@yoi/yoi/tickets";
 *
 * const root = await Deno.makeTempDir();
 * await Deno.mkdir(`${root}/00001KT07NV00`);
 * await Deno.writeTextFile(
 *   `${root}/00001KT07NV00/item.md`,
 *   "---\ntitle: 'Cache the index'\nstate: 'ready'\n---\n\nWhy?\n",
 * );
 *
 * const reader = new TicketReader(root);
 * assertEquals((await reader.list()).tickets.map((ticket) => ticket.id), ["00001KT07NV00"]);
 * assertEquals((await reader.show("00001K")).body, "\nWhy?\n");
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export class TicketReader {
  /** The root, absolute. */
  readonly root: string;
  #index: { root: string; relations: RelationIndex } | undefined;

  /** A reader of a root, given as for `TicketStore.open()`; nothing is read yet. */
  constructor(root: string | URL) {
    this.root = rootPath(root);
  }

  /** Lists tickets, filtered, sorted and paged: see `TicketStore.list()`. */
  async list(options: ListOptions = {}): Promise<TicketList> {
    return await listTickets(this.#resolved(), options);
  }

  /**
   * One ticket with everything that belongs to it.
   *
   * @param query Its id, a unique prefix of it, an old id, or a slug: see `TicketStore.show()`.
   */
  async show(query: string, options: ShowOptions = {}): Promise<TicketDetail> {
    const root = this.#resolved();
    return await showTicket(root, resolveTicket(root, query), this.#relations(root), options);
  }

  /** Every ticket with everything that belongs to it: see `TicketStore.showAll()`. */
  async *showAll(options: ShowAllOptions = {}): AsyncGenerator<TicketDetail, void> {
    const root = this.#resolved();
    yield* showTickets(root, this.#relations(root), options);
  }

  /** The bytes of an artifact: see `TicketStore.readArtifact()`. */
  readArtifact(query: string, path: string): Uint8Array<ArrayBuffer> {
    const root = this.#resolved();
    const entry = resolveTicket(root, query);
    const bytes = TicketFolder.of(root, entry).readArtifactBytes(path);
    if (bytes === undefined) throw TicketError.noArtifact(entry.id, path);
    return bytes;
  }

  /** Tickets in which all of these words occur: see `TicketStore.search()`. */
  async search(words: readonly string[], options: SearchOptions = {}): Promise<SearchResult> {
    return await searchTickets(this.#resolved(), words, options);
  }

  /** Events of all tickets, the newest first: see `TicketStore.log()`. */
  async log(options: LogOptions = {}): Promise<TicketLog> {
    return await recentEvents(this.#resolved(), options);
  }

  /** What can be worked on, the next one first: see `TicketStore.ready()`. */
  async ready(options: RequestOptions = {}): Promise<ReadyList> {
    const root = this.#resolved();
    return await readyTickets(root, this.#relations(root), options);
  }

  /** The whole id of the ticket that a query means: see `TicketStore.resolveId()`. */
  resolveId(query: string): string {
    return resolveTicket(this.#resolved(), query).id;
  }

  /**
   * Stored relations: all, or those that touch one ticket from either end; sorted by ticket, kind,
   * target, at.
   *
   * @param id Exactly the ticket's id.
   */
  async relations(id?: string, options: RelationListOptions = {}): Promise<RelationList> {
    const root = this.#resolved();
    if (id !== undefined) findTicket(root, id);
    const { relations, problems } = await this.#relations(root).read(
      scanRoot(root).entries,
      options,
    );
    return { relations: selectRelations(relations, { id, kind: options.kind }), problems };
  }

  /** What relations say about one ticket, blockers included. */
  async relationView(id: string, options: ShowOptions = {}): Promise<RelationReading> {
    const root = this.#resolved();
    const entry = findTicket(root, id);
    const { entries } = scanRoot(root);
    return await relationsOf(root, { entry, entries, index: this.#relations(root), ...options });
  }

  /** Whether a ticket can be queued, and why not: see `TicketStore.dependencyCheck()`. */
  async dependencyCheck(id: string, options: ShowOptions = {}): Promise<DependencyCheck> {
    const root = this.#resolved();
    const entry = findForWriting(root, id);
    const items = new ItemReader(root);
    const folder = TicketFolder.of(root, entry);
    const { state } = (await items.readWithYaml(folder.readItemText(), entry)).fields;
    const { entries } = scanNames(root);
    const index = this.#relations(root);
    const { view, problems } = await relationsOf(root, {
      entry,
      entries,
      index,
      items,
      ...options,
    });
    const isOwn = ({ path }: TicketProblem) => path.startsWith(`${entry.folder}/`);
    return checkDependencies(state, view.blockers, {
      own: [...threadProblems(folder, root), ...problems.filter(isOwn)],
      others: problems.filter((problem) => !isOwn(problem)),
      isFirstGeneration: entry.generation === "v1",
    });
  }

  /**
   * Orchestration plan records: all, or those of one ticket; sorted by time, then id.
   *
   * @param id Exactly the ticket's id.
   */
  async plans(id?: string, options: PlanListOptions = {}): Promise<PlanList> {
    const root = this.#resolved();
    const entries = id === undefined ? scanRoot(root).entries : [findTicket(root, id)];
    const problems: TicketProblem[] = [];
    const records: PlanRecord[] = [];
    for await (const entry of inTurns(entries, options)) {
      try {
        for (const record of plansOf(root, entry)) records.push(record);
      } catch (error) {
        problems.push(problemOf(error, root, `${entry.folder}/${PLANS_FILE}`));
      }
    }
    const { kind } = options;
    const chosen = records.filter((record) => kind === undefined || record.kind === kind);
    return { records: sortPlans(chosen), problems };
  }

  /** The root without links on its way, so that no later step of a path needs to follow one. */
  #resolved(): string {
    try {
      return Deno.realPathSync(this.root);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return this.root;
      throw TicketError.io(this.root, error);
    }
  }

  #relations(root: string): RelationIndex {
    if (this.#index?.root !== root) this.#index = { root, relations: new RelationIndex(root) };
    return this.#index.relations;
  }
}

function plansOf(root: string, entry: RootEntry): readonly PlanRecord[] {
  const text = TicketFolder.of(root, entry).readPlansText();
  const place = { path: `${root}/${entry.folder}/${PLANS_FILE}`, ticketId: entry.id };
  return text === undefined ? [] : parsePlans(text, place);
}

/** Why the thread cannot be read; one that is not there can still be begun. */
function threadProblems(folder: TicketFolder, root: string): TicketProblem[] {
  try {
    folder.readThread();
    return [];
  } catch (error) {
    return [problemOf(error, root, `${folder.entry.folder}/thread.md`)];
  }
}
