/** Edits of title and body. @module */

import { type Authored, type ChangeContext, type Operation, recordEvents } from "./_change.ts";
import type { EditRequest } from "./change_requests.ts";
import { headingOf, itemEditBody } from "./event_kinds.ts";
import type { NewEvent } from "./event_text.ts";
import { checkAuthor, checkBody, checkTitle, ifGiven } from "./_field_limits.ts";
import { itemBody } from "./_frontmatter_edit.ts";
import type { TicketEvent } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";

/** What an edit of an item can touch. */
export type Part = "title" | "body" | "frontmatter";

/** Replaces the title, the body, or both. */
export function editItem(request: Authored<EditRequest>): Operation<TicketEvent> {
  const author = checkAuthor(request.author);
  const title = ifGiven(request.title, checkTitle);
  const body = ifGiven(request.body, (text) => itemBody(checkBody(text)));
  if (title === undefined && body === undefined) {
    throw TicketError.conflict("an edit needs a title or a body");
  }
  return (ticket, context) => {
    const { at } = context;
    const parts: Part[] = [];
    if (title !== undefined && title !== ticket.item.fields.title) parts.push("title");
    if (body !== undefined && body !== ticket.file.body) parts.push("body");
    if (parts.length === 0) throw TicketError.conflict(`the edit does not change ${ticket.id}`);
    const fields = { ...(parts.includes("title") ? { title: title! } : {}), updated_at: at };
    const options = parts.includes("body") ? { body: body! } : {};
    return recordEvents(ticket, [itemEdit(parts, author, context)], fields, options);
  };
}

/** The event of an edit. */
export function itemEdit(
  parts: readonly Part[],
  author: string,
  { at, language }: ChangeContext,
): NewEvent {
  const kind = "item_edit";
  const body = itemEditBody(parts, language);
  return { kind, author, at, heading: headingOf(kind, language), body };
}
