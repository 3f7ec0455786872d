/**
 * What threads ask of single lines. All functions take a range of a larger text, so that reading
 * copies nothing.
 *
 * @module
 */

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const DASH = 45;

/** Whether a UTF-16 unit is blank: Unicode `White_Space`, which is what the reference trims. */
export function isBlankUnit(unit: number): boolean {
  if (unit <= 32) return unit === 32 || (unit >= 9 && unit <= 13);
  if (unit < 0x1680) return unit === 0x85 || unit === 0xa0;
  return unit === 0x1680 || (unit >= 0x2000 && unit <= 0x200a) || unit === 0x2028 ||
    unit === 0x2029 || unit === 0x202f || unit === 0x205f || unit === 0x3000;
}

/** Offset of the first unit in the range that is not blank, `end` when all are. */
export function skipBlanks(text: string, start: number, end: number): number {
  while (start < end && isBlankUnit(text.charCodeAt(start))) start++;
  return start;
}

/** Offset behind the last unit in the range that is not blank, `start` when all are. */
export function skipBlanksBack(text: string, start: number, end: number): number {
  while (end > start && isBlankUnit(text.charCodeAt(end - 1))) end--;
  return end;
}

/** Whether the range holds `---` and blanks around it, nothing else. */
export function isSeparatorLine(text: string, start: number, end: number): boolean {
  const first = skipBlanks(text, start, end);
  return text.charCodeAt(first) === DASH && text.startsWith("---", first) && first + 3 <= end &&
    skipBlanks(text, first + 3, end) === end;
}

/**
 * Offset behind a line's text, given the offset of its LF or the end of everything: a CR before it is
 * not text.
 */
export function lineTextEnd(text: string, start: number, feed: number): number {
  return feed > start && text.charCodeAt(feed - 1) === CARRIAGE_RETURN ? feed - 1 : feed;
}

/** Offset of the LF that ends the line at `start`, `limit` when there is none before it. */
export function lineFeedAfter(text: string, start: number, limit: number): number {
  const feed = text.indexOf("\n", start);
  return feed < 0 || feed > limit ? limit : feed;
}

/** Where content ends and whether a separator follows it. */
export interface ContentEnd {
  /** Offset behind the last content line's text, without its line end. */
  readonly end: number;
  /** Whether at least one of the lines that were left off is `---`. */
  readonly isSeparated: boolean;
}

/** Leaves off blank lines and `---` lines at the end of a range that begins at a line's start. */
export function contentEnd(text: string, start: number, end: number): ContentEnd {
  let isSeparated = false;
  while (end > start) {
    const feed = text.charCodeAt(end - 1) === LINE_FEED ? end - 1 : end;
    const lineStart = feed > start ? Math.max(text.lastIndexOf("\n", feed - 1) + 1, start) : start;
    const first = skipBlanks(text, lineStart, feed);
    if (first < feed) {
      if (text.charCodeAt(first) !== DASH || !isSeparatorLine(text, first, feed)) {
        return { end: lineTextEnd(text, lineStart, feed), isSeparated };
      }
      isSeparated = true;
    }
    end = lineStart;
  }
  return { end: start, isSeparated };
}

/** Offset of the first line in the range that is not blank, `end` when all are. */
export function skipBlankLines(text: string, start: number, end: number): number {
  while (start < end) {
    const feed = lineFeedAfter(text, start, end);
    if (skipBlanks(text, start, feed) < feed) return start;
    start = feed + 1;
  }
  return end;
}

/** Whether the last line with text is `---`, as that of a thread is; true for an empty text. */
export function endsInSeparator(text: string): boolean {
  const end = skipBlanksBack(text, 0, text.length);
  return end === 0 || isSeparatorLine(text, text.lastIndexOf("\n", end - 1) + 1, end);
}

/** Whether a file of lines ends with a whole one. */
export function endsInLineFeed(text: string): boolean {
  return text === "" || text.endsWith("\n");
}
