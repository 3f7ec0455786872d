/**
 * Events that tell of something done elsewhere: they leave the state as it is.
 *
 * Source: tickets specification, section 5.
 *
 * @module
 */

import { type Authored, type ChangeContext, type Operation, recordEvents } from "./_change.ts";
import type { IntakeSummaryRecord, StateChangeRecord } from "./change_requests.ts";
import { checkSummary, intakeSummary, stateChanged } from "./_change_state.ts";
import { checkAttribute, checkAuthor, checkReason, checkTransitionBody } from "./_field_limits.ts";
import type { NewEvent } from "./event_text.ts";
import { BARE_ATTRIBUTE } from "./_recovery.ts";
import type { TicketEvent } from "./ticket.ts";

/** Longest word for a state, or name of a field, in bytes. */
const MAX_WORD_BYTES = 1024;

/** A `state_changed` in any words. */
export function bareStateChange(request: Authored<StateChangeRecord>): Operation<TicketEvent> {
  const { field = "state" } = request;
  for (const [name, word] of Object.entries({ from: request.from, to: request.to, field })) {
    checkAttribute(name, word, MAX_WORD_BYTES);
  }
  const author = checkAuthor(request.author);
  const reason = checkReason(request.reason);
  const body = checkTransitionBody(request.body ?? "");
  return record((context) => {
    const event = stateChanged({ ...request, author, reason, body }, context);
    return { ...event, attributes: [...event.attributes ?? [], BARE_ATTRIBUTE] };
  });
}

/** An `intake_summary` without the transition that usually follows. */
export function bareIntakeSummary(request: Authored<IntakeSummaryRecord>): Operation<TicketEvent> {
  const author = checkAuthor(request.author);
  const summary = checkSummary(request.summary);
  return record((context) => intakeSummary(summary, author, context));
}

function record(makeEvent: (context: ChangeContext) => NewEvent): Operation<TicketEvent> {
  return (ticket, context) =>
    recordEvents(ticket, [makeEvent(context)], { updated_at: context.at });
}
