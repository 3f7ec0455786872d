/**
 * Tools that write tickets and their threads.
 *
 * Source: tickets specification, sections 5, 7, 11 and 14; W13.
 *
 * @module
 */

import { z } from "zod";
import { COMMENT_KINDS, REVIEW_RESULTS } from "../ticket/request_words.ts";
import { type TicketState, transitionBetween } from "../ticket/states.ts";
import type { TicketStore } from "../ticket/store.ts";
import { TicketError } from "../ticket/ticket_error.ts";
import { author, ticketId, ticketState } from "./_ticket_inputs.ts";
import { UnreadRecords } from "./_ticket_problems.ts";
import { byteLength, type Marker, markersIn } from "./_ticket_text.ts";
import { doneWith, ticketTool, type TicketToolMaker } from "./_ticket_tool.ts";

/** Author of tickets that a model creates without naming one. */
const CREATOR = "LocalTicketBackend";
const INTAKE_REASON = "planning_ready";

/** TicketCreate. */
export function ticketCreate(store: TicketStore): TicketToolMaker {
  return ticketTool({
    name: "TicketCreate",
    description: `Creates a ticket and returns its id.

- A new ticket is in planning. It can start as ready only with an intake_summary; every later state has a gate and a record of its own and is reached step by step.
- body is Markdown; without one the ticket gets a skeleton to fill in.`,
    input: z.object({
      title: z.string().describe("One line."),
      body: z.string().optional().describe("Markdown: background, acceptance criteria."),
      author: z.string().optional().describe(`Who writes this. Default: ${CREATOR}.`),
      assignee: z.string().optional(),
      readiness: z.string().optional().describe("A word on how ready it is, free text."),
      risk_flags: z.array(z.string()).optional(),
      state: ticketState.optional().describe("planning (default), or ready with intake_summary."),
      intake_summary: z.string().optional().describe("What intake found; needed for state ready."),
      queued_by: z.string().optional(),
      queued_at: z.string().optional().describe("UTC, YYYY-MM-DDTHH:MM:SSZ."),
    }),
    strict: ["risk_flags"],
    check({ state = "planning", intake_summary }) {
      if (state === "planning") return undefined;
      if (state !== "ready") {
        return `state: a ticket cannot be created as ${state}, because the gates and records ` +
          "before it would be missing; create it in planning and move it on";
      }
      return intake_summary === undefined
        ? "state: a ticket is created as ready only with intake_summary; " +
          "give one, or create it in planning and use TicketIntakeReady"
        : undefined;
    },
    async run(input, { signal }) {
      const { title, body, author = CREATOR, assignee, readiness, state = "planning" } = input;
      const id = await store.create({
        title,
        body,
        author,
        assignee,
        readiness,
        riskFlags: input.risk_flags,
        state,
        summary: input.intake_summary,
        queuedBy: input.queued_by,
        queuedAt: input.queued_at,
        signal,
      });
      return {
        summary: `Created ticket ${id} (${state})`,
        content: JSON.stringify({ id, state }, null, 2),
      };
    },
  });
}

/** TicketComment. */
export function ticketComment(store: TicketStore): TicketToolMaker {
  return ticketTool({
    name: "TicketComment",
    description: `Appends a comment, plan, decision or implementation report to a ticket's thread.

- Works in every state. The thread is append-only: nothing said before is changed.`,
    input: z.object({
      ticket: ticketId,
      role: z.enum(COMMENT_KINDS),
      body: z.string().describe("Markdown."),
      author,
    }),
    async run({ ticket, role, body, author }, { signal }) {
      await store.comment(ticket, { kind: role, body, author, signal });
      return doneWith(`Added ${role} to ticket ${ticket}`, { ticket, event: role });
    },
  });
}

/** TicketReview. */
export function ticketReview(store: TicketStore): TicketToolMaker {
  return ticketTool({
    name: "TicketReview",
    description: `Records a review in a ticket's thread; the state stays as it is.`,
    input: z.object({
      ticket: ticketId,
      result: z.enum(REVIEW_RESULTS),
      body: z.string().describe("Markdown: what was looked at and what was found."),
      author,
    }),
    async run({ ticket, result, body, author }, { signal }) {
      await store.review(ticket, { result, body, author, signal });
      return doneWith(`Reviewed ticket ${ticket}: ${result}`, { ticket, review: result });
    },
  });
}

/** TicketIntakeReady. */
export function ticketIntakeReady(store: TicketStore): TicketToolMaker {
  return ticketTool({
    name: "TicketIntakeReady",
    description:
      `Ends the intake of a ticket: records the summary and moves it from planning to ready.

- intake_summary says what is wanted, what was decided and what is open; it may not be blank.`,
    input: z.object({
      ticket: ticketId,
      intake_summary: z.string().describe("Markdown, at most 16 KiB."),
      author,
      reason: z.string().optional().describe(`One line. Default ${INTAKE_REASON}.`),
      state_change_body: z.string().optional().describe("More on the change of state, Markdown."),
    }),
    async run(input, { signal }) {
      const { ticket, intake_summary: summary, author, reason = INTAKE_REASON } = input;
      const body = input.state_change_body;
      await store.intakeReady(ticket, { summary, reason, body, author, signal });
      return doneWith(`Ticket ${ticket} is ready`, { ticket, state: "ready" });
    },
  });
}

/** TicketWorkflowState. */
export function ticketWorkflowState(store: TicketStore): TicketToolMaker {
  return ticketTool({
    name: "TicketWorkflowState",
    description: `Moves a ticket from one state to the next and records why.

- Transitions: queued to inprogress (no unresolved blocker), inprogress to done, ready or queued back to planning. Use TicketIntakeReady for planning to ready, TicketQueue for ready to queued, TicketClose for closed.
- from has to be the ticket's state; when somebody else has changed it, nothing is written.`,
    input: z.object({
      ticket: ticketId,
      from: ticketState.describe("The state it is in now."),
      to: ticketState.describe("The state to move it to."),
      reason: z.string().describe("A word or line saying why."),
      body: z.string().describe("More on it, Markdown; may be empty."),
      author,
    }),
    check: ({ from, to }) =>
      from === to ? `from and to are both ${from}: nothing would change` : undefined,
    async run({ ticket, from, to, reason, body, author }, { signal }) {
      const other = detour(from, to);
      if (other !== undefined) throw TicketError.conflict(other);
      const unread = new UnreadRecords();
      const { onUnread } = unread;
      await store.transition(ticket, { from, to, reason, body, author, signal, onUnread });
      return doneWith(`Ticket ${ticket}: ${from} -> ${to}`, {
        ...{ ticket, from, to, state: to },
        ...unread.members(),
      });
    },
  });
}

/** Ways that another tool takes, because they ask for more than a reason. */
function detour(from: TicketState, to: TicketState): string | undefined {
  switch (transitionBetween(from, to)?.operation) {
    case "intake_ready":
      return "planning -> ready needs an intake summary; use TicketIntakeReady";
    case "queue":
      return "ready -> queued looks at blockers and records who queued it; use TicketQueue";
    case "close":
      return "closing needs a resolution; use TicketClose";
    case "reopen":
      return "a closed ticket is reopened by a person, with yoi ticket reopen";
    default:
      return undefined;
  }
}

/** TicketClose. */
export function ticketClose(store: TicketStore): TicketToolMaker {
  return ticketTool({
    name: "TicketClose",
    description: `Closes a ticket, whatever its state, and stores how it was resolved.`,
    input: z.object({
      ticket: ticketId,
      resolution: z.string().describe("What was done, or why nothing will be; Markdown."),
    }),
    async run({ ticket, resolution }, { signal }) {
      await store.close(ticket, { resolution, signal });
      return doneWith(`Closed ticket ${ticket}`, { ticket, state: "closed" });
    },
  });
}

/** TicketEditItem. */
export function ticketEditItem(store: TicketStore): TicketToolMaker {
  return ticketTool({
    name: "TicketEditItem",
    description: `Replaces the title, the whole body, or both, of a ticket.

- A body replaces the old one completely: read it with TicketShow first and hand in all of it.`,
    input: z.object({
      ticket: ticketId,
      title: z.string().optional().describe("One line."),
      body: z.string().optional().describe("The whole new body, Markdown."),
      author,
    }),
    check: ({ title, body }) =>
      title === undefined && body === undefined ? "give at least one of title and body" : undefined,
    async run({ ticket, title, body, author }, { signal }) {
      const markers = markersIn(body ?? "");
      if (markers.length > 0) await checkWhole(store, ticket, { markers, signal });
      await store.editItem(ticket, { title, body, author, signal });
      const edited = [
        ...(title === undefined ? [] : ["title"]),
        ...(body === undefined ? [] : ["body"]),
      ];
      return doneWith(`Edited ${edited.join(" and ")} of ticket ${ticket}`, { ticket, edited });
    },
  });
}

/**
 * Throws for a body that was cut to fit an answer, which would take the place of the whole one.
 *
 * @param markers The marks of cutting in the new body.
 * @throws {TicketError} `conflict` when one may be that of the body that the ticket has.
 */
async function checkWhole(
  store: TicketStore,
  ticket: string,
  { markers, signal }: { markers: readonly Marker[]; signal: AbortSignal },
): Promise<void> {
  const { body } = await store.show(ticket, { signal });
  const size = byteLength(body);
  const quoted = new Set(markersIn(body).map(({ text }) => text));
  // A ticket may quote such marks: this body has been cut only if it is longer than what was dropped.
  const cut = markers.find(({ text, dropped }) => dropped < size && !quoted.has(text));
  if (cut === undefined) return;
  throw TicketError.conflict(
    `body holds "${cut.text}", the mark of a text that was cut, and would replace the whole text: ` +
      "read all of it with TicketShow, with a larger body_max_bytes and a smaller event_limit",
  );
}

/** TicketQueue. */
export function ticketQueue(store: TicketStore): TicketToolMaker {
  return ticketTool({
    name: "TicketQueue",
    description: `Puts a ready ticket into the queue.

- Refused while something it depends on is unresolved; TicketDependencyCheck tells what.`,
    input: z.object({
      ticket: ticketId,
      queued_by: z.string().optional().describe("Who queues it. Default: the user."),
    }),
    async run({ ticket, queued_by: queuedBy }, { signal }) {
      const unread = new UnreadRecords();
      await store.queue(ticket, { queuedBy, signal, onUnread: unread.onUnread });
      const members = unread.members();
      return doneWith(`Queued ticket ${ticket}`, { ticket, state: "queued", ...members });
    },
  });
}
