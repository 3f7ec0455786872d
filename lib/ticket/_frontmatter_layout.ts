/** Where the keys and values of YAML frontmatter stand, without reading them. @module */

/** One key of a block of frontmatter and where its value lies; offsets point into the block. */
export interface LayoutEntry {
  readonly key: string;
  readonly isKeyQuoted: boolean;
  /** First character of the key's line. */
  readonly start: number;
  /** First character after the line break of the last line of its value. */
  readonly end: number;
  /** Right behind the colon. */
  readonly colonEnd: number;
  /**
   * What stands behind the colon without blanks and comments: a whole value, also over several
   * lines, or the head of a block scalar. Empty when the value begins on a later line.
   */
  readonly valueStart: number;
  readonly valueEnd: number;
  /** Whole lines that belong to the value, of a block scalar or a block list; may be empty. */
  readonly belowStart: number;
}

/** Where the keys of a block of frontmatter stand. */
export interface Layout {
  /** Blanks before each key. */
  readonly indent: number;
  readonly entries: readonly LayoutEntry[];
}

/**
 * Finds every top-level key of a block and the span of its value, without reading values. LF and
 * CRLF both end a line, so that the block can be that of the file.
 *
 * @returns `undefined` where the block is no plain mapping of one key a line. What it returns for a
 * block that is no valid YAML means nothing.
 */
export function scanLayout(block: string): Layout | undefined {
  const entries: LayoutEntry[] = [];
  let indent: number | undefined;
  for (let at = 0; at < block.length;) {
    if (isBlankOrComment(block, at)) {
      at = nextLine(block, at);
      continue;
    }
    const depth = indentOf(block, at);
    indent ??= depth;
    const entry = depth === indent ? scanEntry(block, at, indent) : undefined;
    if (!entry) return undefined;
    entries.push(entry);
    at = entry.end;
  }
  return { indent: indent ?? 0, entries };
}

function scanEntry(block: string, start: number, indent: number): LayoutEntry | undefined {
  const key = scanKey(block, start + indent);
  if (!key) return undefined;
  const { colonEnd } = key;
  const base = { key: key.text, isKeyQuoted: key.isQuoted, start, colonEnd };
  let at = skipBlanks(block, colonEnd);
  const valueStart = at;
  at = skipProperties(block, at);
  if (isLineEnd(block, at) || isCommentStart(block, at)) {
    const valueEnd = at === valueStart ? valueStart : trimEnd(block, valueStart, at);
    const below = nextLine(block, at);
    const end = scanBelow(block, below, indent);
    return end === undefined
      ? undefined
      : { ...base, valueStart, valueEnd, belowStart: below, end };
  }
  switch (block.charAt(at)) {
    case "|":
    case ">": {
      const valueEnd = plainEnd(block, at);
      const below = nextLine(block, valueEnd);
      return {
        ...base,
        valueStart,
        valueEnd,
        belowStart: below,
        end: scanText(block, at, indent),
      };
    }
    case "'":
    case '"':
    case "[":
    case "{": {
      const valueEnd = scanNode(block, at);
      if (valueEnd === undefined) return undefined;
      // What stands behind it but a comment makes no valid mapping: the reader's business.
      const end = nextLine(block, valueEnd);
      return { ...base, valueStart, valueEnd, belowStart: end, end };
    }
    default: {
      const valueEnd = plainEndOverLines(block, at, indent);
      const end = nextLine(block, valueEnd);
      return { ...base, valueStart, valueEnd, belowStart: end, end };
    }
  }
}

/** A key at `at`, with its colon. */
export function scanKey(
  block: string,
  at: number,
): { text: string; isQuoted: boolean; colonEnd: number } | undefined {
  const quote = block.charAt(at);
  if (quote === "'" || quote === '"') {
    const end = scanQuoted(block, at);
    const raw = end === undefined ? "" : block.slice(at + 1, end - 1);
    // A key with escapes would have to be read; nobody writes one.
    if (end === undefined || /[\r\n\\]/.test(raw)) return undefined;
    const colon = skipBlanks(block, end);
    if (block.charAt(colon) !== ":" || !isBlankOrEnd(block, colon + 1)) return undefined;
    const text = quote === "'" ? raw.replaceAll("''", "'") : raw;
    return { text, isQuoted: true, colonEnd: colon + 1 };
  }
  if (/[[\]{},#&*!|>%@`]/.test(quote)) return undefined;
  if (/[-?:]/.test(quote) && isBlankOrEnd(block, at + 1)) return undefined;
  for (let colon = at; !isLineEnd(block, colon) && !isCommentStart(block, colon); colon++) {
    if (block.charAt(colon) === ":" && isBlankOrEnd(block, colon + 1)) {
      const text = block.slice(at, trimEnd(block, at, colon));
      return { text, isQuoted: false, colonEnd: colon + 1 };
    }
  }
  return undefined;
}

/** Skips anchors and tags before a value, with the blanks behind them. */
export function skipProperties(block: string, at: number): number {
  while (block.charAt(at) === "&" || block.charAt(at) === "!") {
    while (!isBlankOrEnd(block, at)) at++;
    at = skipBlanks(block, at);
  }
  return at;
}

/** End of a value that begins on a later line than its key; `start` when there is none. */
function scanBelow(block: string, start: number, indent: number): number | undefined {
  let first = start;
  while (first < block.length && isBlankOrComment(block, first)) first = nextLine(block, first);
  if (first >= block.length) return start;
  const depth = indentOf(block, first);
  const at = first + depth;
  const isList = isItem(block, at);
  if (depth < indent || depth === indent && !isList) return start;
  if (!isList && /['"[{]/.test(block.charAt(at))) {
    const end = scanNode(block, at);
    return end === undefined ? undefined : nextLine(block, end);
  }
  return scanLines(block, first, indent, isList && depth === indent);
}

/**
 * End of the text below the head of a block scalar: the lines as deep as its first one, without blank
 * ones at the end. Comments can follow that are deeper than the key, but not that deep.
 */
export function scanText(block: string, head: number, indent: number): number {
  const written = Number(/[|>][-+]?([1-9])?/y.exec(block.slice(head, head + 3))?.[1] ?? 0);
  let textDepth = indent + written;
  let end = nextLine(block, head);
  for (let line = end; line < block.length; line = nextLine(block, line)) {
    const depth = indentOf(block, line);
    if (isLineEnd(block, line + depth)) continue;
    if (textDepth === indent) textDepth = Math.max(depth, indent + 1);
    if (depth < textDepth) break;
    end = nextLine(block, line);
  }
  return end;
}

/**
 * End of the lines of a list or of deeper text from `start` on, without blank ones and comments at
 * the end.
 *
 * @param withItems Whether items stand as deep as the key, which YAML allows.
 */
function scanLines(block: string, start: number, indent: number, withItems: boolean): number {
  let end = start;
  let holdsBlockScalar = false;
  for (let line = start; line < block.length; line = nextLine(block, line)) {
    const depth = indentOf(block, line);
    // Below the head of a block scalar, what looks like a comment is text.
    if (isBlankOrComment(block, line) && !(holdsBlockScalar && depth > indent)) continue;
    if (depth < indent || depth === indent && !(withItems && isItem(block, line + depth))) break;
    end = nextLine(block, line);
    holdsBlockScalar ||= BLOCK_SCALAR_HEAD.test(block.slice(line, end));
  }
  return end;
}

const BLOCK_SCALAR_HEAD = /[\s][|>][-+1-9]*\s*(?:#.*\s*)?$/;

/** Whether an item of a block list begins at `at`. */
export function isItem(block: string, at: number): boolean {
  return block.charAt(at) === "-" && isBlankOrEnd(block, at + 1);
}

/** End of a quoted scalar or flow collection at `at`. */
export function scanNode(block: string, at: number): number | undefined {
  const opener = block.charAt(at);
  return opener === "'" || opener === '"' ? scanQuoted(block, at) : scanFlow(block, at);
}

function scanQuoted(block: string, start: number): number | undefined {
  const quote = block.charAt(start);
  for (let at = start + 1; at < block.length; at++) {
    const character = block.charAt(at);
    if (character === "\\" && quote === '"') at++;
    else if (character === quote) {
      if (quote === '"' || block.charAt(at + 1) !== quote) return at + 1;
      at++;
    }
  }
  return undefined;
}

/** Where the parts of a flow collection begin. */
export interface FlowParts {
  /** Its own entries, not those of collections in it. */
  readonly entries: number[];
  /** All comments in it. */
  readonly comments: number[];
}

/** The parts of the flow collection at `start`. */
export function flowParts(block: string, start: number): FlowParts {
  const parts: FlowParts = { entries: [], comments: [] };
  scanFlow(block, start, parts);
  return parts;
}

function scanFlow(block: string, start: number, parts?: FlowParts): number | undefined {
  let depth = 0;
  // Quotes quote only where a node begins; elsewhere they are letters.
  let isNodeStart = true;
  let isEntryStart = false;
  for (let at = start; at < block.length; at++) {
    const character = block.charAt(at);
    if (isEntryStart && !/\s/.test(character) && !isCommentStart(block, at)) {
      parts?.entries.push(at);
      isEntryStart = false;
    }
    if (character === "[" || character === "{") {
      depth++;
      isNodeStart = true;
      isEntryStart = depth === 1;
    } else if (character === "]" || character === "}") {
      if (--depth === 0) return at + 1;
      isNodeStart = false;
    } else if (character === "," || character === ":" && isBlankOrEnd(block, at + 1)) {
      isNodeStart = true;
      isEntryStart = depth === 1 && character === ",";
    } else if (isNodeStart && (character === "'" || character === '"')) {
      const end = scanQuoted(block, at);
      if (end === undefined) return undefined;
      at = end - 1;
      isNodeStart = false;
    } else if (isCommentStart(block, at)) {
      parts?.comments.push(at);
      at = lineEnd(block, at) - 1;
    } else if (!/\s/.test(character)) {
      isNodeStart = false;
    }
  }
  return undefined;
}

/** End of a plain scalar on its line: before blanks, before a comment. */
export function plainEnd(block: string, start: number): number {
  let at = start;
  while (!isLineEnd(block, at) && !(at > start && isCommentStart(block, at))) at++;
  return trimEnd(block, start, at);
}

/** End of a plain scalar that goes on over deeper lines; a comment ends it. */
export function plainEndOverLines(block: string, start: number, indent: number): number {
  let end = plainEnd(block, start);
  while (isLineEnd(block, skipBlanks(block, end))) {
    let line = nextLine(block, end);
    while (line < block.length && isLineEnd(block, skipBlanks(block, line))) {
      line = nextLine(block, line);
    }
    if (line >= block.length || indentOf(block, line) <= indent) break;
    const first = skipBlanks(block, line);
    if (block.charAt(first) === "#") break;
    end = plainEnd(block, first);
  }
  return end;
}

function isBlankOrComment(block: string, line: number): boolean {
  const first = skipBlanks(block, line);
  return isLineEnd(block, first) || block.charAt(first) === "#";
}

/** Blanks at the beginning of a line. */
export function indentOf(block: string, line: number): number {
  let at = line;
  while (block.charAt(at) === " ") at++;
  return at - line;
}

/** Offset of what is neither blank nor tab. */
export function skipBlanks(block: string, at: number): number {
  while (block.charAt(at) === " " || block.charAt(at) === "\t") at++;
  return at;
}

function trimEnd(block: string, start: number, end: number): number {
  while (end > start && /[ \t]/.test(block.charAt(end - 1))) end--;
  return end;
}

/** Whether a line break, or the end of the block, is at `at`. */
export function isLineEnd(block: string, at: number): boolean {
  if (at >= block.length || block.charAt(at) === "\n") return true;
  return block.charAt(at) === "\r" && block.charAt(at + 1) === "\n";
}

/** Whether a blank, a tab or the end of a line is at `at`. */
export function isBlankOrEnd(block: string, at: number): boolean {
  return isLineEnd(block, at) || block.charAt(at) === " " || block.charAt(at) === "\t";
}

/** Whether a comment begins at `at`: within a word `#` is a letter. */
export function isCommentStart(block: string, at: number): boolean {
  return block.charAt(at) === "#" && /[ \t\n]/.test(block.charAt(at - 1));
}

/** Offset of the line break at or after `at`. */
function lineEnd(block: string, at: number): number {
  while (!isLineEnd(block, at)) at++;
  return at;
}

/** Offset of the line behind the one that `at` is in. */
export function nextLine(block: string, at: number): number {
  const end = block.indexOf("\n", at);
  return end < 0 ? block.length : end + 1;
}
