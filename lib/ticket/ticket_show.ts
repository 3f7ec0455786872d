/**
 * One ticket with everything that belongs to it.
 *
 * Source: tickets specification, sections 1.4, 6.2, 6.6 and 7.4; rows 3, 6 and 7 of section 12.
 *
 * @module
 */

import { ItemReader } from "./_item_reader.ts";
import { problemOf } from "./_problem.ts";
import { readTexts, type TicketTexts } from "./_ticket_texts.ts";
import { readBody, type TicketItem } from "./item.ts";
import { inTurns } from "./_in_turns.ts";
import { findExactly, recordIdOf, recordIdsIn } from "./_lookup.ts";
import { type RelationIndex, relationsByTicket, selectRelations } from "./relation_index.ts";
import { type Relation, type RelationView, relationView, waitOf } from "./relation_view.ts";
import { type RootEntry, scanNames } from "./root_scan.ts";
import type { TicketState } from "./states.ts";
import { parseThread, toTicketEvent } from "./thread.ts";
import { TicketFolder } from "./_ticket_files.ts";
import type { TicketDetail, TicketProblem } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";
import { unlessRefused } from "./_unless_refused.ts";
import type { RequestOptions } from "./store_options.ts";

/** Options for showing a ticket. */
export type ShowOptions = RequestOptions;

/** Options for showing all tickets. */
export interface ShowAllOptions extends ShowOptions {
  /** Called for each record that cannot be read, and therefore is not shown. */
  readonly onProblem?: ((problem: TicketProblem) => void) | undefined;
}

/** What relations say about a ticket, and what could not be read of them. */
export interface RelationReading {
  /** What relations say. */
  readonly view: RelationView;
  /** What could not be read. */
  readonly problems: readonly TicketProblem[];
}

/**
 * Reads one ticket. Whatever of it or of others cannot be read is told beside the rest, but for its
 * own `item.md`. When a writer changes that meanwhile, everything is read again: it is the last file
 * that writers touch.
 *
 * @throws {TicketError} `not_found` when it has gone, `parse` when its `item.md` cannot be read,
 * `escapes_root` for a link in its place, `io`.
 */
export async function showTicket(
  root: string,
  entry: RootEntry,
  index: RelationIndex,
  options: ShowOptions = {},
): Promise<TicketDetail> {
  // Read first: what one cannot read does not make all the rest be read.
  const items = new ItemReader(root);
  const own = await readOwn(root, entry, items);
  const { entries } = scanNames(root);
  const relations = await relationsOf(root, { entry, entries, index, items, ...options });
  return detailOf(own, { relations, v3Id: recordIdOf(root, entry, entries) });
}

/**
 * Shows one ticket after the other, by id. What says something about all of them is read once, at the
 * beginning; each ticket when it is its turn, and no earlier one is kept.
 *
 * @throws {TicketError} `io` when the root cannot be listed.
 */
export async function* showTickets(
  root: string,
  index: RelationIndex,
  { onProblem, ...options }: ShowAllOptions = {},
): AsyncGenerator<TicketDetail, void> {
  const { entries, problems } = scanNames(root);
  for (const problem of problems) onProblem?.(problem);
  const { relations, problems: unread } = await index.read(entries, options);
  const touching = relationsByTicket(relations);
  const v3IdOf = recordIdsIn(root, entries);
  const items = new ItemReader(root);
  const show = async (entry: RootEntry): Promise<TicketDetail> => {
    const own = await readOwn(root, entry, items);
    const found = { touching: touching.get(entry.id) ?? [], unread, items, ...options };
    const reading = await readingOf(root, entry.id, found);
    return detailOf(own, { relations: reading, v3Id: v3IdOf(entry) });
  };
  for await (const entry of inTurns(entries, options)) {
    const detail = await show(entry).catch((error: unknown) => {
      // A folder without an item is no ticket, and one that has gone since is none any more.
      if (error instanceof TicketError && error.code === "not_found") return;
      // Apart from the call, which may have nobody to go to: mistakes of the program are thrown here.
      const problem = problemOf(error, root, `${entry.folder}/item.md`);
      onProblem?.(problem);
    });
    if (detail !== undefined) yield detail;
  }
}

/** What a ticket's own files say. */
interface OwnReading {
  readonly folder: TicketFolder;
  readonly files: TicketTexts;
  readonly item: TicketItem;
}

async function readOwn(root: string, entry: RootEntry, items: ItemReader): Promise<OwnReading> {
  const folder = TicketFolder.of(root, entry);
  const files = readTexts(folder, root);
  return { folder, files, item: await items.readWithYaml(files.itemText, entry) };
}

function detailOf(
  { folder, files, item }: OwnReading,
  { relations, v3Id }: { readonly relations: RelationReading; readonly v3Id: string | null },
): TicketDetail {
  const { entry } = folder;
  return {
    id: entry.id,
    generation: entry.generation,
    v3Id,
    title: item.fields.title,
    state: item.fields.state,
    frontmatter: { ...item.frontmatter },
    body: readBody(files.itemText, `${folder.path}/item.md`),
    events: parseThread(files.threadText ?? "").events.map(toTicketEvent),
    artifacts: files.artifacts,
    relations: relations.view,
    resolution: files.resolution,
    problems: distinct([...files.problems, ...relations.problems]),
  };
}

/** Each path once: a link in the place of `relations.json` is met among the artifacts, too. */
function distinct(problems: readonly TicketProblem[]): TicketProblem[] {
  return [...new Map(problems.map((one) => [one.path, one])).values()];
}

/**
 * What relations say about one ticket. Of other tickets only those are read whose state matters.
 *
 * @param context.entries All tickets of the root.
 */
export async function relationsOf(
  root: string,
  { entry, entries, index, items = new ItemReader(root), signal }: {
    entry: RootEntry;
    entries: readonly RootEntry[];
    index: RelationIndex;
    items?: ItemReader;
    signal?: AbortSignal | undefined;
  },
): Promise<RelationReading> {
  const { relations, problems: unread } = await index.read(entries, { signal });
  const touching = selectRelations(relations, { id: entry.id });
  return await readingOf(root, entry.id, { touching, unread, items, signal });
}

async function readingOf(
  root: string,
  ticketId: string,
  { touching, unread, items, signal }: {
    /** The relations from and to this ticket. */
    readonly touching: readonly Relation[];
    readonly unread: readonly TicketProblem[];
    readonly items: ItemReader;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<RelationReading> {
  const states = new Map<string, TicketState>();
  const problems = [...unread];
  for await (const id of inTurns(deciding(touching, ticketId), { signal })) {
    try {
      const item = await readItemOf(root, id, items);
      if (item) states.set(id, item.fields.state);
    } catch (error) {
      problems.push(problemOf(error, root, id));
    }
  }
  return { view: relationView(ticketId, touching, (id) => states.get(id)), problems };
}

/** The other tickets whose state decides whether `id` is blocked. */
function deciding(relations: readonly Relation[], id: string): Set<string> {
  const waits = relations.map(waitOf).filter((wait) => wait?.waiter === id);
  return new Set(waits.flatMap((wait) => wait?.blocker ?? []));
}

/** Item of a ticket that relations name; `undefined` when there is no such ticket. */
async function readItemOf(
  root: string,
  id: string,
  items: ItemReader,
): Promise<TicketItem | undefined> {
  // A target is any line of text: one that can be no folder's name is no ticket.
  const entry = unlessRefused(() => findExactly(root, id), "invalid_component");
  const text = entry && TicketFolder.of(root, entry).readText("item.md");
  return entry && text !== undefined ? await items.readWithYaml(text, entry) : undefined;
}
