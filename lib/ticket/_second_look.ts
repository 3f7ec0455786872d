/**
 * What a writer at work looks like from outside: for some milliseconds a thread is ahead of its item,
 * or a temporary file lies there. Only what is still so a moment later is worth a word.
 *
 * @module
 */

import { fileStamp, lookAt } from "./_regular_file.ts";
import type { Diagnostic } from "./ticket.ts";
import { unlessRefused } from "./_unless_refused.ts";
import { HOLDER_FILE } from "./_write_lock.ts";

/** Milliseconds until the second look; a change takes some ten, its syncs included. */
const SECOND_LOOK_MS = 50;

/** Milliseconds after which a writer that is still at it, on a slow disk, is waited for no more. */
const LONGEST_WAIT_MS = 500;

/** Tickets that are looked at again; writers go one by one, so more of them are no writer's. */
export const MOST_DOUBTFUL = 100;

/** Milliseconds after which a file is no longer that of a writer at work. */
const FRESH_MS = 10_000;

/** Findings that a writer leaves while it writes. */
const PASSING: ReadonlySet<string> = new Set([
  ...["temporary_left", "staging_left", "resolution_missing", "resolution_on_open_ticket"],
  ...["closed_without_event", "state_lags_thread", "state_differs_from_thread"],
  ...["field_lags_thread", "field_differs_from_thread", "edit_lags_thread"],
  // The reference gives a new ticket its thread last.
  ...["updated_before_last_event", "thread_missing"],
]);

/** Whether a finding may be gone a moment later. */
export function mayPass({ code }: Pick<Diagnostic, "code">): boolean {
  return PASSING.has(code);
}

/**
 * Whether one of these was changed a moment ago, or has gone since; what has been so for long needs no
 * second look.
 */
export function isFresh(...paths: readonly string[]): boolean {
  const oldest = Date.now() - FRESH_MS;
  return paths.some((path) => (lookAt(path)?.mtime?.getTime() ?? Infinity) > oldest);
}

/** What is left of the findings about one ticket after it was looked at again. */
export function confirmed(
  first: readonly Diagnostic[],
  again: readonly Diagnostic[],
): Diagnostic[] {
  const keyOf = ({ code, path, line, message }: Diagnostic) =>
    JSON.stringify([code, path, line, message]);
  const known = new Set(first.filter(mayPass).map(keyOf));
  return again.filter((found) => !mayPass(found) || known.has(keyOf(found)));
}

/**
 * Waits until the writer that holds the lock has probably come to its end.
 *
 * @throws The signal's reason.
 */
export async function letWriterEnd(root: string, signal: AbortSignal | undefined): Promise<void> {
  const holder = () => unlessRefused(() => lookAt(`${root}/${HOLDER_FILE}`));
  const first = holder();
  const ends = performance.now() + LONGEST_WAIT_MS;
  for (;;) {
    await waitFor(SECOND_LOOK_MS, signal);
    const now = first && holder();
    if (!first || !now || fileStamp(now) !== fileStamp(first) || performance.now() >= ends) return;
  }
}

async function waitFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = () => resolve();
  const timer = setTimeout(stop, ms);
  signal?.addEventListener("abort", stop, { once: true });
  try {
    if (!signal?.aborted) await promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
  signal?.throwIfAborted();
}
