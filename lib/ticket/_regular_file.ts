/** @module */

import { TicketError } from "./ticket_error.ts";

/** Files of a ticket that are larger are not read: they would have to be held in memory. */
export const MAX_FILE_BYTES = 16 * 1024 * 1024;

/**
 * What lies at `path`, without following a link there; `undefined` when nothing does.
 *
 * @throws {TicketError} `io`.
 */
export function lookAt(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw TicketError.io(path, error);
  }
}

/**
 * The whole text of a regular file, byte order mark included; `undefined` when there is none.
 * Whatever is no regular file is not opened: opening a FIFO waits for a writer.
 *
 * @throws {TicketError} `escapes_root` for a link, `parse` for more than {@linkcode MAX_FILE_BYTES}
 * or bytes that are no UTF-8, `io` for everything else.
 */
export function readRegularText(path: string): string | undefined {
  const bytes = readRegularBytes(path);
  return bytes && decodeText(bytes, path);
}

/** The text of a file to which records are appended. */
export interface GrownText {
  readonly text: string;
  /** Whether the file ends inside a letter, whose bytes are not part of `text`. */
  readonly isCut: boolean;
}

/**
 * As {@linkcode readRegularText}, for a file that grows: an append that a power failure cut off can
 * end inside a letter, and what was there before is none the worse for it.
 *
 * One append is one write, but a reader beside it can see a part of that. So a file that does not
 * end as `isWhole` wants it, and has changed just now, is read until it stays the same.
 */
export function readGrownText(
  path: string,
  isWhole: (text: string) => boolean,
): GrownText | undefined {
  let grown = readGrownOnce(path);
  for (let same = 0; same < SAME_READINGS && grown && !isWhole(grown.text); same++) {
    if (!hasJustChanged(path)) break;
    pause(1);
    const again = readGrownOnce(path);
    if (again?.text !== grown.text) same = -1;
    grown = again;
  }
  return grown;
}

/** Readings in a row, a millisecond apart, after which nobody is writing. */
const SAME_READINGS = 3;

/** Milliseconds since the last change from which on no append is still going on. */
const LONGEST_APPEND_MS = 2_000;

function readGrownOnce(path: string): GrownText | undefined {
  const bytes = readRegularBytes(path);
  return bytes && decodeGrownText(bytes, path);
}

function hasJustChanged(path: string): boolean {
  const changed = lookAt(path)?.mtime?.getTime() ?? 0;
  return Math.abs(Date.now() - changed) < LONGEST_APPEND_MS;
}

/** Holds the thread, so that no caller has to be asynchronous for what hardly ever happens. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** The text of such a file's bytes; throws as {@linkcode decodeText}. */
export function decodeGrownText(bytes: Uint8Array, path: string): GrownText {
  const whole = bytes.subarray(0, bytes.length - cutLetterLength(bytes));
  return { text: decodeText(whole, path), isCut: whole.length < bytes.length };
}

/** Whether an error says that there is nothing at a path. */
export function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}

/**
 * The bytes of a regular file; throws as {@linkcode readRegularText}, but takes any bytes.
 *
 * @param maxBytes For files that need not be held as text, `Infinity`.
 */
export function readRegularBytes(
  path: string,
  maxBytes = MAX_FILE_BYTES,
): Uint8Array | undefined {
  const info = lookAt(path);
  if (info === undefined) return undefined;
  if (info.isSymlink) throw TicketError.escapesRoot(path);
  if (!info.isFile) throw TicketError.io(path, new Error("not a regular file"));
  if (info.size > maxBytes) {
    const limit = maxBytes / 1024 / 1024;
    throw TicketError.parse(path, `the file is larger than ${limit} MiB (${info.size} bytes)`);
  }
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw TicketError.io(path, error);
  }
}

/**
 * The text of a file's bytes, byte order mark included.
 *
 * @throws {TicketError} `parse` for bytes that are no UTF-8.
 */
export function decodeText(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const offset = firstInvalidByte(bytes);
    const detail = `the file is no UTF-8: the byte at offset ${offset} cannot be read`;
    throw TicketError.parse(path, detail, { cause });
  }
}

/** Offset of the first byte that the replacement character stands for in a lenient reading. */
function firstInvalidByte(bytes: Uint8Array): number {
  const lenient = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const back = new TextEncoder().encode(lenient);
  return bytes.findIndex((byte, index) => byte !== back[index]);
}

/** Bytes at the end that begin a letter in UTF-8 and do not finish it. */
function cutLetterLength(bytes: Uint8Array): number {
  for (let length = 1; length <= 3; length++) {
    const byte = bytes.at(-length);
    if (byte === undefined || byte < 0x80) return 0;
    if (byte >= 0xc0) return length < letterLength(byte) ? length : 0;
  }
  return 0;
}

/** Bytes of the letter that begins with this byte; 0 where none does. */
function letterLength(lead: number): number {
  if (lead < 0xc2 || lead > 0xf4) return 0;
  return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
}
