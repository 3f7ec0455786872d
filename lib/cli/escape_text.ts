/**
 * Text of records on its way to tables and terminals. What a record holds is shown, not obeyed: a
 * control character appears as its code.
 *
 * @module
 */

/** Control characters, and those that turn the direction of writing around. */
// deno-lint-ignore no-control-regex
const CONTROLS = /[\x00-\x1f\x7f-\x9f\u2028\u2029\p{Bidi_Control}]/gu;
// deno-lint-ignore no-control-regex
const CONTROLS_IN_TEXT = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\p{Bidi_Control}]/gu;
/** Those of them that JSON leaves as they are. */
const CONTROLS_IN_JSON = /[\x7f-\x9f\u2028\u2029\p{Bidi_Control}]/gu;

/** What ends a line or a cell; CR and LF together are one. */
const BREAKS = /\r\n|[\t-\r\x85\u2028\u2029]/g;

/**
 * A text for one cell of a table: a tab or line break becomes a blank, other control characters
 * their codes.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { escapeCell } from "./escape_text.ts";
 *
 * assert(escapeCell("two\nlines\t\x1b[31m") === "two lines \\x1b[31m");
 * ```
 */
export function escapeCell(text: string): string {
  return text.replace(BREAKS, " ").replace(CONTROLS, code);
}

/** {@linkcode escapeCell} for a text that is shown in brief: every run of blanks becomes one. */
export function escapeBrief(text: string): string {
  return text.trim().replace(/\s+/g, " ").replace(CONTROLS, code);
}

/** A text of several lines for a terminal: line breaks and tabs stay, other control characters do not. */
export function escapeText(text: string): string {
  return text.replace(/\r\n/g, "\n").replace(CONTROLS_IN_TEXT, code);
}

/**
 * A JSON document for a terminal: it means what it meant, but shows control characters in its strings.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { escapeJson } from "./escape_text.ts";
 *
 * assert(escapeJson('["a\u202eb"]') === String.raw`["a\u202eb"]`);
 * ```
 */
export function escapeJson(json: string): string {
  return json.replace(CONTROLS_IN_JSON, longCode);
}

/**
 * At most `limit` characters of a line, the last three of them `...` when something was left out. No
 * letter is cut off from the marks that belong to it.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { cutLine } from "./escape_text.ts";
 *
 * assert(cutLine("a longer title", 10) === "a longe...");
 * assert(cutLine("short", 10) === "short");
 * ```
 */
export function cutLine(line: string, limit: number): string {
  // No code point is longer than two units, so most lines need no counting.
  if (line.length <= limit || codePoints(line) <= limit) return line;
  const dots = "...";
  let left = limit - dots.length;
  let kept = "";
  for (const { segment } of new Intl.Segmenter("und").segment(line)) {
    left -= codePoints(segment);
    if (left < 0) break;
    kept += segment;
  }
  return kept + dots;
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function code(character: string): string {
  const number = character.charCodeAt(0);
  return number < 0x100 ? `\\x${number.toString(16).padStart(2, "0")}` : longCode(character);
}

function longCode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
