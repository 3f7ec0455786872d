/**
 * Finds tickets by the words in them.
 *
 * Source: section 3 of the ticket issue.
 *
 * @module
 */

import { readAllItems, type ReadTicket } from "./_all_items.ts";
import { cutText } from "./_cut_text.ts";
import { foldableText, foldText } from "./_fold_text.ts";
import { problemOf } from "./_problem.ts";
import { inTurns } from "./_in_turns.ts";
import { readBody } from "./item.ts";
import { limitOf, type ListOptions, rowOf, stateFilter } from "./ticket_list.ts";
import { parseThread } from "./thread.ts";
import { TicketError } from "./ticket_error.ts";
import { TicketFolder } from "./_ticket_files.ts";
import type { TicketProblem, TicketRow } from "./ticket.ts";
import type { RequestOptions } from "./store_options.ts";

/** Which tickets are searched. */
export interface SearchOptions extends RequestOptions {
  /** Default `"all"`. */
  readonly states?: ListOptions["states"] | undefined;
  /** Maximum number of tickets. Default 50; `Infinity` for all. */
  readonly limit?: number | undefined;
}

/** The part of a ticket that a word was found in. */
export type SearchPlace = "title" | "body" | "thread" | "resolution";

/** A line that contains one of the words. */
export interface SearchMatch {
  /** The part of the ticket. */
  readonly where: SearchPlace;
  /** Kind of the event, for a match in the thread; otherwise `null`. */
  readonly event: string | null;
  /** The line that holds the word, cut to 160 characters around it. */
  readonly text: string;
}

/** A ticket that contains all the words. */
export interface FoundTicket extends TicketRow {
  /** The first occurrence of each word, in the order of the ticket's parts. */
  readonly matches: readonly SearchMatch[];
}

/** Result of a search. */
export interface SearchResult {
  /** Those with the most words in the title first, then the newest. */
  readonly tickets: readonly FoundTicket[];
  /** What could not be read. */
  readonly problems: readonly TicketProblem[];
  /** How many tickets were found, before `limit`. */
  readonly total: number;
  /** Whether some were left out. */
  readonly truncated: boolean;
}

const EXCERPT = 160;
/** Characters that an excerpt shows before its word. */
const LEAD = 60;

/**
 * Searches titles, bodies, threads and resolutions. A ticket is found when each of the words occurs
 * somewhere in it, whatever the case.
 *
 * @throws {TicketError} `conflict` when there is no word; `io` when the root cannot be listed.
 * @throws {RangeError} For a limit that is negative or not whole, and for an unknown state.
 */
export async function searchTickets(
  root: string,
  words: readonly string[],
  options: SearchOptions = {},
): Promise<SearchResult> {
  const limit = limitOf(options);
  const { signal } = options;
  const isInState = stateFilter(options.states);
  const wanted = [...new Set(words.map((word) => foldText(word.trim())))].filter((word) =>
    word !== ""
  );
  if (wanted.length === 0) throw TicketError.conflict("a search needs at least one word");
  const { tickets, problems: unread } = await readAllItems(root, { signal });
  const problems = [...unread];
  const found: { row: FoundTicket; rank: number }[] = [];
  for await (const ticket of inTurns(tickets, { signal })) {
    if (!isInState(ticket.item.fields.state)) continue;
    const matches = findWords(partsOf(root, ticket, problems), wanted);
    if (matches === undefined) continue;
    const rank = matches.filter((match) => match.where === "title").length;
    found.push({ row: { ...rowOf(ticket), matches }, rank });
  }
  // Ids grow with time, and sorting keeps what is equal in order.
  const sorted = found.reverse().sort((a, b) => b.rank - a.rank).map(({ row }) => row);
  return {
    tickets: sorted.slice(0, limit),
    problems,
    total: sorted.length,
    truncated: sorted.length > limit,
  };
}

/** A text that is searched. */
interface Part {
  readonly where: SearchPlace;
  readonly event: string | null;
  readonly text: string;
}

/** The texts of a ticket, in the order of its files; each file is read when it is asked for. */
function* partsOf(
  root: string,
  { entry, item }: ReadTicket,
  problems: TicketProblem[],
): Generator<Part> {
  const folder = TicketFolder.of(root, entry);
  const read = (name: string, readText: () => string | null | undefined) => {
    try {
      return readText() ?? "";
    } catch (error) {
      problems.push(problemOf(error, root, `${entry.folder}/${name}`));
      return "";
    }
  };
  yield { where: "title", event: null, text: item.fields.title };
  const body = read("item.md", () => readBody(folder.readItemText()));
  yield { where: "body", event: null, text: body };
  const thread = read("thread.md", () => folder.readThreadText());
  for (const { kind, heading, body } of parseThread(thread).events) {
    yield { where: "thread", event: kind, text: `${heading ?? ""}\n${body}` };
  }
  const resolution = read("resolution.md", () => folder.readResolution());
  yield { where: "resolution", event: null, text: resolution };
}

/** Where each of the words occurs first, `undefined` when one of them does not. */
function findWords(parts: Iterable<Part>, words: readonly string[]): SearchMatch[] | undefined {
  const missing = new Set(words);
  const matches: SearchMatch[] = [];
  for (const { where, event, text } of parts) {
    const source = foldableText(text);
    const folded = source.toLowerCase();
    for (const word of missing) {
      const at = folded.indexOf(word);
      if (at < 0) continue;
      missing.delete(word);
      matches.push({ where, event, text: excerpt(source, at) });
    }
    if (missing.size === 0) return matches;
  }
  return undefined;
}

/** The line of a word; `at` is its place in the text. */
function excerpt(source: string, at: number): string {
  const start = Math.max(source.lastIndexOf("\n", at) + 1, at - LEAD);
  const end = source.indexOf("\n", at);
  // A letter that the start has cut in two is left out.
  const line = source.slice(start, end < 0 ? undefined : end).replace(/^[\udc00-\udfff]/, "");
  return cutText(line.normalize("NFC"), EXCERPT);
}
