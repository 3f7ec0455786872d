/** Writing a segment that is not there yet. @module */

import { writeWhole, writeWholeSync } from "../file/write_whole.ts";
import type { LogEntry, UnstampedEntry } from "./entry.ts";
import { encodeEntry, stampEntry } from "./entry_codec.ts";
import { SessionError } from "./session_error.ts";

/** What a new log begins with: entries, stamped or not, and texts that are taken as they are. */
export type NewEntries = readonly (LogEntry | UnstampedEntry | string)[];

/**
 * Writes a whole new log, durably; missing folders are created.
 *
 * @param texts The lines, without newlines.
 * @throws {SessionError} `invalid` when the file exists; `write_failed`.
 */
export async function writeNewSegment(path: string, texts: readonly string[]): Promise<void> {
  if (await exists(path)) throw existsError(path);
  try {
    const folder = folderOf(path);
    if (folder !== "") await Deno.mkdir(folder, { recursive: true });
    await writeWhole(path, content(texts));
  } catch (cause) {
    throw writeError(path, cause);
  }
}

/** {@linkcode writeNewSegment} without a wait. */
export function writeNewSegmentSync(path: string, texts: readonly string[]): void {
  if (existsSync(path)) throw existsError(path);
  try {
    const folder = folderOf(path);
    if (folder !== "") Deno.mkdirSync(folder, { recursive: true });
    writeWholeSync(path, content(texts));
  } catch (cause) {
    throw writeError(path, cause);
  }
}

/** The lines of entries; those without a time get that of `now`. */
export function newTexts(entries: NewEntries, now: () => number): string[] {
  return entries.map((entry) => typeof entry === "string" ? entry : encodeStamped(entry, now));
}

function content(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

/** Segment ids are never used twice, so that nobody else creates the file after this look. */
async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** {@linkcode exists} without a wait. */
function existsSync(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function existsError(path: string): SessionError {
  const message = `Cannot create segment log "${path}": it exists`;
  return new SessionError("invalid", message, { path });
}

/** The line of an entry; without a time it gets that of `now`. */
export function encodeStamped(entry: LogEntry | UnstampedEntry, now: () => number): string {
  return encodeEntry("ts" in entry ? entry : stampEntry(entry, now()));
}

/** What is said when the disk did not take something. */
export function writeError(path: string, cause: unknown): SessionError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `Cannot write segment log "${path}": ${reason}`;
  return new SessionError("write_failed", message, { path, cause });
}
