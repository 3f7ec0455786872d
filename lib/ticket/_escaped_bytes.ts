/** @module */

/**
 * The text of bytes that are no UTF-8, with each byte that is not part of a letter as `\x` and two
 * digits: a person sees where it stands and what it was, and can write the letter that was meant.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { escapeInvalidBytes } from "./_escaped_bytes.ts";
 *
 * const latin1 = Uint8Array.from("café, 木", (letter) => letter.charCodeAt(0) & 0xff);
 * assertEquals(escapeInvalidBytes(latin1.subarray(0, 4)), "caf\\xe9");
 * ```
 */
export function escapeInvalidBytes(bytes: Uint8Array): string {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const parts: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = endOfText(bytes, at);
    if (end > at) parts.push(decoder.decode(bytes.subarray(at, end)));
    if (end < bytes.length) parts.push(ESCAPES[bytes[end]!]!);
    at = end + 1;
  }
  return parts.join("");
}

/** Each byte as it is shown: a file can hold millions that are no text. */
const ESCAPES = Array.from({ length: 0x100 }, (_, byte) => `\\x${byte.toString(16)}`);

/** Where the first byte is that is not part of a letter. */
function endOfText(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < bytes.length) {
    const length = bytes[at]! < 0x80 ? 1 : letterLength(bytes[at]!);
    if (length === 0 || !isWhole(bytes, at, length)) return at;
    at += length;
  }
  return at;
}

/** Bytes of the letter that begins with this byte; 0 where none does. */
export function letterLength(lead: number): number {
  if (lead < 0xc2 || lead > 0xf4) return 0;
  return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
}

/** Whether the bytes behind the first one of a letter are those of a letter, too. */
function isWhole(bytes: Uint8Array, at: number, length: number): boolean {
  for (let index = at + 1; index < at + length; index++) {
    const byte = bytes[index];
    if (byte === undefined || byte < 0x80 || byte > 0xbf) return false;
  }
  const [lead = 0, second = 0] = [bytes[at], bytes[at + 1]];
  switch (lead) {
    case 0xe0: // written longer than it has to be
      return second >= 0xa0;
    case 0xed: // half of a pair
      return second < 0xa0;
    case 0xf0: // written longer than it has to be
      return second >= 0x90;
    case 0xf4: // beyond the last letter
      return second < 0x90;
    default:
      return true;
  }
}
