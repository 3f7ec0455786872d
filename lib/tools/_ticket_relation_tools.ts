/**
 * Tools over the relations between tickets, and how relations look in an answer.
 *
 * Source: tickets specification, sections 6 and 11.
 *
 * @module
 */

import { z } from "zod";
import { type Blocker, type Relation, type RelationView, waitOf } from "../ticket/relation_view.ts";
import type { TicketStore } from "../ticket/store.ts";
import { TicketError } from "../ticket/ticket_error.ts";
import { waitingCircle } from "../ticket/waiting_circle.ts";
import { author, limit, relationKind, ticketId } from "./_ticket_inputs.ts";
import { QUERY_LIMIT, queryContent } from "./_ticket_query.ts";
import { fitContent, MAX_CONTENT_BYTES } from "./_ticket_text.ts";
import { ticketTool, type TicketToolMaker } from "./_ticket_tool.ts";

/** TicketRelationRecord. */
export function ticketRelationRecord(store: TicketStore): TicketToolMaker {
  return ticketTool({
    name: "TicketRelationRecord",
    description:
      `Records that a ticket depends on, blocks, relates to, supersedes or duplicates another one.

- depends_on and blocks keep the waiting ticket from being queued until the other one is done or closed.`,
    input: z.object({
      ticket: ticketId.describe("Id of the ticket that owns the relation."),
      kind: relationKind,
      target: z.string().describe("Id of the other ticket."),
      note: z.string().optional().describe("Why, at most 16 KiB."),
      author,
    }),
    async run({ ticket, kind, target, note, author }, { signal }) {
      const relation = await store.relate(ticket, { kind, target, note, author, signal });
      const circle = await circleOf(relation, store);
      const content = fitContent(({ rows }) => ({
        ...relationOf(relation),
        ...(circle.length > 0 && { waiting_circle: circle.slice(0, rows) }),
      }), { text: MAX_CONTENT_BYTES, rows: circle.length });
      const warning = circle.length > 0 ? `; ${warningOf(circle.length - 1)}` : "";
      return {
        summary: `Recorded: ${relation.ticketId} ${kind} ${relation.target}${warning}`,
        content,
      };
    },
  });
}

/** The tickets that a new relation has wait for each other, none when nobody knows of any. */
async function circleOf(relation: Relation, store: TicketStore): Promise<readonly string[]> {
  if (waitOf(relation) === undefined) return [];
  try {
    return waitingCircle(relation, (await store.relations()).relations) ?? [];
  } catch (error) {
    // The relation is recorded, whatever cannot be read beside it.
    if (error instanceof TicketError) return [];
    throw error;
  }
}

/** Only people can remove a relation, for models have no tool that does. */
function warningOf(tickets: number): string {
  return `${tickets} tickets now wait for each other, so none of them can begin unless one of them ` +
    "is done or closed already: tell the user, who can remove one of the relations with " +
    "yoi ticket relation remove";
}

/** TicketRelationQuery. */
export function ticketRelationQuery(store: TicketStore): TicketToolMaker {
  return ticketTool({
    name: "TicketRelationQuery",
    description:
      `Lists stored relations: of one ticket (its own and those that point to it) or of all.`,
    input: z.object({
      ticket: z.string().optional().describe("Id of the ticket. Default: all tickets."),
      kind: relationKind.optional(),
      limit: limit("relations", QUERY_LIMIT),
    }),
    async run({ ticket, kind, limit }, { signal }) {
      const options = { signal, ...(kind !== undefined && { kind }) };
      const id = ticket === undefined ? undefined : await store.resolveId(ticket);
      const { relations, problems } = await store.relations(id, options);
      const content = queryContent("relations", { found: relations, problems, limit }, relationOf);
      return { summary: `${relations.length} relation(s)`, content };
    },
  });
}

/** A relation in an answer. */
function relationOf(relation: Relation): Record<string, unknown> {
  const { ticketId, kind, target, note, author, at } = relation;
  return { ticket_id: ticketId, kind, target, note, author, at };
}

/** A blocker in an answer. */
export function blockerOf(blocker: Blocker): Record<string, unknown> {
  return {
    blocking_ticket: blocker.blockingTicket,
    reason_kind: blocker.reasonKind,
    relation_kind: blocker.relationKind,
    note: blocker.note,
    blocking_state: blocker.blockingState,
  };
}

/** What relations say about one ticket, in an answer; each list has at most `rows` entries. */
export function viewOf(view: RelationView, rows: number): Record<string, unknown> {
  const lists = [view.outgoing, view.incoming, view.blockers, view.notices];
  return {
    outgoing: view.outgoing.slice(0, rows).map(relationOf),
    incoming: view.incoming.slice(0, rows).map((relation) => ({
      source_ticket: relation.sourceTicket,
      inverse_kind: relation.inverseKind,
      forward_kind: relation.forwardKind,
      note: relation.note,
      author: relation.author,
      at: relation.at,
    })),
    blockers: view.blockers.slice(0, rows).map(blockerOf),
    notices: view.notices.slice(0, rows).map(({ relatedTicket, kind, message }) => {
      return { related_ticket: relatedTicket, kind, message };
    }),
    ...(lists.some((list) => list.length > rows) && {
      truncated: true,
      counts: {
        outgoing: view.outgoing.length,
        incoming: view.incoming.length,
        blockers: view.blockers.length,
        notices: view.notices.length,
      },
    }),
  };
}
