/**
 * Tools that look at the ticket store as a whole: list, doctor, dependency check.
 *
 * Source: tickets specification, sections 7.3, 8, 11 and 14; W3 and W9.
 *
 * @module
 */

import { z } from "zod";
import type { ListOptions } from "../ticket/ticket_list.ts";
import type { TicketStore } from "../ticket/store.ts";
import type { TicketRow } from "../ticket/ticket.ts";
import { limit, ticketId, ticketState } from "./_ticket_inputs.ts";
import { problemsOf } from "./_ticket_problems.ts";
import { blockerOf } from "./_ticket_relation_tools.ts";
import { fitContent, MAX_CONTENT_BYTES, oneLine } from "./_ticket_text.ts";
import { clamp, ticketTool, type TicketToolMaker } from "./_ticket_tool.ts";

const LIST_LIMIT = { fallback: 50, most: 100 };
const DOCTOR_LIMIT = { fallback: 100, most: 500 };
const TITLE_CHARACTERS = 96;
const READINESS_CHARACTERS = 80;

/** TicketList. */
export function ticketList(store: TicketStore): TicketToolMaker {
  return ticketTool({
    name: "TicketList",
    description: `Lists tickets: id, title, state, last change. Never their bodies; use TicketShow.

- Oldest first. For more rows than limit, ask again with after set to the last id, or with newest_first.
- Records that cannot be read are named under problems, beside the others.`,
    input: z.object({
      state: z.enum([...ticketState.options, "all", "active"]).optional().describe(
        "Default all. active: all but closed. Not together with states.",
      ),
      states: z.array(ticketState).min(1).optional().describe("Several states at once."),
      limit: limit("tickets", LIST_LIMIT),
      after: z.string().optional().describe("Only tickets behind this id, in the list's order."),
      newest_first: z.boolean().optional(),
    }),
    check: ({ state, states }) =>
      state !== undefined && states !== undefined ? "give state or states, not both" : undefined,
    async run(input, { signal }) {
      const { state = "all", states } = input;
      const wanted = clamp(input.limit, LIST_LIMIT);
      const options: ListOptions = {
        states: states ?? (state === "all" || state === "active" ? state : [state]),
        sort: "id",
        limit: wanted,
        // A place behind no ticket would look like the end of the list.
        ...(input.after !== undefined && { after: await store.resolveId(input.after) }),
        ...(input.newest_first && { reverse: true }),
        signal,
      };
      const { tickets, problems, total, truncated } = await store.list(options);
      const filter = states?.join(",") ?? state;
      let returned = 0;
      const content = fitContent(({ rows }) => {
        const shown = tickets.slice(0, rows);
        // What is rendered last is what is returned.
        returned = shown.length;
        return {
          state_filter: filter,
          count: total,
          returned,
          truncated: truncated || returned < tickets.length,
          limit: wanted,
          tickets: shown.map(rowOf),
          ...problemsOf(problems, rows),
        };
      }, { text: MAX_CONTENT_BYTES, rows: wanted });
      const unreadable = problems.length > 0 ? `; ${problems.length} unreadable` : "";
      return {
        summary: `${returned} of ${total} ticket(s), state ${filter}${unreadable}`,
        content,
      };
    },
  });
}

function rowOf(row: TicketRow): Record<string, unknown> {
  const hints = row.hints.map((hint) => {
    const [, readiness] = /^readiness:(.*)$/s.exec(hint) ?? [];
    return readiness === undefined
      ? oneLine(hint, READINESS_CHARACTERS)
      : `readiness:${oneLine(readiness, READINESS_CHARACTERS)}`;
  });
  return {
    id: row.id,
    title: oneLine(row.title, TITLE_CHARACTERS),
    state: row.state,
    updated_at: row.updatedAt,
    ...(hints.length > 0 && { hints }),
  };
}

/** TicketDoctor. */
export function ticketDoctor(store: TicketStore): TicketToolMaker {
  return ticketTool({
    name: "TicketDoctor",
    description: `Checks the whole ticket store and tells what is wrong. Changes nothing.`,
    input: z.object({ limit: limit("diagnostics", DOCTOR_LIMIT) }),
    async run(input, { signal }) {
      const wanted = clamp(input.limit, DOCTOR_LIMIT);
      const { ok, diagnostics } = await store.doctor({ signal });
      const errors = diagnostics.filter(({ severity }) => severity === "error").length;
      const content = fitContent(({ rows }) => {
        const shown = diagnostics.slice(0, Math.min(rows, wanted));
        return {
          ok,
          error_count: errors,
          diagnostic_count: diagnostics.length,
          returned: shown.length,
          truncated: shown.length < diagnostics.length,
          diagnostics: shown.map(({ severity, message, path, code, line, ticket }) => {
            return { severity, message, path, code, line, ticket };
          }),
        };
      }, { text: MAX_CONTENT_BYTES, rows: wanted });
      const warnings = diagnostics.length - errors;
      return {
        summary: ok
          ? `Doctor: ok, ${warnings} warning(s)`
          : `Doctor: ${errors} error(s), ${warnings} warning(s)`,
        content,
      };
    },
  });
}

/** TicketDependencyCheck. */
export function ticketDependencyCheck(store: TicketStore): TicketToolMaker {
  return ticketTool({
    name: "TicketDependencyCheck",
    description:
      `Tells whether a ticket could be queued now, what blocks it, and what to do next. Changes nothing.`,
    input: z.object({ ticket: ticketId }),
    async run(input, { signal }) {
      const ticket = await store.resolveId(input.ticket);
      const { blockers, canQueue, reasons, nextAction, problems } = await store
        .dependencyCheck(ticket, { signal });
      const content = fitContent(({ rows }) => ({
        ticket,
        can_queue: canQueue,
        reasons: reasons.slice(0, rows),
        blocker_count: blockers.length,
        blockers: blockers.slice(0, rows).map(blockerOf),
        next_action: nextAction,
        ...problemsOf(problems, rows),
      }), {
        text: MAX_CONTENT_BYTES,
        rows: Math.max(blockers.length, reasons.length, problems.length, 1),
      });
      const blocked = blockers.length > 0 ? `, ${blockers.length} unresolved blocker(s)` : "";
      return {
        summary: `Ticket ${ticket} can${canQueue ? "" : "not"} be queued now${blocked}`,
        content,
      };
    },
  });
}
