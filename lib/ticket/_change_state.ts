/**
 * Ways from one state to another, without those to and from `closed`.
 *
 * Source: tickets specification, sections 5 and 7.6.
 *
 * @module
 */

import { RELATIONS_NAME } from "./_ticket_layout.ts";
import {
  artifactPlace,
  type Authored,
  type Change,
  type ChangeContext,
  type OpenTicket,
  type Operation,
  recordEvents,
  refuseV1,
} from "./_change.ts";
import type {
  IntakeReadyRequest,
  QueueRequest,
  SetStateRequest,
  TransitionRequest,
} from "./change_requests.ts";
import {
  headingOf,
  intakeReadyBody,
  intakeSummaryBody,
  queueBody,
  transitionBody,
} from "./event_kinds.ts";
import type { NewEvent } from "./event_text.ts";
import { checkAuthor, checkReason, checkTransitionBody, ifGiven } from "./_field_limits.ts";
import { stateFields } from "./_recovery.ts";
import { describeBlocker } from "./relation_view.ts";
import { parseRelations } from "./relations_file.ts";
import { isTicketState, TICKET_STATES, type TicketState, transitionBetween } from "./states.ts";
import type { GateOptions } from "./store_options.ts";
import type { TicketEvent } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";

/** The reason that `ticket state` records when none is given. */
const DEFAULT_REASON = "cli_state";

/** `planning` to `ready`: the summary of the intake and the transition, by one author. */
export function intakeReady(request: Authored<IntakeReadyRequest>): Operation<TicketEvent> {
  const author = checkAuthor(request.author);
  const summary = checkSummary(request.summary);
  const reason = checkReason(request.reason ?? "planning_ready");
  const body = ifGiven(request.body, checkTransitionBody);
  return (ticket, context) =>
    move(ticket, context, {
      from: "planning",
      to: "ready",
      author,
      reason,
      body: body ?? intakeReadyBody(context.language),
      summary,
    });
}

/** `ready` to `queued`, unless something blocks the ticket. */
export function queue(request: Authored<QueueRequest>): Operation<TicketEvent> {
  const author = checkAuthor(request.author, "queued_by");
  const body = ifGiven(request.body, checkTransitionBody);
  return (ticket, context) =>
    move(ticket, context, {
      from: "ready",
      to: "queued",
      author,
      reason: "queued",
      body: body ?? queueBody(author, context.language),
      onUnread: request.onUnread,
    });
}

/**
 * Any plain way. Whether there is one is known before the ticket is looked up.
 *
 * @throws {TicketError} `conflict` when there is none, or another operation takes it.
 */
export function transition(request: Authored<TransitionRequest>): Operation<TicketEvent> {
  const { from, to } = request;
  checkState(from);
  checkState(to);
  const way = transitionBetween(from, to);
  if (way === undefined) throw noWay(from, to);
  if (way.operation !== "transition") {
    const operation = way.operation.replaceAll("_", "-");
    throw TicketError.conflict(
      `a ticket goes from ${from} to ${to} by the operation ${operation}, not by a plain transition`,
    );
  }
  const author = checkAuthor(request.author);
  const reason = checkReason(request.reason);
  const body = checkTransitionBody(request.body ?? "");
  const { onUnread } = request;
  return (ticket, context) => move(ticket, context, { from, to, author, reason, body, onUnread });
}

/** What `ticket state` does: takes the way from whatever state the ticket has, with its gate. */
export function setState(
  to: TicketState,
  request: Authored<SetStateRequest>,
): Operation<TicketEvent> {
  checkState(to);
  if (to === "closed") {
    throw TicketError.conflict(
      "a ticket is closed with its resolution: use close (`yoi ticket close`)",
    );
  }
  const author = checkAuthor(request.author);
  const given = ifGiven(request.reason, checkReason);
  const body = ifGiven(request.body, checkTransitionBody);
  const summary = ifGiven(request.summary, checkSummary);
  if (summary !== undefined && to !== "ready") {
    throw TicketError.conflict(`an intake summary makes a ticket ready, not ${to}`);
  }
  return async (ticket, context) => {
    refuseV1(ticket, "change the state of");
    const from = ticket.item.fields.state;
    const { language } = context;
    const { onUnread } = request;
    const reason = given ?? DEFAULT_REASON;
    const go = (own: Pick<Move, "reason" | "body" | "summary">) =>
      move(ticket, context, { from, to, author, onUnread, ...own });
    switch (transitionBetween(from, to)?.operation) {
      case "intake_ready":
        return await go({
          reason,
          body: body ?? intakeReadyBody(language),
          summary: summary ?? intakeSummaryBody(author, language),
        });
      case "queue":
        return await go({ reason: given ?? "queued", body: body ?? queueBody(author, language) });
      case "transition":
        return await go({ reason, body: body ?? transitionBody(from, to, language) });
      case "reopen":
        throw TicketError.conflict(
          `${ticket.id} is closed: use reopen with a reason (\`yoi ticket reopen\`)`,
        );
      default:
        // A queue request is answered with what blocks the ticket first, whatever its state is.
        if (to === "queued") await assertUnblocked(ticket, context, { to, onUnread });
        throw noWay(from, to);
    }
  };
}

/** The event that every change of state leaves. */
export function stateChanged(
  change: {
    readonly from: string;
    readonly to: string;
    readonly author: string;
    readonly reason: string;
    readonly body: string;
    readonly field?: string | undefined;
  },
  { at, language }: Pick<ChangeContext, "at" | "language">,
): NewEvent {
  const { from, to, author, reason, body, field = "state" } = change;
  const kind = "state_changed";
  const attributes = [["from", from], ["to", to], ["reason", reason], ["field", field]] as const;
  return { kind, author, at, heading: headingOf(kind, language), body, attributes };
}

/** Who wants to know what a gate could not read. */
type Gate = Pick<GateOptions, "onUnread">;

interface Move extends Gate {
  readonly from: TicketState;
  readonly to: TicketState;
  readonly author: string;
  readonly reason: string;
  readonly body: string;
  /** Written as an event of its own before the transition. */
  readonly summary?: string;
}

async function move(
  ticket: OpenTicket,
  context: ChangeContext,
  request: Move,
): Promise<Change<TicketEvent>> {
  refuseV1(ticket, "change the state of");
  const { from, to, author, summary } = request;
  const way = transitionBetween(from, to);
  if (way?.gate === "no_unresolved_blocker") await assertUnblocked(ticket, context, request);
  const { state } = ticket.item.fields;
  if (state !== from) {
    throw TicketError.conflict(`${ticket.id} is ${state}, expected ${from}`, {
      path: ticket.place.path,
    });
  }
  const events = [
    ...(summary === undefined ? [] : [intakeSummary(summary, author, context)]),
    stateChanged(request, context),
  ];
  return recordEvents(ticket, events, stateFields(to, context.at, author));
}

async function assertUnblocked(
  ticket: OpenTicket,
  context: ChangeContext,
  { to, onUnread }: Gate & Pick<Move, "to">,
): Promise<void> {
  // Relations of its own that cannot be read could block: a tolerant reader passes them over, a gate
  // does not. Those of others are told, for one bad record must not stop all the rest.
  const own = context.readArtifact(RELATIONS_NAME);
  if (own !== undefined) parseRelations(own, artifactPlace(ticket, RELATIONS_NAME));
  const { blockers, problems } = await context.readBlockers();
  if (problems.length > 0) onUnread?.(problems);
  if (blockers.length === 0) return;
  throw TicketError.conflict(
    `${ticket.id} cannot become ${to}, it is blocked by ${
      blockers.map(describeBlocker).join(", ")
    }`,
  );
}

/** Also written by create, for a ticket that begins as ready. */
export function intakeSummary(
  summary: string,
  author: string,
  { at, language }: Pick<ChangeContext, "at" | "language">,
): NewEvent {
  const kind = "intake_summary";
  return { kind, author, at, heading: headingOf(kind, language), body: summary };
}

/** 1 byte to 16 KiB, not blank. */
export function checkSummary(text: string): string {
  if (text.trim() === "") throw TicketError.conflict("intake summary is blank");
  return checkTransitionBody(text, "intake summary");
}

/** Words of callers without types. */
export function checkState(word: TicketState): void {
  if (isTicketState(word)) return;
  throw TicketError.conflict(
    `state ${JSON.stringify(word)} is unknown (known: ${TICKET_STATES.join(", ")})`,
  );
}

function noWay(from: TicketState, to: TicketState): TicketError {
  const next = TICKET_STATES.filter((state) => {
    const operation = transitionBetween(from, state)?.operation;
    // These two have operations of their own, which ask for a resolution or a reason.
    return operation !== undefined && operation !== "close" && operation !== "reopen";
  });
  const others = from === "closed" ? "reopen it" : "or close it";
  const allowed = next.length === 0 ? others.replace("or ", "") : `${next.join(", ")}, ${others}`;
  return TicketError.conflict(`cannot go from ${from} to ${to} (allowed: ${allowed})`);
}
