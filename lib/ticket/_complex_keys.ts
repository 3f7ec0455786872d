/** @module */

import {
  flowParts,
  indentOf,
  isBlankOrEnd,
  isCommentStart,
  isLineEnd,
  nextLine,
  scanKey,
  scanNode,
  skipBlanks,
  skipProperties,
} from "./_yaml_scan.ts";

/**
 * Where a key of a mapping is a list, a mapping or an alias, `undefined` where none is. The parser
 * turns the first two into texts and does not tell.
 *
 * @param block What the parser reads as a mapping, though `scanLayout` finds it no plain one; with LF
 * only.
 */
export function complexKeyAt(block: string): number | undefined {
  const start = PROLOGUE.exec(block)?.[0].length ?? 0;
  if (block.charAt(start) === "{") {
    const end = scanNode(block, start) ?? block.length;
    if (block.charAt(skipBlanks(block, end)) === ":") return start;
    return flowParts(block, start).entries.find((at) => isComplexKey(block, at, true));
  }
  if (isComplexKey(block, start, false)) return start;
  const indent = indentOf(block, block.lastIndexOf("\n", start) + 1);
  for (let line = nextLine(block, start); line < block.length; line = nextLine(block, line)) {
    const at = line + indent;
    if (indentOf(block, line) === indent && isComplexKey(block, at, false)) return at;
  }
  return undefined;
}

/** What can stand before a mapping: comments, directives, the opening of a document, properties. */
const PROLOGUE = /^(?:\s|#.*|%.*|---(?=\s)|[&!]\S*(?=\s))*/;

function isComplexKey(block: string, start: number, isFlow: boolean): boolean {
  const at = skipProperties(block, start);
  if (block.charAt(at) !== "?" || !isBlankOrEnd(block, at + 1)) return isNoText(block, at);
  const key = skipProperties(block, skipBlanks(block, at + 1));
  if (isNoText(block, key) || isLineEnd(block, key) || isCommentStart(block, key)) return true;
  if (isFlow) return false;
  // A list or a mapping can begin on the line of the question mark.
  return /[-?]/.test(block.charAt(key)) && isBlankOrEnd(block, key + 1) ||
    scanKey(block, key) !== undefined;
}

function isNoText(block: string, at: number): boolean {
  return /[[{*]/.test(block.charAt(at));
}
