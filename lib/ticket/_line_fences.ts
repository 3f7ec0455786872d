/**
 * Fenced code blocks by their lines alone, as a reader sees them that knows nothing of lists.
 *
 * Source: tickets specification, section 3.3; CommonMark 0.31, section 4.5.
 *
 * @module
 */

import { lineFeedAfter, lineTextEnd } from "./_text_line.ts";

const SPACE = 32;
const TAB = 9;
const BACKTICK = 96;
const TILDE = 126;

/** Whether a line that begins with this UTF-16 unit can open or close a fence. */
function mayBeFence(unit: number): boolean {
  return unit === BACKTICK || unit === TILDE || unit === SPACE;
}

/**
 * The fence that is open after a line, such as "```", or `null`.
 *
 * `open` is the one that was open before it; the line's text is the range `start` to `end`.
 */
function fenceAfterLine(
  open: string | null,
  text: string,
  start: number,
  end: number,
): string | null {
  let first = start;
  while (first < end && first < start + 4 && text.charCodeAt(first) === SPACE) first++;
  const mark = text.charCodeAt(first);
  if (first === end || first === start + 4 || (mark !== BACKTICK && mark !== TILDE)) return open;

  let last = first;
  while (last < end && text.charCodeAt(last) === mark) last++;
  const length = last - first;
  if (open !== null) {
    const closes = mark === open.charCodeAt(0) && length >= open.length &&
      isSpaceOrTab(text, last, end);
    return closes ? null : open;
  }
  if (length < 3) return null;
  // "``` a ` b" is a code span of a paragraph, not a fence.
  if (mark === BACKTICK && holdsBacktick(text, last, end)) return null;
  return text.slice(first, last);
}

/** Whether a whole text leaves a fence open for a reader that knows nothing of lists. */
export function leavesFenceOpenByLines(text: string): boolean {
  let open: string | null = null;
  for (let start = 0; start < text.length;) {
    const feed = lineFeedAfter(text, start, text.length);
    if (mayBeFence(text.charCodeAt(start))) {
      open = fenceAfterLine(open, text, start, lineTextEnd(text, start, feed));
    }
    start = feed + 1;
  }
  return open !== null;
}

function isSpaceOrTab(text: string, start: number, end: number): boolean {
  while (start < end) {
    const unit = text.charCodeAt(start++);
    if (unit !== SPACE && unit !== TAB) return false;
  }
  return true;
}

function holdsBacktick(text: string, start: number, end: number): boolean {
  while (start < end) if (text.charCodeAt(start++) === BACKTICK) return true;
  return false;
}
