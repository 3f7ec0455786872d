/** Events and times of files, for the tests of what crashes leave. @module */

import type { LastWrites } from "../../lib/ticket/_last_writes.ts";
import type { NewEvent } from "../../lib/ticket/event_text.ts";

/** An event of 2026-06-01. */
export function event(
  kind: string,
  at: string,
  attributes: Record<string, string> = {},
  body = "",
): NewEvent {
  const time = `2026-06-01T${at}Z`;
  return {
    kind,
    author: "alice",
    at: time,
    heading: "Heading",
    body,
    attributes: Object.entries(attributes),
  };
}

/** A change of a field. */
export function change(at: string, from: string, to: string, field = "state"): NewEvent {
  return event("state_changed", at, { from, to, reason: "r", field });
}

/** Times that say nothing: those of a checkout. */
export const CHECKED_OUT = writtenAt(Date.UTC(2026, 8), Date.UTC(2026, 8));

/** The same event, of something done elsewhere. */
export function elsewhere(event: NewEvent): NewEvent {
  return { ...event, attributes: [...event.attributes ?? [], ["applied", "elsewhere"]] };
}

/** Times of files whose thread has grown since it was made. */
export function writtenAt(item: number, thread: number): LastWrites {
  return { item, thread, threadMade: thread - 60_000 };
}
