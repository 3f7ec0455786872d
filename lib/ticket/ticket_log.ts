/**
 * Events of all tickets, the newest first.
 *
 * Source: section 3 of the ticket issue.
 *
 * @module
 */

import { readAllItems } from "./_all_items.ts";
import { problemOf } from "./_problem.ts";
import { inTurns } from "./_in_turns.ts";
import { lookAt } from "./_regular_file.ts";
import { isTimestamp, timestamp } from "./_timestamp.ts";
import { TicketError } from "./ticket_error.ts";
import { compareKeys, limitOf } from "./ticket_list.ts";
import { parseThread, toTicketEvent } from "./thread.ts";
import { TicketFolder } from "./_ticket_files.ts";
import type { TicketEvent, TicketProblem } from "./ticket.ts";
import type { RequestOptions } from "./store_options.ts";

/** Which events a log shows. */
export interface LogOptions extends RequestOptions {
  /** Only events at or after this time: UTC, in the form `2026-06-01T00:00:00Z`. */
  readonly since?: string | undefined;
  /** Only events of these kinds, as written. */
  readonly kinds?: readonly string[] | undefined;
  /** Maximum number of events. Default 50; `Infinity` for all. */
  readonly limit?: number | undefined;
}

/** An event together with its ticket. */
export interface LogEvent extends TicketEvent {
  /** Id of the ticket. */
  readonly ticket: string;
  /** Its title. */
  readonly title: string;
}

/** Events of many tickets. */
export interface TicketLog {
  /** By time, the newest first; events without a time come last. */
  readonly events: readonly LogEvent[];
  /** What could not be read. */
  readonly problems: readonly TicketProblem[];
  /** How many events the filters let through, before `limit`. */
  readonly total: number;
  /** Whether `limit` left some out. */
  readonly truncated: boolean;
}

/**
 * The latest events of a root.
 *
 * @throws {TicketError} `io` when the root cannot be listed.
 * @throws {RangeError} For a limit that is negative or not whole, and a `since` of another form.
 */
export async function recentEvents(root: string, options: LogOptions = {}): Promise<TicketLog> {
  const { since, kinds, signal } = options;
  const limit = limitOf(options);
  // As many as the limit at least, so that sorting a long list is not done over and over.
  const most = limit + Math.max(limit, MIN_SPARE_EVENTS);
  if (since !== undefined && !isTimestamp(since)) {
    throw new RangeError(
      `Cannot read tickets: since is "${since}", not of the form 2026-06-01T00:00:00Z`,
    );
  }
  const { tickets, problems: unread } = await readAllItems(root, { signal });
  const problems = [...unread];
  let found: DatedEvent[] = [];
  let total = 0;
  for await (const { entry, item } of inTurns(tickets, { signal })) {
    try {
      const folder = TicketFolder.of(root, entry);
      const text = folder.readThreadText() ?? "";
      // Moved by a migration since it was listed: its events are missing, which nobody else tells.
      if (text === "" && !lookAt(folder.path)) throw TicketError.notFound(entry.id);
      for (const event of parseThread(text).events) {
        const moment = momentOf(event.at);
        if (since !== undefined && (moment === null || moment < since)) continue;
        if (kinds !== undefined && !kinds.includes(event.kind)) continue;
        total++;
        const { title } = item.fields;
        found.push({ moment, event: { ticket: entry.id, title, ...toTicketEvent(event) } });
      }
      if (found.length > most) found = latest(found, limit);
    } catch (error) {
      problems.push(problemOf(error, root, `${entry.folder}/thread.md`));
    }
  }
  const events = latest(found, limit).reverse().map(({ event }) => event);
  return { events, problems, total, truncated: events.length < total };
}

/**
 * Events beyond the limit that are held in memory before the older ones are dropped: so few that they
 * hardly outlive the collection of young objects, which costs the least.
 */
const MIN_SPARE_EVENTS = 500;

/** An event and when it was. */
interface DatedEvent {
  /** UTC, `null` where the thread does not say it. */
  readonly moment: string | null;
  readonly event: LogEvent;
}

/**
 * When an event was, in the form of {@linkcode isTimestamp}, which sorts as a text. People write other
 * forms of a time by hand; what is none at all says nothing.
 */
function momentOf(at: string | null): string | null {
  if (at === null || isTimestamp(at)) return at;
  const milliseconds = /^\d{4}-\d\d-\d\d/.test(at) ? Date.parse(at) : NaN;
  return Number.isNaN(milliseconds) ? null : timestamp(milliseconds);
}

/** The last `limit` events by time. Of one second, those that were found later are the later ones. */
function latest(events: DatedEvent[], limit: number): DatedEvent[] {
  events.sort((a, b) => newestFirst(b.moment, a.moment));
  return events.slice(Math.max(0, events.length - limit));
}

function newestFirst(a: string | null, b: string | null): number {
  return a === null || b === null ? compareKeys(a, b) : compareKeys(b, a);
}
