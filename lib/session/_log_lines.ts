/** The physical lines of a log file. Source: sessions-and-pods specification, A.9. @module */

import { SessionError } from "./session_error.ts";

/** A line of a log that is not blank. */
export interface LogLine {
  /** Without the line end. */
  text: string;
  /** 1-based, blank lines counted. */
  line: number;
}

/** What follows the last line feed of a log. */
export interface LogTail {
  /** Where it begins: bytes of the file up to and including the last line feed. */
  start: number;
  bytes: Uint8Array;
  /** The 1-based number of the line that it begins. */
  line: number;
}

const LINE_FEED = 10;
const CHUNK_BYTES = 1 << 18;
/** The blanks of the reference; unlike `trim()` a byte order mark is none of them. */
const BLANK = /^\p{White_Space}*$/u;

/**
 * Reads a log from where `file` stands to its end, hands on every whole line that is not blank, and
 * gives the rest. Memory beyond the longest line is not needed here.
 *
 * @throws {SessionError} `not_utf8`; and whatever `onLine` throws.
 */
export async function readLogLines(
  file: Deno.FsFile,
  path: string,
  onLine: (line: LogLine) => void,
): Promise<LogTail> {
  const chunk = new Uint8Array(CHUNK_BYTES);
  const decode = strictDecoder(path);
  let rest: Uint8Array[] = [];
  let start = 0;
  let line = 1;
  for (let count; (count = await file.read(chunk)) !== null;) {
    const filled = chunk.subarray(0, count);
    let from = 0;
    for (let end; (end = filled.indexOf(LINE_FEED, from)) >= 0; from = end + 1) {
      const bytes = joined(rest, chunk.subarray(from, end));
      rest = [];
      start += bytes.length + 1;
      const text = withoutReturn(decode(bytes));
      if (!isBlank(text)) onLine({ text, line });
      line++;
    }
    if (from < count) rest.push(chunk.slice(from, count));
  }
  return { start, bytes: joined(rest, new Uint8Array()), line };
}

/**
 * The text of a tail as far as its letters are whole, and whether the last one is cut.
 *
 * @throws {SessionError} `not_utf8` when more is wrong than a missing end.
 */
export function tailText(tail: LogTail, path: string): { text: string; cut: boolean } {
  try {
    // While more could follow, an unfinished letter at the end is no error, but any other is.
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const text = decoder.decode(tail.bytes, { stream: true });
    const cut = new TextEncoder().encode(text).length < tail.bytes.length;
    return { text: withoutReturn(text), cut };
  } catch (cause) {
    throw notUtf8(path, cause);
  }
}

/** Whether readers skip the line. */
export function isBlank(text: string): boolean {
  return !text.startsWith("{") && BLANK.test(text);
}

function strictDecoder(path: string): (bytes: Uint8Array) => string {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  return (bytes) => {
    try {
      return decoder.decode(bytes);
    } catch (cause) {
      throw notUtf8(path, cause);
    }
  };
}

function notUtf8(path: string, cause: unknown): SessionError {
  return new SessionError("not_utf8", `Cannot read segment log "${path}": it is not UTF-8`, {
    path,
    cause,
  });
}

function withoutReturn(text: string): string {
  return text.endsWith("\r") ? text.slice(0, -1) : text;
}

function joined(parts: readonly Uint8Array[], last: Uint8Array): Uint8Array {
  if (parts.length === 0) return last;
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, last.length));
  let at = 0;
  for (const part of [...parts, last]) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
