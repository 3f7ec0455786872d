/**
 * Reading a segment log back.
 *
 * Source: sessions-and-pods specification, sections A.9 and A.10.
 *
 * @module
 */

import { ProtocolError } from "../protocol/error.ts";
import type { RewindTarget } from "../protocol/event.ts";
import { type LogDiagnostic, type LogEnd, type LoggedEntry, openLogFile } from "./_log_file.ts";
import { readLogEntries } from "./_log_file.ts";
import { type AnyEntry, decodeEntryText } from "./entry_codec.ts";
import { rewindTargets } from "./rewind.ts";
import {
  applyEntry,
  endedAbruptly,
  newSegmentState,
  pendingToolCalls,
  type SegmentState,
} from "./segment_state.ts";
import { SessionError } from "./session_error.ts";

export type { LogDiagnostic, LoggedEntry } from "./_log_file.ts";

/** What a segment log holds and adds up to. */
export interface Replay extends SegmentState {
  /** Whether the last run stopped without an end of its own, for example because its process died. */
  endedAbruptly: boolean;
  /** Ids of the calls that no result answers, in call order. */
  pendingToolCalls: string[];
  /** Entries in the log, those of unknown kinds included. */
  entryCount: number;
  /** The submissions of this segment, newest first. */
  rewindTargets: RewindTarget[];
  /** Every entry with its text, in log order; a rewind copies the text, byte for byte. */
  entries: LoggedEntry[];
  /** What readers passed over. */
  diagnostics: LogDiagnostic[];
}

/**
 * Reads a segment log without changing anything. A torn end and entries of unknown kinds are passed
 * over with a diagnostic; an empty log is readable.
 *
 * @throws {SessionError} `not_found`; `corrupt` with the line; `not_utf8`.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { replaySegment } from "./replay.ts";
 * const path = await Deno.makeTempFile({ suffix: ".jsonl" });
 * await Deno.writeTextFile(path, '{"kind":"turn_end","ts":5,"turn_count":3}\n{"kind":"tur');
 * const replay = await replaySegment(path);
 * assert(replay.turnCount === 3 && replay.diagnostics[0]!.code === "torn_tail");
 * await Deno.remove(path);
 * ```
 */
export async function replaySegment(path: string): Promise<Replay> {
  using file = await openLogFile(path, { read: true });
  return (await replayFile(file, path)).replay;
}

/** As {@linkcode replaySegment}, of an open file; also tells how the file ends. */
export async function replayFile(
  file: Deno.FsFile,
  path: string,
): Promise<{ replay: Replay; end: LogEnd }> {
  const state = newSegmentState();
  const entries: LoggedEntry[] = [];
  const diagnostics: LogDiagnostic[] = [];
  const end = await readLogEntries(file, path, (logged) => {
    entries.push(logged);
    applyEntry(state, logged.entry);
  }, (diagnostic) => diagnostics.push(diagnostic));
  return { replay: replayOf(path, state, entries, diagnostics), end };
}

/**
 * The replay of lines that are the whole of a log, which need not exist yet.
 *
 * @throws {SessionError} `invalid` when a text is not one line with one entry.
 */
export function replayTexts(path: string, texts: readonly string[]): Replay {
  const state = newSegmentState();
  const entries = texts.map((text, index) => {
    const line = index + 1;
    return { text, line, entry: entryOf(text, path, line) };
  });
  for (const { entry } of entries) applyEntry(state, entry);
  return replayOf(path, state, entries, []);
}

function entryOf(text: string, path: string, line: number): AnyEntry {
  try {
    // JSON allows line feeds between its tokens, a log does not.
    if (text.includes("\n")) throw new SyntaxError("it holds a line feed");
    return decodeEntryText(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof ProtocolError)) throw cause;
    const message = `Cannot write "${path}": line ${line} is no entry: ${cause.message}`;
    throw new SessionError("invalid", message, { path, line, cause });
  }
}

function replayOf(
  path: string,
  state: SegmentState,
  entries: LoggedEntry[],
  diagnostics: LogDiagnostic[],
): Replay {
  return {
    ...state,
    endedAbruptly: endedAbruptly(state),
    pendingToolCalls: pendingToolCalls(state.history).map((call) => call.call_id),
    entryCount: entries.length,
    rewindTargets: rewindTargets(segmentIdOf(path), entries.map((logged) => logged.entry)),
    entries,
    diagnostics,
  };
}

/**
 * Refuses what cannot be restored from.
 *
 * @throws {SessionError} `empty` when the log has no entries.
 */
export function assertRestorable(replay: Replay, path: string): void {
  if (replay.entryCount > 0) return;
  throw new SessionError("empty", `Cannot restore from "${path}": no entries to restore`, { path });
}

/** The segment id in the name of a log file. */
export function segmentIdOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.endsWith(".jsonl") ? name.slice(0, -".jsonl".length) : name;
}
