/**
 * Keeps a body from ending its event early or from beginning another one.
 *
 * A line is *dangerous* when its text without outer blanks is any number of backslashes and then
 * either exactly `---`, or `<!--` and anything. The writer puts one backslash before the first
 * character of every dangerous line; the reader takes one backslash from every dangerous line that
 * has one. As what the writer makes of a dangerous line is dangerous again, the two are exactly
 * inverse for every body.
 *
 * Source: tickets specification, section 3.4.
 *
 * @module
 */

import { leavesFenceOpenByLines } from "./_line_fences.ts";
import { leavesFenceOpen } from "./_fence_scan.ts";
import { isSeparatorLine, lineFeedAfter, lineTextEnd, skipBlanks } from "./_text_line.ts";

const BACKSLASH = 92;
const DASH = 45;
const LESS = 60;

/** A body as it is written, and whether the header has to say `esc: 1`. */
export function escapeBody(body: string): { text: string; isEscaped: boolean } {
  const text = editDangerousLines(body, (first) => ["\\", first]);
  // Readers of lines alone, and those that forgive no slip, see other fences in lists: none of them
  // must lose an event.
  const isOpen = leavesFenceOpen(body) || leavesFenceOpenByLines(body);
  return { text, isEscaped: text !== body || isOpen };
}

/** The body of an event whose header says `esc: 1`. */
export function unescapeBody(text: string): string {
  if (!text.includes("\\")) return text;
  return editDangerousLines(text, (first, mark) => mark > first ? ["", first + 1] : undefined);
}

/**
 * Rewrites dangerous lines. `edit` is given the offsets of a line's first character and of the
 * mark behind its backslashes, and gives what to put there and where the text goes on.
 */
function editDangerousLines(
  text: string,
  edit: (first: number, mark: number) => [put: string, resume: number] | undefined,
): string {
  const pieces: string[] = [];
  let copied = 0;
  for (let start = 0; start < text.length;) {
    const feed = lineFeedAfter(text, start, text.length);
    const end = lineTextEnd(text, start, feed);
    const first = skipBlanks(text, start, end);
    let mark = first;
    while (mark < end && text.charCodeAt(mark) === BACKSLASH) mark++;
    if (isDangerousMark(text, mark, end)) {
      const change = edit(first, mark);
      if (change !== undefined) {
        pieces.push(text.slice(copied, first), change[0]);
        copied = change[1];
      }
    }
    start = feed + 1;
  }
  return copied === 0 && pieces.length === 0 ? text : pieces.join("") + text.slice(copied);
}

function isDangerousMark(text: string, mark: number, end: number): boolean {
  const unit = text.charCodeAt(mark);
  // Blanks between backslashes and dashes make it another line: "\ ---" ends nothing.
  if (unit === DASH) return isSeparatorLine(text, mark, end);
  return unit === LESS && mark + 4 <= end && text.startsWith("<!--", mark);
}
