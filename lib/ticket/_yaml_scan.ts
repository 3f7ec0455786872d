/**
 * Steps over the parts of a block of YAML, without reading them: each function is given an offset and
 * gives one.
 *
 * @module
 */

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

/** Whether the line that begins at `line` holds nothing but blanks or a comment. */
export function isBlankOrComment(block: string, line: number): boolean {
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

/** Offset behind the last character of a range that is neither blank nor tab. */
export function trimEnd(block: string, start: number, end: number): number {
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
