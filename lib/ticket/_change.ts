/**
 * What operations have in common: the ticket that they see and the writes that they plan. Planning
 * is pure, so nothing is written before everything has been looked at.
 *
 * @module
 */

import { checkRawReadsBack, editRawFrontmatter } from "./_raw_edit.ts";
import type { Write } from "./_write.ts";
import type { RecordLanguage } from "./event_kinds.ts";
import { appendixTo, type NewEvent } from "./event_text.ts";
import type { YamlParser } from "./frontmatter.ts";
import { editFrontmatter, type FrontmatterChanges } from "./_frontmatter_edit.ts";
import { type ItemPlace, readItem, type TicketItem } from "./item.ts";
import type { ItemFile } from "./item_file.ts";
import type { Blocker } from "./relation_view.ts";
import type { RecordPlace } from "./relations_file.ts";
import type { ChangeOptions } from "./store_options.ts";
import { formatThread, parseThread, type Thread, toTicketEvent } from "./thread.ts";
import type { Generation, TicketEvent, TicketProblem } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";

/** A ticket that is about to change, as its files are under the lock. */
export interface OpenTicket {
  readonly id: string;
  readonly generation: Generation;
  /** Its folder, relative to the root. */
  readonly folder: string;
  /** Where its `item.md` lies, for messages and readers. */
  readonly place: ItemPlace;
  readonly file: ItemFile;
  readonly item: TicketItem;
  /** Empty when there is no `thread.md`. */
  readonly thread: Thread;
  /** Whether there is a `thread.md`, with a whole letter at its end. */
  readonly canAppend: boolean;
  /** Text of `resolution.md`, `null` without one; throws where it cannot be read. */
  readonly readResolution: () => string | null;
  readonly yaml: YamlParser;
}

/** A ticket whose `item.md` has not been understood yet, or cannot be. */
export type UnreadTicket = Omit<OpenTicket, "file" | "item"> & {
  /** The whole `item.md`; of one that is no UTF-8 what a person can make something of. */
  readonly text: string;
  /** Why the bytes of `item.md` are no text. */
  readonly noText: TicketError | undefined;
};

/** What does not come from the ticket: the moment, and what operations may have to look up. */
export interface ChangeContext {
  /** The operation's time, for every place where it is written. */
  readonly at: string;
  readonly language: RecordLanguage;
  /** What keeps the ticket from being worked on, as the files say at this moment. */
  readonly readBlockers: () => Promise<BlockerReading>;
  /** Text of a file in `artifacts/`, `undefined` without one. */
  readonly readArtifact: (name: string) => string | undefined;
  /** Whether anything of this name lies in `artifacts/`. */
  readonly hasArtifact: (name: string) => boolean;
  /** Ids of the tickets that an id, one from before a migration, or a slug could mean. */
  readonly idsMeantBy: (name: string) => readonly string[];
  /** What is said about a name that is no id but could mean tickets to a reader. */
  readonly wholeIdHint: (name: string) => string | undefined;
}

/** What keeps a ticket from being worked on, as far as the relations of all tickets could be read. */
export interface BlockerReading {
  readonly blockers: readonly Blocker[];
  readonly problems: readonly TicketProblem[];
}

/**
 * What is to be done to a ticket. Making an operation checks all that does not depend on the ticket;
 * calling it, under the lock, checks the rest and plans the writes.
 */
export type Operation<Result> = (
  ticket: OpenTicket,
  context: ChangeContext,
) => Change<Result> | Promise<Change<Result>>;

/** An {@linkcode Operation} on a ticket whose `item.md` cannot be read. */
export type Repair<Result> = (ticket: UnreadTicket, context: ChangeContext) => Change<Result>;

/** A request when it is clear who acts. */
export type Authored<Request> = Omit<Request, keyof ChangeOptions> & { readonly author: string };

/** Writes in their order, and what the operation answers when they are done. */
export interface Change<Result> {
  readonly writes: readonly Write[];
  readonly result: Result;
}

/**
 * Appends events to the thread, then sets fields of `item.md`, and perhaps its body: the commit point
 * comes last.
 *
 * @returns The last of the events, which operations answer with.
 */
export function recordEvents(
  ticket: OpenTicket,
  events: readonly NewEvent[],
  changes: FrontmatterChanges,
  options: { readonly body?: string } = {},
): Change<TicketEvent> {
  const { write, recorded } = appendEvents(ticket, events);
  return { writes: [write, setFields(ticket, changes, options)], result: recorded.at(-1)! };
}

/** One append for all events of an operation, read back before it is handed on. */
function appendEvents(
  { thread, canAppend, folder }: OpenTicket,
  events: readonly NewEvent[],
): { write: Write; recorded: readonly TicketEvent[] } {
  // A reader begins anew at every event: what comes before the last one has no say in what follows.
  const tail = thread.events.at(-1)?.raw ?? thread.preamble;
  const text = appendixTo(tail, events);
  const recorded = readBackEvents(tail, text, events);
  const path = `${folder}/thread.md`;
  const write: Write = canAppend
    ? { action: "append", path, text }
    // Made whole, so that a crash leaves the old thread or all of the new one.
    : { action: "write", path, text: formatThread(thread) + text };
  return { write, recorded };
}

/** Sets keys of `item.md`, and its body; what the file holds besides stays as it is. */
export function setFields(
  { file, folder, item, place, yaml }: OpenTicket,
  changes: FrontmatterChanges,
  options: { readonly body?: string } = {},
): Write {
  const isRaw = item.notes.includes("raw_dialect");
  const text = isRaw
    ? editRawFrontmatter(file, changes, place.path, options)
    : editFrontmatter(file, changes, place.path, yaml, options);
  const { frontmatter } = readChanged(text, place, yaml);
  // Without the line that was no YAML, all others may mean something else.
  if (isRaw) checkRawReadsBack(frontmatter, { ...item.frontmatter, ...changes }, place.path);
  return { action: "write", path: `${folder}/item.md`, text };
}

/** The write that makes `artifacts/` where it is missing. */
export function ensureArtifacts(ticket: OpenTicket): Write {
  return { action: "make_folder", path: `${ticket.folder}/artifacts` };
}

/** Where a file of records lies, for its reader. */
export function artifactPlace(ticket: OpenTicket, name: string): RecordPlace {
  const path = ticket.place.path.replace(/item\.md$/, `artifacts/${name}`);
  return { path, ticketId: ticket.id };
}

/**
 * Operations that need the fields of newer generations.
 *
 * @throws {TicketError} `conflict` for a v1 ticket.
 */
export function refuseV1(ticket: OpenTicket, verb: string): void {
  if (ticket.generation !== "v1") return;
  throw TicketError.conflict(
    `cannot ${verb} "${ticket.id}": it is a v1 ticket, run \`yoi ticket migrate\` first`,
    { path: ticket.place.path },
  );
}

/** A key can hold a value that YAML allows and a ticket does not: such a ticket is never written. */
function readChanged(text: string, place: ItemPlace, yaml: YamlParser): TicketItem {
  try {
    return readItem(text, place, yaml);
  } catch (cause) {
    if (!(cause instanceof TicketError)) throw cause;
    throw TicketError.conflict(`the change would make the ticket unreadable: ${cause.message}`, {
      path: place.path,
      cause,
    });
  }
}

/** The events as a reader will see them, after a look that they are exactly those asked for. */
function readBackEvents(
  before: string,
  appendix: string,
  events: readonly NewEvent[],
): readonly TicketEvent[] {
  const known = parseThread(before).events.length;
  const after = parseThread(before + appendix).events;
  const recorded = after.slice(known).map(toTicketEvent);
  const isAsAsked = recorded.length === events.length && recorded.every((event, index) => {
    const asked = events[index]!;
    return event.kind === asked.kind && event.author === asked.author && event.at === asked.at &&
      event.heading === asked.heading && isSameBody(event.body, asked.body) &&
      (asked.attributes ?? []).every(([key, value]) => event.attributes[key] === value);
  });
  if (isAsAsked) return recorded;
  throw TicketError.conflict(`the ${events[0]?.kind ?? "event"} would not read back as given`);
}

/** Bodies are kept up to outer blank lines (decision 38). */
function isSameBody(read: string, asked: string): boolean {
  return withoutOuterBlankLines(read) === withoutOuterBlankLines(asked.replaceAll("\r\n", "\n"));
}

function withoutOuterBlankLines(text: string): string {
  return text.replace(/^(?:[^\S\n]*\n)+/, "").trimEnd();
}
