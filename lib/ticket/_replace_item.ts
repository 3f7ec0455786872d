/** Edits of the whole `item.md` in an editor, also of one that cannot be read. @module */

import {
  type Change,
  type ChangeContext,
  type OpenTicket,
  type Operation,
  recordEvents,
  type Repair,
  type UnreadTicket,
} from "./_change.ts";
import { checkPriority } from "./_change_field.ts";
import { itemEdit, type Part } from "./_edit_item.ts";
import { checkAuthor, checkBody, checkTitle } from "./_field_limits.ts";
import { type ItemBefore, itemBefore, itemBeforeDamage } from "./_item_before.ts";
import { readItem, type TicketItem } from "./item.ts";
import { type ItemFile, splitItem, withLineFeeds } from "./item_file.ts";
import { OBSOLETE_KEYS } from "./_obsolete_keys.ts";
import type { Frontmatter, TicketEvent } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";

/** A text that was edited. */
export interface ItemReplacement {
  readonly text: string;
  /** What the editor was given. */
  readonly expected: string;
  readonly author: string;
}

/**
 * Puts an edited text in the place of `item.md`, if that still is what the editor was given. The
 * state and the times are not edited like this. A text that says the same, though its line ends or
 * its time of the last change are others, is not stored: then there is no event.
 */
export function replaceItem(request: ItemReplacement): Operation<TicketEvent | null> {
  const author = checkAuthor(request.author);
  return (ticket, context) => {
    assertExpected(ticket.file.text, request, ticket);
    const after = readEdited(request.text, ticket);
    assertKept(after.item, itemBefore(ticket.item), ticket);
    const parts = editedParts(ticket, after);
    if (parts.length === 0) return { writes: [], result: null };
    // As an odd priority, an odd title or body may stay.
    if (parts.includes("title")) checkTitle(after.item.fields.title);
    if (parts.includes("body")) checkBody(after.file.body);
    return record({ ...ticket, ...after }, parts, author, context);
  };
}

/** As {@linkcode replaceItem}, where what the editor was given could not be read. */
export function repairItem(request: ItemReplacement): Repair<TicketEvent | null> {
  const author = checkAuthor(request.author);
  return (ticket, context) => {
    assertExpected(ticket.text, request, ticket);
    // Else what stands for bytes that are no text would take their place.
    if (ticket.noText !== undefined && request.text === ticket.text) {
      return { writes: [], result: null };
    }
    const after = readEdited(request.text, ticket);
    checkTitle(after.item.fields.title);
    assertKept(after.item, itemBeforeDamage(ticket), ticket);
    const parts: Part[] = [];
    if (!isSameBody(ticket.text, after.file.body)) {
      checkBody(after.file.body);
      parts.push("body");
    }
    // Only bytes that are no text make an item unreadable in its body.
    const canBeBody = ticket.noText !== undefined && parts.length > 0;
    if (!canBeBody || !isSameFrontmatter(ticket.text, after.file)) parts.push("frontmatter");
    return record({ ...ticket, ...after }, parts, author, context);
  };
}

/** The text that an edit begins with. */
export function itemText(author: string): Operation<string> {
  checkAuthor(author);
  return ({ file }) => ({ writes: [], result: file.text });
}

/** As {@linkcode itemText}, where it cannot be read. */
export function itemTextOfDamaged(author: string): Repair<string> {
  checkAuthor(author);
  return ({ text }) => ({ writes: [], result: text });
}

/** What was read of an `item.md`. */
interface Version {
  readonly file: ItemFile;
  readonly item: TicketItem;
}

function assertExpected(
  text: string,
  { expected }: ItemReplacement,
  { id, place }: Pick<UnreadTicket, "id" | "place">,
): void {
  if (text === expected) return;
  throw TicketError.conflict(`${id} was changed while it was being edited`, { path: place.path });
}

function readEdited(text: string, { place, yaml }: Pick<UnreadTicket, "place" | "yaml">): Version {
  const file = splitItem(text, place.path);
  return { file, item: readItem(text, place, yaml) };
}

/**
 * Throws where an edit changes what has an operation of its own, or never changes, or gives a value
 * that no operation gives.
 */
function assertKept(
  { fields, frontmatter }: TicketItem,
  before: ItemBefore,
  { generation }: Pick<UnreadTicket, "generation">,
): void {
  if (before.states.length === 0 && fields.state === "closed") {
    throw TicketError.conflict(
      "a ticket is closed with its resolution: use close (`yoi ticket close`)",
    );
  }
  if (before.states.length > 0 && !before.states.includes(fields.state)) {
    const states = before.states.join(" or ");
    throw TicketError.conflict(
      `the state cannot be changed by an edit: leave it ${states} (\`yoi ticket state\` changes it)`,
    );
  }
  const { creationTimes } = before;
  if (creationTimes.length > 0 && !creationTimes.includes(fields.createdAt ?? "")) {
    const times = creationTimes.join(" or ");
    throw TicketError.conflict(
      `the time of creation cannot be changed by an edit: leave it ${times}`,
    );
  }
  // One that was odd before may stay, as every reader takes it.
  if (!before.priorities.includes(fields.priority ?? "")) checkPriority(fields.priority);
  if (generation === "v1") return;
  for (const key of OBSOLETE_KEYS) {
    if (!(key in frontmatter) || before.hasKey(key)) continue;
    throw TicketError.conflict(`${key} is a key of older tickets, which newer ones do not have`);
  }
}

function record(
  edited: OpenTicket,
  parts: readonly Part[],
  author: string,
  context: ChangeContext,
): Change<TicketEvent> {
  return recordEvents(edited, [itemEdit(parts, author, context)], { updated_at: context.at });
}

function editedParts(before: Version, after: Version): Part[] {
  const parts: Part[] = [];
  if (before.item.fields.title !== after.item.fields.title) parts.push("title");
  if (before.file.body !== after.file.body) parts.push("body");
  if (restOf(before.item.frontmatter) !== restOf(after.item.frontmatter)) parts.push("frontmatter");
  // Comments and quotes say nothing to a program, but somebody wrote them.
  const isRewritten = () => linesOf(before.file.frontmatter) !== linesOf(after.file.frontmatter);
  return parts.length === 0 && isRewritten() ? ["frontmatter"] : parts;
}

/** The keys that are no part of their own, as one comparable text. */
function restOf(frontmatter: Frontmatter): string {
  const { title: _title, updated_at: _updatedAt, ...rest } = frontmatter;
  return JSON.stringify(Object.entries(rest).sort(([a], [b]) => a < b ? -1 : 1));
}

/** The lines of a frontmatter without the time that every change sets; its comment is somebody's. */
function linesOf(frontmatter: string): string {
  return frontmatter.replace(
    /^(updated_at[ \t]*:)(?:[ \t]*(?:"[^"\n]*"|'[^'\n]*'|[^\s#'"]\S*))?/m,
    "$1",
  );
}

function isSameFrontmatter(damaged: string, { frontmatter }: ItemFile): boolean {
  try {
    return splitItem(damaged, "item.md").frontmatter === frontmatter;
  } catch (error) {
    if (error instanceof TicketError) return false;
    throw error;
  }
}

/** Whether a text that cannot be read has this body, as far as it can be told where its body begins. */
function isSameBody(damaged: string, body: string): boolean {
  try {
    return splitItem(damaged, "item.md").body === body;
  } catch (error) {
    if (!(error instanceof TicketError)) throw error;
    return withLineFeeds(damaged).endsWith(body);
  }
}
