/** Fields of `item.md` that have no operation of their own, with a record in the thread. @module */

import { type Authored, type Operation, recordEvents } from "./_change.ts";
import type { SetFieldRequest } from "./change_requests.ts";
import { fieldChangeBody, headingOf } from "./event_kinds.ts";
import {
  checkAttribute,
  checkAuthor,
  checkReason,
  checkSingleLine,
  checkTransitionBody,
  ifGiven,
  MAX_REASON_BYTES,
} from "./_field_limits.ts";
import { OBSOLETE_KEYS } from "./_obsolete_keys.ts";
import { ABSENT } from "./_field_recovery.ts";
import { PRIORITIES, type Priority } from "./request_words.ts";
import type { FrontmatterValue, TicketEvent } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";

/** Keys with an operation of their own, and what to use instead. */
const OWN_OPERATION: ReadonlyMap<string, string> = new Map([
  ["state", "changing the state"],
  ["workflow_state", "changing the state"],
  ["status", "changing the state"],
  ["title", "editing the item"],
  ["created_at", "creating a ticket"],
  ["updated_at", "any other change"],
]);

const OBSOLETE: ReadonlySet<string> = new Set(OBSOLETE_KEYS);

/** Sets a field, `null` takes its value away. */
export function changeField(request: Authored<SetFieldRequest>): Operation<TicketEvent> {
  const field = checkField(request.field);
  const author = checkAuthor(request.author);
  const reason = checkReason(request.reason);
  const to = request.to === null ? null : checkValue(field, request.to);
  if (field === "priority") checkPriority(to);
  const given = ifGiven(request.body, checkTransitionBody);
  return (ticket, { at, language }) => {
    if (ticket.generation !== "v1" && OBSOLETE.has(field)) {
      throw TicketError.conflict(
        `${field} is a key of older tickets, which newer ones do not have`,
      );
    }
    const from = textOf(field, ticket.item.frontmatter[field]);
    if (request.from !== undefined && request.from !== from) {
      throw TicketError.conflict(
        `${field} of ${ticket.id} is ${quoted(from)}, expected ${quoted(request.from)}`,
        { path: ticket.place.path },
      );
    }
    if (from === to) {
      const detail = to === null
        ? `${ticket.id} has no ${field} already`
        : `${field} of ${ticket.id} is ${quoted(to)} already`;
      throw TicketError.conflict(detail, { path: ticket.place.path });
    }
    const kind = "state_changed";
    const event = {
      kind,
      author,
      at,
      heading: headingOf(kind, language),
      body: given ?? fieldChangeBody(field, from, to, language),
      attributes: [
        ["from", from === null ? ABSENT : checkValue(presentName(field), from)],
        ["to", to ?? ABSENT],
        ["reason", reason],
        ["field", field],
      ] as const,
    };
    return recordEvents(ticket, [event], { updated_at: at, [field]: to });
  };
}

/** Sets the priority, `null` for none. */
export function setPriority(priority: Priority | null, author: string): Operation<TicketEvent> {
  const to = checkPriority(priority);
  return changeField({ field: "priority", to, reason: "priority", author });
}

/** Assigns the ticket, `null` unassigns it. */
export function assign(assignee: string | null, author: string): Operation<TicketEvent> {
  return changeField({ field: "assignee", to: assignee, reason: "assign", author });
}

/** Checks a priority that comes from a command line or a model. */
export function checkPriority(value: string | null): Priority | null {
  const known: readonly (string | null)[] = [...PRIORITIES, null];
  if (known.includes(value)) return value as Priority | null;
  throw TicketError.conflict(
    `priority ${JSON.stringify(value)} is unknown (known: ${PRIORITIES.join(", ")})`,
  );
}

function checkField(field: string): string {
  checkSingleLine("field name", field, MAX_REASON_BYTES);
  if (field.includes("--") || !/^[A-Za-z0-9_-]+$/.test(field)) {
    throw TicketError.conflict(`field name ${JSON.stringify(field)} has to be a plain word`);
  }
  const operation = OWN_OPERATION.get(field);
  if (operation !== undefined) {
    throw TicketError.conflict(`${field} cannot be set directly; it changes by ${operation}`);
  }
  return field;
}

/** Names a value that no event can name, and the way to be rid of it. */
function presentName(field: string): string {
  return `the present ${field} (\`yoi ticket edit\` can change it)`;
}

function checkValue(name: string, value: string): string {
  return checkAttribute(name, value, MAX_REASON_BYTES);
}

function textOf(field: string, value: FrontmatterValue | undefined): string | null {
  if (value === undefined || value === null || value === "") return null;
  if (typeof value === "object") throw TicketError.conflict(`${field} is a list, not one value`);
  return String(value);
}

function quoted(value: string | null): string {
  return value === null ? "not set" : JSON.stringify(value);
}
