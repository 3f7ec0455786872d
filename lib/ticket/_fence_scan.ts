/**
 * Which lines of an event's body lie in a fenced code block: CommonMark's rules for fences and for
 * the list items that hold them.
 *
 * Two lines are read as their writers mean them, and not as CommonMark does. A closing fence at the
 * margin ends a fence in a list item. A closing fence that comes after text at the margin, which has
 * ended the list item, opens nothing; at the margin it does so only if all the code stands there,
 * from the line after the opening fence on.
 *
 * Source: tickets specification, section 3.3; CommonMark 0.31, sections 4.1, 4.5, 5.2 and 5.3.
 *
 * @module
 */

import { lineFeedAfter, lineTextEnd } from "./_text_line.ts";

/** A fence that was opened. */
interface Fence {
  /** Its first character, a backtick or a tilde. */
  readonly mark: number;
  readonly length: number;
  /** How many list items hold it. */
  readonly depth: number;
}

/** Where a line is being read. */
interface Cursor {
  readonly text: string;
  /** Offset of the next character that is no blank. */
  readonly at: number;
  /** Offset behind the line's text. */
  readonly end: number;
  /** Column of `at`, counted from 0, with tab stops of four. */
  readonly column: number;
}

/** Follows fences and list items line by line. */
export class FenceScan {
  /** Columns at which the contents of the open list items begin. */
  #items: number[] = [];
  /** Whether the innermost item has got no text yet. */
  #isEmptyItem = false;
  /** Whether the next line can go on with a paragraph. */
  #isParagraph = false;
  #fence: Fence | undefined;
  /** Whether no line, not even a blank one, has followed the line that opened the last fence. */
  #isBareFence = false;
  /** A fence in a list item that text at the margin has ended. */
  #orphan: Fence | undefined;
  #isGuess = false;

  /** Whether a line was read as its writer means it, and not as CommonMark does. */
  get isGuess(): boolean {
    return this.#isGuess;
  }

  /** Whether a line in column 0 would be code: a fence in a list item ends there. */
  get holdsMargin(): boolean {
    return this.#fence !== undefined && this.#fence.depth === 0;
  }

  /** The line that closes the open fence, `null` without one. */
  get closingLine(): string | null {
    if (this.#fence === undefined) return null;
    const { mark, length, depth } = this.#fence;
    return " ".repeat(this.#items[depth - 1] ?? 0) + String.fromCharCode(mark).repeat(length);
  }

  /** Begins anew. */
  reset(): void {
    this.#items = [];
    this.#isEmptyItem = false;
    this.#isParagraph = false;
    this.#fence = undefined;
    this.#isBareFence = false;
    this.#orphan = undefined;
    this.#isGuess = false;
  }

  /** Reads a line, the range `start` to `end` of a text, without its line end. */
  line(text: string, start: number, end: number): void {
    if (start === end) return this.#readBlank();
    const first = text.charCodeAt(start);
    if (this.#fence === undefined) {
      // Most lines are plain text outside of everything, or an item of a list at the margin.
      if (this.#items.length === 0 && isPlain(text, start, end)) {
        this.#isParagraph = first !== HASH;
        return;
      }
      if (
        isBullet(first) && text.charCodeAt(start + 1) === SPACE && isPlain(text, start + 2, end)
      ) {
        this.#items.length = 1;
        this.#items[0] = 2;
        this.#isEmptyItem = false;
        this.#isParagraph = text.charCodeAt(start + 2) !== HASH;
        return;
      }
    } else if (this.#fence.depth === 0 && first !== this.#fence.mark && first !== SPACE) return;
    const cursor = skipBlanks({ text, at: start, end, column: 0 });
    if (cursor.at === end) this.#readBlank();
    else this.#readText(cursor);
  }

  #readBlank(): void {
    this.#isParagraph = false;
    if (this.#fence !== undefined) this.#isBareFence = false;
    // An item begins with one blank line at most.
    if (this.#isEmptyItem) this.#items.pop();
    this.#isEmptyItem = false;
  }

  #readText(cursor: Cursor): void {
    this.#isEmptyItem = false;
    const held = this.#items.findIndex((column) => cursor.column < column);
    const matched = held < 0 ? this.#items.length : held;
    if (this.#fence !== undefined && this.#goesOnInFence(this.#fence, cursor, matched)) return;
    const isInside = matched === this.#items.length;
    const indent = cursor.column - (this.#items[matched - 1] ?? 0);
    if (!isInside) {
      // A paragraph goes on without the indentation of its item.
      if (this.#isParagraph && (indent > 3 || !beginsBlock(cursor))) return;
      this.#items.length = matched;
      this.#isParagraph = false;
    }
    this.#readBlocks(cursor);
  }

  /** Whether a line belongs to the open fence, as code or as its end. */
  #goesOnInFence(fence: Fence, cursor: Cursor, matched: number): boolean {
    const isInside = matched >= fence.depth;
    const base = this.#items[Math.min(fence.depth, matched) - 1] ?? 0;
    if (cursor.column - base < 4 && closes(fence, cursor)) {
      this.#fence = undefined;
      if (!isInside) {
        this.#items.length = matched;
        this.#isGuess = true;
      }
      return true;
    }
    if (isInside) {
      this.#isBareFence = false;
      return true;
    }
    this.#orphan = fence;
    this.#fence = undefined;
    return false;
  }

  /** Reads what a line begins: items within items, then one block. */
  #readBlocks(cursor: Cursor): void {
    // What ends a run of marks ends it for every item that begins within it: one look is enough.
    let runEnd = -1;
    for (;;) {
      const indent = cursor.column - (this.#items.at(-1) ?? 0);
      // Indented code, or more of a paragraph.
      if (indent > 3) return;
      if (cursor.at >= runEnd) runEnd = endOfRun(cursor);
      if (runEnd === cursor.end && isThematicBreak(cursor)) {
        this.#isParagraph = false;
        return;
      }
      const item = listItemAt(cursor, this.#isParagraph);
      if (item === undefined) break;
      this.#items.push(item.column);
      this.#isParagraph = false;
      if (item.content.at === cursor.end) {
        this.#isEmptyItem = true;
        return;
      }
      cursor = item.content;
    }
    const fence = fenceAt(cursor, this.#items.length);
    if (fence === undefined) {
      this.#isParagraph = cursor.text.charCodeAt(cursor.at) !== HASH;
      return;
    }
    this.#isParagraph = false;
    const isLateEnd = this.#orphan !== undefined && closes(this.#orphan, cursor) &&
      (cursor.column > 0 || this.#isBareFence);
    this.#orphan = undefined;
    if (isLateEnd) {
      this.#isGuess = true;
      return;
    }
    this.#fence = fence;
    this.#isBareFence = true;
  }
}

/** Whether a whole text leaves a fence open, or may do so for a reader that keeps to CommonMark. */
export function leavesFenceOpen(text: string): boolean {
  const scan = new FenceScan();
  for (let start = 0; start < text.length;) {
    const feed = lineFeedAfter(text, start, text.length);
    scan.line(text, start, lineTextEnd(text, start, feed));
    start = feed + 1;
  }
  return scan.closingLine !== null || scan.isGuess;
}

const TAB = 9;
const SPACE = 32;
const HASH = 35;
const BRACKET = 41;
const STAR = 42;
const PLUS = 43;
const MINUS = 45;
const POINT = 46;
const ONE = 49;
const LESS = 60;
const GREATER = 62;
const UNDERLINE = 95;
const BACKTICK = 96;
const TILDE = 126;

/**
 * Whether text that does not begin with a blank begins neither list item nor fence nor thematic
 * break, by its first characters. Only what is told at a glance is told.
 */
function isPlain(text: string, start: number, end: number): boolean {
  if (start >= end) return false;
  const unit = text.charCodeAt(start);
  if (unit >= 97 && unit <= 122 || unit >= 65 && unit <= 90 || unit > TILDE) return true;
  if (isDigit(unit)) {
    let behind = start + 1;
    const limit = Math.min(end, start + 10);
    while (behind < limit && isDigit(text.charCodeAt(behind))) behind++;
    const next = text.charCodeAt(behind);
    return behind < end && next !== POINT && next !== BRACKET;
  }
  if (isBullet(unit) || unit === UNDERLINE || unit === BACKTICK || unit === TILDE) {
    const next = text.charCodeAt(start + 1);
    return start + 1 < end && next !== unit && !isBlank(next);
  }
  return !isBlank(unit);
}

function isBullet(unit: number): boolean {
  return unit === MINUS || unit === STAR || unit === PLUS;
}

function isBlank(unit: number): boolean {
  return unit === SPACE || unit === TAB;
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

function skipBlanks({ text, at, end, column }: Cursor): Cursor {
  for (; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit === SPACE) column++;
    else if (unit === TAB) column += 4 - column % 4;
    else break;
  }
  return { text, at, end, column };
}

/** Whether a line can only be the beginning of something, and so ends a paragraph before it. */
function beginsBlock(cursor: Cursor): boolean {
  const { text, at } = cursor;
  const unit = text.charCodeAt(at);
  return unit === HASH || unit === GREATER || unit === LESS || isThematicBreak(cursor) ||
    fenceAt(cursor, 0) !== undefined || listItemAt(cursor, false) !== undefined;
}

/** The item that begins here: the column of its content, and where that begins. */
function listItemAt(
  { text, at, end, column }: Cursor,
  interruptsParagraph: boolean,
): { column: number; content: Cursor } | undefined {
  const first = text.charCodeAt(at);
  let behind = at + 1;
  if (isDigit(first)) {
    while (behind < end && isDigit(text.charCodeAt(behind))) behind++;
    const closer = text.charCodeAt(behind);
    if (behind - at > 9 || (closer !== POINT && closer !== BRACKET)) return undefined;
    if (interruptsParagraph && (behind - at !== 1 || first !== ONE)) return undefined;
    behind++;
  } else if (!isBullet(first)) return undefined;
  if (behind < end && !isBlank(text.charCodeAt(behind))) return undefined;
  const width = behind - at;
  const content = skipBlanks({ text, at: behind, end, column: column + width });
  if (content.at === end) {
    return interruptsParagraph ? undefined : { column: column + width + 1, content };
  }
  // More blanks than four belong to the content, which is then indented code.
  const gap = content.column - column - width;
  return { column: column + width + (gap > 4 ? 1 : gap), content };
}

/** Where something stands behind a mark that is neither the same nor a blank; the end for nothing. */
function endOfRun({ text, at, end }: Cursor): number {
  const mark = text.charCodeAt(at);
  while (at < end && (text.charCodeAt(at) === mark || isBlank(text.charCodeAt(at)))) at++;
  return at;
}

/** Three or more of `-`, `*` or `_`, with blanks between. */
function isThematicBreak({ text, at, end }: Cursor): boolean {
  const mark = text.charCodeAt(at);
  if (mark !== MINUS && mark !== STAR && mark !== UNDERLINE) return false;
  let count = 0;
  for (; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit === mark) count++;
    else if (!isBlank(unit)) return false;
  }
  return count >= 3;
}

function fenceAt({ text, at, end }: Cursor, depth: number): Fence | undefined {
  const mark = text.charCodeAt(at);
  if (mark !== BACKTICK && mark !== TILDE) return undefined;
  let behind = at;
  while (behind < end && text.charCodeAt(behind) === mark) behind++;
  const length = behind - at;
  if (length < 3) return undefined;
  // "``` a ` b" is a code span of a paragraph, not a fence.
  if (mark === BACKTICK) {
    for (let rest = behind; rest < end; rest++) {
      if (text.charCodeAt(rest) === BACKTICK) return undefined;
    }
  }
  return { mark, length, depth };
}

function closes(fence: Fence, { text, at, end }: Cursor): boolean {
  let behind = at;
  while (behind < end && text.charCodeAt(behind) === fence.mark) behind++;
  if (behind - at < fence.length) return false;
  while (behind < end && isBlank(text.charCodeAt(behind))) behind++;
  return behind === end;
}
