/** Edits of title and body, and of the whole `item.md` in an editor. @module */

import {
  appendEvents,
  type ChangeContext,
  type Operation,
  recordEvents,
  setFields,
} from "./_change.ts";
import { headingOf, itemEditBody } from "./event_kinds.ts";
import type { NewEvent } from "./event_text.ts";
import { checkAuthor, checkBody, checkTitle } from "./_field_limits.ts";
import { readItem, type TicketItem } from "./item.ts";
import { splitItem } from "./item_file.ts";
import { OBSOLETE_KEYS } from "./_obsolete_keys.ts";
import type { Frontmatter, TicketEvent } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";

type Part = "title" | "body" | "frontmatter";

/** Replaces the title, the body, or both. */
export function editItem(
  request: {
    readonly title?: string | undefined;
    readonly body?: string | undefined;
    readonly author: string;
  },
): Operation<TicketEvent> {
  const author = checkAuthor(request.author);
  const title = request.title === undefined ? undefined : checkTitle(request.title);
  const body = request.body === undefined ? undefined : itemBody(checkBody(request.body));
  if (title === undefined && body === undefined) {
    throw TicketError.conflict("an edit needs a title or a body");
  }
  return (ticket, context) => {
    const { at } = context;
    const parts: Part[] = [];
    if (title !== undefined && title !== ticket.item.fields.title) parts.push("title");
    if (body !== undefined && body !== ticket.file.body) parts.push("body");
    if (parts.length === 0) throw TicketError.conflict(`the edit does not change ${ticket.id}`);
    const { write, recorded } = appendEvents(ticket, [itemEdit(parts, author, context)]);
    const fields = { ...(parts.includes("title") ? { title: title! } : {}), updated_at: at };
    const options = parts.includes("body") ? { body: body! } : {};
    return { writes: [write, setFields(ticket, fields, options)], result: recorded[0]! };
  };
}

/**
 * Puts an edited text in the place of `item.md`, if that still is what the editor was given. The
 * state and the times are not edited like this.
 */
export function replaceItem(
  newText: string,
  request: { readonly expected: string; readonly author: string },
): Operation<TicketEvent> {
  const author = checkAuthor(request.author);
  return (ticket, context) => {
    if (ticket.file.text !== request.expected) {
      throw TicketError.conflict(`${ticket.id} was changed while it was being edited`, {
        path: ticket.place.path,
      });
    }
    const file = splitItem(newText, ticket.place.path);
    const item = readItem(newText, ticket.place, ticket.yaml);
    if (item === "needs_yaml") throw new TypeError("Cannot read item: the YAML parser is missing");
    checkTitle(item.fields.title);
    checkBody(file.body);
    for (const key of ["state", "createdAt"] as const) {
      if (item.fields[key] !== ticket.item.fields[key]) {
        throw TicketError.conflict(
          `the ${
            key === "state" ? "state" : "time of creation"
          } is not changed by editing the item`,
        );
      }
    }
    for (const key of OBSOLETE_KEYS) {
      if (ticket.generation === "v1" || !(key in item.frontmatter)) continue;
      if (key in ticket.item.frontmatter) continue;
      throw TicketError.conflict(`${key} is a key of older tickets, which newer ones do not have`);
    }
    const parts = editedParts({ item: ticket.item, body: ticket.file.body }, {
      item,
      body: file.body,
    });
    if (parts.length === 0) throw TicketError.conflict(`the edit does not change ${ticket.id}`);
    const edited = { ...ticket, file, item };
    const { writes, result } = recordEvents(edited, [itemEdit(parts, author, context)], {
      updated_at: context.at,
    });
    return { writes, result: result[0]! };
  };
}

/** A body as a new ticket has it: behind a blank line, with a final LF. */
function itemBody(text: string): string {
  const gap = text.startsWith("\n") ? "" : "\n";
  return `${gap}${text}${text === "" || text.endsWith("\n") ? "" : "\n"}`;
}

function itemEdit(
  parts: readonly Part[],
  author: string,
  { at, language }: ChangeContext,
): NewEvent {
  const kind = "item_edit";
  const body = itemEditBody(parts, language);
  return { kind, author, at, heading: headingOf(kind, language), body };
}

interface Version {
  readonly item: TicketItem;
  readonly body: string;
}

function editedParts(before: Version, after: Version): Part[] {
  const parts: Part[] = [];
  if (before.item.fields.title !== after.item.fields.title) parts.push("title");
  if (before.body !== after.body) parts.push("body");
  if (restOf(before.item.frontmatter) !== restOf(after.item.frontmatter)) parts.push("frontmatter");
  return parts;
}

/** The keys that are no part of their own, as one comparable text. */
function restOf(frontmatter: Frontmatter): string {
  const { title: _title, updated_at: _updatedAt, ...rest } = frontmatter;
  return JSON.stringify(Object.entries(rest).sort(([a], [b]) => a < b ? -1 : 1));
}
