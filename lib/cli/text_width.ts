/** @module */

/** Letters that terminals show in two columns: East Asian ones and pictures. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
/** Letters that take no column of their own: they change the one before, or end its syllable. */
const NONE = /\p{Mn}|\p{Me}|\p{Cf}|\p{Cc}|[\u1160-\u11ff\ud7b0-\ud7fb]/u;
const PLAIN = /^[\x20-\x7e]*$/;

/**
 * Columns that a line takes on a terminal, letter by letter: good enough to cut a table with.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { textWidth } from "./text_width.ts";
 *
 * assert(textWidth("pod") === 3);
 * assert(textWidth("日本") === 4);
 * ```
 */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  // The marks of kana lie among wide letters.
  for (const letter of text) width += NONE.test(letter) ? 0 : WIDE.test(letter) ? 2 : 1;
  return width;
}
