/** Where the keys and values of YAML frontmatter stand, without reading them. @module */

import {
  indentOf,
  isBlankOrComment,
  isCommentStart,
  isItem,
  isLineEnd,
  nextLine,
  plainEnd,
  plainEndOverLines,
  scanKey,
  scanNode,
  scanText,
  skipBlanks,
  skipProperties,
  trimEnd,
} from "./_yaml_scan.ts";

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
