/** The entries of a log file, one by one. @module */

import { ProtocolError } from "../protocol/error.ts";
import { isBlank, type LogLine, type LogTail, readLogLines, tailText } from "./_log_lines.ts";
import { type AnyEntry, decodeEntryText, isKnownEntry } from "./entry_codec.ts";
import { SessionError } from "./session_error.ts";

/** One entry as it lies in a log. */
export interface LoggedEntry {
  /** The line without its end, byte for byte what the log holds. */
  text: string;
  /** 1-based physical line, blank lines counted. */
  line: number;
  /** What the line says. */
  entry: AnyEntry;
}

/** Something in a log that readers pass over, or that opening it for writing has mended. */
export interface LogDiagnostic {
  /**
   * `torn_tail`: the end of the file is no whole entry. `unknown_entry`: an entry of a kind this
   * version does not know. `tail_moved`: a torn tail was put into a file of its own.
   * `line_end_added`: the last line had no line feed.
   */
  code: "torn_tail" | "unknown_entry" | "tail_moved" | "line_end_added";
  /** For people: what is so, and what was done. */
  message: string;
  /** 1-based physical line. */
  line: number;
}

/** How a log ends. */
export interface LogEnd {
  tail: LogTail;
  /** `whole`: an entry, or blanks, without a line feed. `torn`: not an entry. */
  kind: "clean" | "whole" | "torn";
}

/** Opens a log file; a failure to do so is a `SessionError`. */
export async function openLogFile(path: string, options: Deno.OpenOptions): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path, options);
  } catch (cause) {
    throw openError(path, cause);
  }
}

/**
 * Reads every entry of a log.
 *
 * @throws {SessionError} `corrupt` with the line, `not_utf8`.
 */
export async function readLogEntries(
  file: Deno.FsFile,
  path: string,
  onEntry: (entry: LoggedEntry) => void,
  onDiagnostic: (diagnostic: LogDiagnostic) => void,
): Promise<LogEnd> {
  const take = ({ text, line }: LogLine, entry: AnyEntry) => {
    onEntry({ text, line, entry });
    if (isKnownEntry(entry)) return;
    const message = `Cannot use line ${line} of "${path}": its kind "${entry.kind}" is unknown`;
    onDiagnostic({ code: "unknown_entry", line, message });
  };
  let damage: { error: unknown } | undefined;
  const tail = await readLogLines(file, path, (line) => {
    // Behind a damaged line the rest is read only to see whether it is UTF-8 at all, which comes first.
    if (damage !== undefined) return;
    try {
      take(line, decodeEntryText(line.text));
    } catch (cause) {
      damage = { error: corrupt(path, line.line, cause) };
    }
  });
  const { line } = tail;
  const { text, cut } = tailText(tail, path);
  if (damage !== undefined) throw damage.error;
  if (tail.bytes.length === 0) return { tail, kind: "clean" };
  if (!cut && isBlank(text)) return { tail, kind: "whole" };
  const entry = cut ? undefined : entryOrTorn(text);
  if (entry !== undefined) {
    take({ text, line }, entry);
    return { tail, kind: "whole" };
  }
  const size = `${tail.bytes.length} bytes`;
  const message = `Cannot use the end of "${path}": line ${line} is torn (${size})`;
  onDiagnostic({ code: "torn_tail", line, message });
  return { tail, kind: "torn" };
}

function entryOrTorn(text: string): AnyEntry | undefined {
  try {
    return decodeEntryText(text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function corrupt(path: string, line: number, cause: unknown): unknown {
  if (!(cause instanceof SyntaxError || cause instanceof ProtocolError)) return cause;
  const reason = cause instanceof ProtocolError ? `${cause.path} ${cause.reason}` : cause.message;
  return new SessionError(
    "corrupt",
    `Cannot read segment log "${path}": line ${line} is damaged: ${reason}`,
    { path, line, cause },
  );
}

function isDenied(cause: unknown): boolean {
  if (cause instanceof Deno.errors.PermissionDenied) return true;
  if (cause instanceof Deno.errors.NotCapable) return true;
  return cause instanceof Error && "code" in cause && cause.code === "EROFS";
}

function openError(path: string, cause: unknown): unknown {
  if (cause instanceof Deno.errors.NotFound) {
    return new SessionError("not_found", `Cannot find segment log "${path}"`, { path, cause });
  }
  if (isDenied(cause)) {
    return new SessionError("read_only", `Cannot open segment log "${path}": access denied`, {
      path,
      cause,
    });
  }
  return cause;
}
