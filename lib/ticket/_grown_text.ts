/** Texts of files to which records are appended, by writers that may be at it. @module */

import { letterLength } from "./_escaped_bytes.ts";
import { decodeText, lookAt, readRegularBytes } from "./_regular_file.ts";

/** The text of a file to which records are appended. */
export interface GrownText {
  readonly text: string;
  /** Whether the file ends inside a letter, whose bytes are not part of `text`. */
  readonly isCut: boolean;
}

/**
 * As `readRegularText`, for a file that grows: an append that a power failure cut off can
 * end inside a letter, and what was there before is none the worse for it.
 *
 * One append is one write, but a reader beside it can see a part of that: the pages of memory that are
 * copied already (of 1,500 parts that were caught on ext4 each ended with a page). So a file that ends
 * there, not as `isWhole` wants it, and has changed just now, is read until it stays the same.
 */
export function readGrownText(
  path: string,
  isWhole: (text: string) => boolean,
): GrownText | undefined {
  let bytes = readRegularBytes(path);
  for (let same = 0; same < SAME_READINGS && bytes && endsWithPage(bytes); same++) {
    if (isWhole(decodeGrownText(bytes, path).text) || !hasJustChanged(path)) break;
    pause(1);
    const again = readRegularBytes(path);
    if (again?.length !== bytes.length) same = -1;
    bytes = again;
  }
  return bytes && decodeGrownText(bytes, path);
}

/** Readings in a row, a millisecond apart, after which nobody is writing. */
const SAME_READINGS = 3;

/** Milliseconds since the last change from which on no append is still going on. */
const LONGEST_APPEND_MS = 2_000;

/** Bytes of the smallest page; larger ones are multiples. */
const PAGE_BYTES = 4_096;

function endsWithPage(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.length % PAGE_BYTES === 0;
}

function hasJustChanged(path: string): boolean {
  const changed = lookAt(path)?.mtime?.getTime() ?? 0;
  return Math.abs(Date.now() - changed) < LONGEST_APPEND_MS;
}

/** Holds the thread, so that no caller has to be asynchronous for what hardly ever happens. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** The text of such a file's bytes; throws as `decodeText`. */
export function decodeGrownText(bytes: Uint8Array, path: string): GrownText {
  const whole = bytes.subarray(0, bytes.length - cutLetterLength(bytes));
  return { text: decodeText(whole, path), isCut: whole.length < bytes.length };
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
