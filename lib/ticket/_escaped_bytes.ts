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
    const end = endOfAscii(bytes, at);
    if (end > at) parts.push(decoder.decode(bytes.subarray(at, end)));
    if (end === bytes.length) break;
    const length = letterLength(bytes[end]!);
    const letter = decoder.decode(bytes.subarray(end, end + length));
    // What is no letter is read as several replacement characters, or one for a part of its bytes.
    const isLetter = length > 0 && end + length <= bytes.length && isOneCharacter(letter) &&
      (letter !== "\ufffd" || isReplacement(bytes, end));
    parts.push(isLetter ? letter : `\\x${bytes[end]!.toString(16)}`);
    at = end + (isLetter ? length : 1);
  }
  return parts.join("");
}

function endOfAscii(bytes: Uint8Array, start: number): number {
  let end = start;
  while (end < bytes.length && bytes[end]! < 0x80) end++;
  return end;
}

/** Bytes of the letter that begins with this byte; 0 where none does. */
export function letterLength(lead: number): number {
  if (lead < 0xc2 || lead > 0xf4) return 0;
  return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
}

function isOneCharacter(text: string): boolean {
  return text !== "" && text.length === String.fromCodePoint(text.codePointAt(0)!).length;
}

/** Whether the replacement character itself stands here. */
function isReplacement(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd;
}
