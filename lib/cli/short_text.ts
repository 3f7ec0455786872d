/** Making text fit. @module */

import { printable } from "./style.ts";
import { textWidth } from "./text_width.ts";

/**
 * The text in one line that takes at most `width` columns, with `…` when something was left out.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { oneLine } from "./short_text.ts";
 *
 * assert(oneLine("two\nlines", 20) === "two lines");
 * assert(oneLine("日本語のテキスト", 7) === "日本語…");
 * ```
 */
export function oneLine(text: string, width: number): string {
  const line = printable(text).replace(/\s+/g, " ").trim();
  return fit(line, width);
}

/**
 * As much of a line as takes at most `width` columns, with `…` when something was left out. No letter
 * is cut off from the marks that belong to it.
 */
export function fit(line: string, width: number): string {
  // A character takes two columns at most, so most lines need no counting.
  if (line.length * 2 <= width || textWidth(line) <= width) return line;
  let used = 0;
  let kept = "";
  for (const letter of lettersOf(line)) {
    used += textWidth(letter);
    if (used > width - 1) break;
    kept += letter;
  }
  return width > 0 ? `${kept}…` : "";
}

/** What a person takes for one letter each, from the front on. */
function* lettersOf(line: string): Iterable<string> {
  // ASCII has one a character; most lines need no tables of letters.
  if (/^[\x20-\x7e]*$/.test(line)) yield* line;
  else for (const { segment } of new Intl.Segmenter("und").segment(line)) yield segment;
}

/** The line filled up with blanks to `width` columns. */
export function pad(line: string, width: number): string {
  return line + " ".repeat(Math.max(0, width - textWidth(line)));
}

/** At most `limit` lines of a text, each printable, with a word about the others. */
export function firstLines(text: string, limit: number): string[] {
  const lines = printable(text).trimEnd().split("\n");
  if (lines.length <= limit) return lines;
  return [...lines.slice(0, limit - 1), `… ${lines.length - limit + 1} more lines`];
}
