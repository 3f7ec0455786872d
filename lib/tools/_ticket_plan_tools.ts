/**
 * Tools over the orchestration plans of tickets.
 *
 * Source: tickets specification, sections 6.5 and 11.
 *
 * @module
 */

import { z } from "zod";
import { PLAN_KINDS, planMembers } from "../ticket/plan_file.ts";
import type { TicketStore } from "../ticket/store.ts";
import { author, limit, ticketId } from "./_ticket_inputs.ts";
import { QUERY_LIMIT, queryContent } from "./_ticket_query.ts";
import { fitContent, MAX_CONTENT_BYTES } from "./_ticket_text.ts";
import { ticketTool, type TicketToolMaker } from "./_ticket_tool.ts";

const planKind = z.enum(PLAN_KINDS.map(({ kind }) => kind));

/** TicketOrchestrationPlanRecord. */
export function ticketPlanRecord(store: TicketStore): TicketToolMaker {
  return ticketTool({
    name: "TicketOrchestrationPlanRecord",
    description:
      `Appends a record to a ticket's orchestration plan: order, conflicts, capacity, or the accepted plan. Changes no state.

- before, after, blocked_by, blocks, conflicts_with and do_not_parallelize need related_ticket; waiting_capacity_note needs note; accepted_plan needs accepted_plan.`,
    input: z.object({
      ticket: ticketId,
      kind: planKind,
      related_ticket: z.string().optional().describe("Id of the other ticket."),
      note: z.string().optional(),
      accepted_plan: z.object({
        summary: z.string(),
        branch: z.string().nullish(),
        worktree: z.string().nullish(),
        role_plan: z.string().nullish(),
      }).optional(),
      author,
    }),
    async run(input, { signal }) {
      const { ticket, kind, related_ticket, note, accepted_plan, author } = input;
      const record = await store.plan(ticket, {
        kind,
        relatedTicket: related_ticket,
        note,
        acceptedPlan: accepted_plan && { ...accepted_plan, rolePlan: accepted_plan.role_plan },
        author,
        signal,
      });
      return {
        summary: `Recorded ${kind} in the plan of ticket ${record.ticketId}`,
        content: fitContent(() => planMembers(record), { text: MAX_CONTENT_BYTES, rows: 1 }),
      };
    },
  });
}

/** TicketOrchestrationPlanQuery. */
export function ticketPlanQuery(store: TicketStore): TicketToolMaker {
  return ticketTool({
    name: "TicketOrchestrationPlanQuery",
    description: `Lists records of the orchestration plan of one ticket or of all, oldest first.`,
    input: z.object({
      ticket: z.string().optional().describe("Id of the ticket. Default: all tickets."),
      relation_kind: planKind.optional().describe("Only records of this kind."),
      limit: limit("records", QUERY_LIMIT),
    }),
    async run({ ticket, relation_kind: kind, limit }, { signal }) {
      const id = ticket === undefined ? undefined : await store.resolveId(ticket);
      const { records, problems } = await store.plans(id, { kind, signal });
      const content = queryContent("records", { found: records, problems, limit }, planMembers);
      return { summary: `${records.length} plan record(s)`, content };
    },
  });
}
