/**
 * What can be worked on now.
 *
 * Source: section 3 of the ticket issue; tickets specification, section 6.3.
 *
 * @module
 */

import { readAllItems, type ReadTicket } from "./_all_items.ts";
import { inTurns } from "./_in_turns.ts";
import { problemOf } from "./_problem.ts";
import { TicketFolder } from "./_ticket_files.ts";
import { type RelationIndex, relationsByTicket } from "./relation_index.ts";
import { relationView } from "./relation_view.ts";
import { compareKeys, rowOf } from "./ticket_list.ts";
import type { RequestOptions } from "./store_options.ts";
import type { TicketProblem, TicketRow } from "./ticket.ts";

/** A ticket that waits for nothing. */
export interface ReadyTicket extends TicketRow {
  /** When it was created: UTC, as written; `null` if the file does not say. */
  readonly createdAt: string | null;
  /** Who works on it; `null` for nobody. */
  readonly assignee: string | null;
}

/** Tickets that can be worked on, the next one first. */
export interface ReadyList {
  /** The most urgent first, then the oldest. */
  readonly tickets: readonly ReadyTicket[];
  /** What could not be read. */
  readonly problems: readonly TicketProblem[];
}

/**
 * The tickets in state `ready` that no unresolved ticket blocks: by priority (`P0` first, none
 * last), then by age, the oldest first.
 *
 * @throws {TicketError} `io` when the root cannot be listed.
 */
export async function readyTickets(
  root: string,
  index: RelationIndex,
  options: RequestOptions = {},
): Promise<ReadyList> {
  const { entries, tickets, problems } = await readAllItems(root, options);
  // Those of tickets that cannot be read count too.
  const read = await index.read(entries, options);
  const states = new Map(tickets.map(({ entry, item }) => [entry.id, item.fields.state]));
  const unread = new Set(read.problems.flatMap(({ path }) => foldersOn(path)));
  const touching = relationsByTicket(read.relations);
  const isFree = ({ entry, item }: ReadTicket) =>
    item.fields.state === "ready" &&
    // Who knows what a ticket waits for whose relations cannot be read: queueing would refuse it.
    !unread.has(entry.folder) &&
    relationView(entry.id, touching.get(entry.id) ?? [], (id) => states.get(id))
        .blockers.length === 0;
  const damaged: TicketProblem[] = [];
  const isWhole = ({ entry }: ReadTicket) => {
    try {
      // Lists read heads alone, but nobody can work on what cannot be shown.
      TicketFolder.of(root, entry).readItemText();
      return true;
    } catch (error) {
      damaged.push(problemOf(error, root, `${entry.folder}/item.md`));
      return false;
    }
  };
  const ready: ReadTicket[] = [];
  for await (const ticket of inTurns(tickets.filter(isFree), options)) {
    if (isWhole(ticket)) ready.push(ticket);
  }
  return {
    tickets: ready.sort(byUrgency).map((ticket) => ({
      ...rowOf(ticket),
      createdAt: ticket.item.fields.createdAt,
      assignee: ticket.item.fields.assignee,
    })),
    problems: [...problems, ...read.problems, ...damaged],
  };
}

/** Every folder on the way to a file. */
function foldersOn(path: string): string[] {
  const parts = path.split("/");
  return parts.map((_, index) => parts.slice(0, index).join("/"));
}

function byUrgency(a: ReadTicket, b: ReadTicket): number {
  return compareKeys(a.item.fields.priority, b.item.fields.priority) ||
    compareKeys(a.item.fields.createdAt, b.item.fields.createdAt) ||
    compareKeys(a.entry.id, b.entry.id);
}
