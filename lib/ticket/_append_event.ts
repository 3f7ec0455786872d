/** Comments, plans, decisions, reports and reviews: they change nothing but the thread. @module */

import { type Authored, type Operation, recordEvents } from "./_change.ts";
import type { CommentRequest, ReviewRequest } from "./change_requests.ts";
import { headingOf, type ReviewResult } from "./event_kinds.ts";
import { checkAuthor, checkBody } from "./_field_limits.ts";
import { COMMENT_KINDS, REVIEW_RESULTS } from "./request_words.ts";
import type { TicketEvent } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";

/** An event of one of the free kinds, in any state and generation. */
export function comment(request: Authored<CommentRequest>): Operation<TicketEvent> {
  const kind = request.kind ?? "comment";
  // Callers without types: the kind comes from a command line or a model.
  if (!COMMENT_KINDS.includes(kind)) {
    throw TicketError.conflict(
      `comment kind ${JSON.stringify(kind)} is unknown (known: ${COMMENT_KINDS.join(", ")})`,
    );
  }
  return appendEvent(kind, request, {});
}

/** The verdict of a reviewer, in any state and generation. */
export function review(request: Authored<ReviewRequest>): Operation<TicketEvent> {
  const { result } = request;
  if (!REVIEW_RESULTS.includes(result)) {
    throw TicketError.conflict(
      `review result ${JSON.stringify(result)} is unknown (known: ${REVIEW_RESULTS.join(", ")})`,
    );
  }
  return appendEvent("review", request, { reviewResult: result });
}

function appendEvent(
  kind: string,
  request: Pick<Authored<CommentRequest>, "author" | "body">,
  { reviewResult }: { reviewResult?: ReviewResult },
): Operation<TicketEvent> {
  const author = checkAuthor(request.author);
  const body = checkBody(request.body);
  return (ticket, { at, language }) => {
    const heading = headingOf(kind, language, { reviewResult });
    const attributes = reviewResult === undefined ? [] : [["status", reviewResult] as const];
    const event = { kind, author, at, heading, body, attributes };
    return recordEvents(ticket, [event], { updated_at: at });
  };
}
