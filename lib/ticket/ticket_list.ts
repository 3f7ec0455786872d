/**
 * Lists of tickets: filtered, sorted, in pages.
 *
 * Source: tickets specification, section 7.3; rows 3, 8, 9 and 21 of section 12; decision 35.
 *
 * @module
 */

import { type ReadTicket, takeItems } from "./_all_items.ts";
import { cutText } from "./_cut_text.ts";
import { foldText } from "./_fold_text.ts";
import { isTicketState, TICKET_STATES, type TicketState } from "./states.ts";
import { TicketError } from "./ticket_error.ts";
import type { TicketList, TicketRow } from "./ticket.ts";
import type { RequestOptions } from "./store_options.ts";

/** What a list can be sorted by. */
export type TicketSort = "id" | "updated" | "created" | "priority" | "state" | "title";

/** Which tickets a list shows, and in which order. A ticket must pass all filters. */
export interface ListOptions extends RequestOptions {
  /** `"all"` (default), `"active"` (all but closed), or the states that are let through. */
  readonly states?: readonly TicketState[] | "all" | "active" | undefined;
  /** `null` stands for tickets without a priority. */
  readonly priorities?: readonly (string | null)[] | undefined;
  /** `null` for tickets that nobody works on. */
  readonly assignee?: string | null | undefined;
  /** Text in the title or the id; case and the composition of accents do not matter. */
  readonly text?: string | undefined;
  /** Values of the v1 field `kind`. */
  readonly kinds?: readonly string[] | undefined;
  /** Default `"id"`: oldest first. Priorities begin with `P0`; tickets without one come last. */
  readonly sort?: TicketSort | undefined;
  /** Reverses the order: by id, newest first. */
  readonly reverse?: boolean | undefined;
  /** Id of the ticket after which to continue, in the order of the list. */
  readonly after?: string | undefined;
  /** Rows to skip. Default 0. */
  readonly offset?: number | undefined;
  /** Maximum number of rows. Default 50; `Infinity` for all. */
  readonly limit?: number | undefined;
}

/** Characters of a hint's text. */
const MAX_HINT = 80;

/**
 * Lists the tickets of a root. A ticket that cannot be read is among the problems, whatever the
 * filters and the limit say. Only frontmatter is read.
 *
 * @throws {TicketError} `io` when the root cannot be listed; `not_found` when `after` names nothing
 * that the list could continue after.
 * @throws {RangeError} For a limit or offset that is negative or not whole, and for an unknown
 * state or sort key.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { listTickets } from "./ticket_list.ts";
 *
 * const root = await Deno.makeTempDir();
 * await Deno.mkdir(`${root}/00001KT07NV00`);
 * await Deno.writeTextFile(
 *   `${root}/00001KT07NV00/item.md`,
 *   "---\ntitle: 'Cache the index'\nstate: 'ready'\n---\n",
 * );
 *
 * const { tickets, total } = await listTickets(root, { states: "active" });
 * assertEquals(tickets.map((ticket) => ticket.title), ["Cache the index"]);
 * assertEquals(total, 1);
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export async function listTickets(root: string, options: ListOptions = {}): Promise<TicketList> {
  const offset = countOf("offset", options.offset ?? 0);
  const limit = limitOf(options);
  const isLetThrough = filterOf(options);
  const keyOf = sortKey(options.sort ?? "id");
  let anchor: Candidate | undefined;
  const { taken: chosen, problems } = await takeItems(root, (ticket) => {
    const isAnchor = ticket.entry.id === options.after;
    const isChosen = isLetThrough(ticket);
    if (!isAnchor && !isChosen) return undefined;
    const candidate = { row: rowOf(ticket), key: keyOf(ticket) };
    if (isAnchor) anchor = candidate;
    return isChosen ? candidate : undefined;
  }, { signal: options.signal });
  const compare = orderOf(options);
  const inOrder = isById(options) ? chosen : chosen.toSorted(compare);
  const start = offset + placeBehind(anchor, { inOrder, compare, options });
  const shown = inOrder.slice(start, start + limit);
  return {
    tickets: shown.map(({ row }) => row),
    problems,
    total: chosen.length,
    truncated: start + limit < chosen.length,
  };
}

/** A ticket as a row of a list. */
export function rowOf({ entry, item: { fields, notes } }: ReadTicket): TicketRow {
  return {
    id: entry.id,
    generation: entry.generation,
    title: fields.title,
    state: fields.state,
    priority: fields.priority,
    updatedAt: fields.updatedAt,
    hints: hintsOf(fields.readiness, notes),
  };
}

function hintsOf(readiness: string | null, notes: ReadTicket["item"]["notes"]): string[] {
  const hints = readiness === null || readiness.trim() === ""
    ? []
    : [`readiness:${cutText(readiness, MAX_HINT)}`];
  // No state stands for that folder, so nothing else would tell of it.
  if (notes.includes("pending")) hints.push("bucket:pending");
  return hints;
}

/**
 * Whether a list of these states shows a ticket of one.
 *
 * @throws {RangeError} For a word that is no state, which would silently find nothing.
 */
export function stateFilter(
  states: ListOptions["states"] = "all",
): (state: TicketState) => boolean {
  if (states === "all") return () => true;
  if (states === "active") return (state) => state !== "closed";
  const words: readonly string[] = [states].flat();
  for (const word of words) {
    if (!isTicketState(word)) throw unknownWord("state", word, TICKET_STATES);
  }
  return (state) => words.includes(state);
}

function unknownWord(name: string, word: string, known: readonly string[]): RangeError {
  return new RangeError(
    `Cannot read tickets: ${name} is ${JSON.stringify(word)}, not one of ${known.join(", ")}`,
  );
}

/** Rows where nobody asks for another number. */
const DEFAULT_LIMIT = 50;

/** How many rows a list, a log or a search has at most. */
export function limitOf({ limit }: { readonly limit?: number | undefined }): number {
  return countOf("limit", limit ?? DEFAULT_LIMIT);
}

function countOf(name: string, value: number): number {
  if (value === Infinity || Number.isSafeInteger(value) && value >= 0) return value;
  throw new RangeError(`Cannot read tickets: ${name} is "${value}", not a whole number from 0`);
}

type Compare = (a: Candidate, b: Candidate) => number;

/** What is kept of a ticket until the list is in order. */
interface Candidate {
  readonly row: TicketRow;
  /** What the list is sorted by. */
  readonly key: SortKey;
}

type SortKey = string | number | null;

function filterOf(options: ListOptions): (ticket: ReadTicket) => boolean {
  const { priorities, assignee, kinds } = options;
  const isInState = stateFilter(options.states);
  const text = options.text === undefined ? undefined : foldText(options.text);
  return ({ entry, item: { fields, frontmatter } }) =>
    isInState(fields.state) &&
    (priorities === undefined || priorities.includes(fields.priority)) &&
    (assignee === undefined || fields.assignee === assignee) &&
    (kinds === undefined || kinds.some((kind) => kind === frontmatter["kind"])) &&
    (text === undefined || foldText(fields.title).includes(text) ||
      foldText(entry.id).includes(text));
}

/** What a sort looks at; tickets that have nothing there come last. */
const SORT_KEYS: Record<TicketSort, (ticket: ReadTicket) => SortKey> = {
  id: ({ entry }) => entry.id,
  updated: ({ item }) => item.fields.updatedAt,
  created: ({ item }) => item.fields.createdAt,
  priority: ({ item }) => item.fields.priority,
  state: ({ item }) => TICKET_STATES.indexOf(item.fields.state),
  title: ({ item }) => item.fields.title,
};

function sortKey(sort: TicketSort): (ticket: ReadTicket) => SortKey {
  if (Object.hasOwn(SORT_KEYS, sort)) return SORT_KEYS[sort];
  throw unknownWord("sort", sort, Object.keys(SORT_KEYS));
}

/** Whether a list is in the order in which tickets are read. */
function isById({ sort = "id", reverse = false }: ListOptions): boolean {
  return sort === "id" && !reverse;
}

function orderOf({ reverse = false }: ListOptions): Compare {
  const direction = reverse ? -1 : 1;
  return (a, b) => direction * (compareKeys(a.key, b.key) || compareKeys(a.row.id, b.row.id));
}

/** Orders two values, `null` last. */
export function compareKeys(a: SortKey, b: SortKey): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}

/** Index of the first candidate behind the one that `after` names, which need not be among them. */
function placeBehind(
  anchor: Candidate | undefined,
  { inOrder, compare, options: { after, sort = "id", reverse } }: {
    inOrder: readonly Candidate[];
    compare: Compare;
    options: ListOptions;
  },
): number {
  if (after === undefined) return 0;
  // An id has its place in the order of ids, even if nothing has that id any more.
  if (!anchor && sort !== "id") throw TicketError.notFound(after);
  const index = inOrder.findIndex((candidate) => {
    if (anchor) return compare(anchor, candidate) < 0;
    return reverse ? candidate.row.id < after : candidate.row.id > after;
  });
  return index < 0 ? inOrder.length : index;
}
