/** @module */

import { lookAt } from "./_regular_file.ts";
import type { Thread } from "./thread.ts";

/** When a ticket's files were written last, in milliseconds since 1970; `null` where nobody knows. */
export interface LastWrites {
  readonly item: number | null;
  readonly thread: number | null;
  /** When this copy of the thread came to be. */
  readonly threadMade: number | null;
}

/**
 * When the files of a ticket's folder were written last.
 *
 * @throws {TicketError} `io`.
 */
export function lastWritesIn(folder: string): LastWrites {
  const [item, thread] = [lookAt(`${folder}/item.md`), lookAt(`${folder}/thread.md`)];
  return {
    item: item?.mtime?.getTime() ?? null,
    thread: thread?.mtime?.getTime() ?? null,
    threadMade: thread?.birthtime?.getTime() ?? null,
  };
}

/** Milliseconds between the time that a writer records and the one that its append gets. */
const APPEND_MS = { least: -100, most: 3_000 };

/**
 * Whether nothing has written the item since the thread got its last event. Times of a checkout or a
 * copy are not those of the writes, and say nothing.
 */
export function isThreadNewer(
  { item, thread }: LastWrites,
  { events }: Pick<Thread, "events">,
): boolean {
  if (item === null || thread === null) return false;
  const delay = thread - Date.parse(events.at(-1)?.at ?? "");
  return delay >= APPEND_MS.least && delay <= APPEND_MS.most && item < thread;
}

/**
 * Milliseconds in which a copy of a thread is made and written; measured: one, hardly ever two, and
 * more where the machine is busy.
 */
const COPY_MS = 100;

/**
 * Whether the thread was not written as a whole, at one go, after the item: so does a checkout or a
 * copy, and {@linkcode isThreadNewer} takes its times for those of the writes if it comes a moment
 * after the last event.
 */
export function hasThreadGrown({ item, thread, threadMade }: LastWrites): boolean {
  if (item === null || thread === null || threadMade === null) return false;
  return item > threadMade || Math.abs(thread - threadMade) > COPY_MS;
}
