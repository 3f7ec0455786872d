/** @module */

import type { LayoutEntry } from "./_frontmatter_layout.ts";
import {
  flowParts,
  indentOf,
  isCommentStart,
  isItem,
  isLineEnd,
  nextLine,
  plainEnd,
  plainEndOverLines,
  scanNode,
  scanText,
  skipBlanks,
  skipProperties,
} from "./_yaml_scan.ts";

/**
 * The comments within the value of a key, in their order: among and behind the items of a list, before
 * and behind a value on a line of its own. The one behind the value on the line of the key is none of
 * them, nor is what a block scalar holds.
 */
export function commentsWithin(block: string, entry: LayoutEntry): string[] {
  const { start, valueStart, valueEnd, belowStart, end } = entry;
  const indent = indentOf(block, start);
  const first = block.charAt(skipProperties(block, valueStart));
  const below = isBlockScalar(first) ? [] : commentsFrom(block, belowStart, end, indent);
  return [...commentsFrom(block, valueStart, valueEnd, indent), ...below].map((at) =>
    /[^\r\n]*/y.exec(block.slice(at))?.[0].trimEnd() ?? ""
  );
}

/** Where comments begin from `start` to `end`; `indent` is the depth of what the nodes belong to. */
function commentsFrom(block: string, start: number, end: number, indent: number): number[] {
  const comments: number[] = [];
  let depth = indent;
  for (let at = start; at < end;) {
    at = skipBlanks(block, at);
    if (isLineEnd(block, at) || isCommentStart(block, at)) {
      if (!isLineEnd(block, at)) comments.push(at);
      at = nextLine(block, at);
    } else if (isItem(block, at)) {
      depth = at - block.lastIndexOf("\n", at) - 1;
      at++;
    } else {
      at = skipProperties(block, at);
      const first = block.charAt(at);
      if (isBlockScalar(first)) {
        const head = skipBlanks(block, plainEnd(block, at));
        if (isCommentStart(block, head)) comments.push(head);
        at = scanText(block, at, depth);
      } else if (/['"[{]/.test(first)) {
        if (/[[{]/.test(first)) comments.push(...flowParts(block, at).comments);
        at = scanNode(block, at) ?? end;
      } else if (!isLineEnd(block, at) && !isCommentStart(block, at)) {
        at = plainEndOverLines(block, at, depth);
      }
    }
  }
  return comments.filter((at) => at < end);
}

function isBlockScalar(first: string): boolean {
  return first === "|" || first === ">";
}
