/** Closing with a resolution, and taking that back. @module */

import {
  type Authored,
  type ChangeContext,
  ensureArtifacts,
  type OpenTicket,
  type Operation,
  recordEvents,
  refuseV1,
} from "./_change.ts";
import type { CloseRequest, ReopenRequest } from "./change_requests.ts";
import { stateChanged } from "./_change_state.ts";
import type { Write } from "./_write.ts";
import { closeBody, headingOf, meaningOfKind, reopenBody } from "./event_kinds.ts";
import { checkAuthor, checkBody, checkReason } from "./_field_limits.ts";
import { stateFields } from "./_recovery.ts";
import type { TicketEvent } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";

/**
 * Any state to `closed`: the resolution first, then the thread, then the item, so that a closed
 * ticket never lacks its resolution, and a blank one is none. Closing again keeps a copy of the
 * earlier resolution as an artifact, before the new one takes its place.
 */
export function close(request: Authored<CloseRequest>): Operation<TicketEvent> {
  const author = checkAuthor(request.author);
  const resolution = checkBody(request.resolution, "resolution");
  if (resolution.trim() === "") {
    throw TicketError.conflict("resolution is blank: say how it was resolved");
  }
  return (ticket, context) => {
    refuseV1(ticket, "close");
    const { at, language } = context;
    const from = ticket.item.fields.state;
    const events = [
      ...(from === "closed" ? [] : [
        stateChanged(
          { from, to: "closed", author, reason: "closed", body: closeBody(language) },
          context,
        ),
      ]),
      {
        kind: "close",
        author,
        at,
        heading: headingOf("close", language),
        body: resolution,
        attributes: [["status", "closed"] as const],
      },
    ];
    const { writes, result } = recordEvents(ticket, events, stateFields("closed", at, author));
    const earlier = ticket.readResolution();
    const isKept = earlier === null || earlier === resolution;
    return {
      writes: [
        ...(isKept ? [] : copyResolution(ticket, context, earlier)),
        { action: "write", path: `${ticket.folder}/resolution.md`, text: resolution },
        ...writes,
      ],
      result,
    };
  };
}

/** `closed` to `planning`: the resolution moves to the artifacts, and the reason is recorded. */
export function reopen(request: Authored<ReopenRequest>): Operation<TicketEvent> {
  const author = checkAuthor(request.author);
  const reason = checkReason(request.reason);
  return (ticket, context) => {
    refuseV1(ticket, "reopen");
    const { state } = ticket.item.fields;
    if (state !== "closed") {
      throw TicketError.conflict(`${ticket.id} is ${state}: only a closed ticket can be reopened`, {
        path: ticket.place.path,
      });
    }
    const archive = ticket.readResolution() === null ? undefined : archivePath(ticket, context);
    const body = reopenBody(reason, archive, context.language);
    const change = { from: state, to: "planning", author, reason, body } as const;
    const fields = stateFields("planning", context.at, author);
    const { writes, result } = recordEvents(ticket, [stateChanged(change, context)], fields);
    const moves = archive === undefined ? [] : moveResolution(ticket, archive);
    return { writes: [...moves, ...writes], result };
  };
}

/** Keeps the resolution, byte for byte, where it is and among the artifacts. */
function copyResolution(ticket: OpenTicket, context: ChangeContext, text: string): Write[] {
  const path = `${ticket.folder}/${archivePath(ticket, context)}`;
  return [ensureArtifacts(ticket), { action: "write", path, text }];
}

/** Moves the resolution among the artifacts. */
function moveResolution(ticket: OpenTicket, to: string): Write[] {
  const { folder } = ticket;
  return [
    ensureArtifacts(ticket),
    { action: "rename", path: `${folder}/resolution.md`, to: `${folder}/${to}` },
  ];
}

/** A path below the ticket's folder for its resolution, with a name that no other artifact has. */
function archivePath(ticket: OpenTicket, context: ChangeContext): string {
  // Punctuation of a time has no place in file names everywhere; digits and letters say enough.
  const stamp = (closedAt(ticket) ?? "unknown").replace(/[^0-9A-Za-z]/g, "").slice(0, 32);
  const base = `resolution-${stamp}`;
  let name = `${base}.md`;
  for (let count = 2; context.hasArtifact(name); count++) name = `${base}-${count}.md`;
  return `artifacts/${name}`;
}

/** When the ticket was closed last, as its records say. */
function closedAt(ticket: OpenTicket): string | null {
  const closing = ticket.thread.events.findLast((event) =>
    meaningOfKind(event.kind) === "close" || event.attributes["to"] === "closed"
  );
  return closing?.at ?? ticket.item.fields.updatedAt;
}
