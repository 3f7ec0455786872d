/** A submission in one short line. Source: protocol specification, section 3.2. @module */

import { flattenSegment, type Segment } from "./segment.ts";

/**
 * One line that reminds a person of a submission: its pieces (trimmed when they are text) joined by
 * a blank, line breaks turned into blanks, at most `limit` characters and `…` if more was there.
 *
 * @param limit In Unicode scalar values, so that no emoji is cut in half.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { previewSegments } from "./preview.ts";
 * const preview = previewSegments([
 *   { kind: "text", content: "explain\nthis " },
 *   { kind: "file_ref", path: "src/a.ts" },
 * ]);
 * assert(preview === "explain this @src/a.ts");
 * ```
 */
export function previewSegments(segments: readonly Segment[], limit = 120): string {
  const line = segments.map(previewSegment).join(" ").replace(/[\r\n]/g, " ");
  return cut(line, limit);
}

function previewSegment(segment: Segment): string {
  const text = flattenSegment(segment);
  return segment.kind === "text" || segment.kind === "paste" ? trimmed(text) : text;
}

/** Without Unicode White_Space at its ends; `trim()` would also take U+FEFF and leave U+0085. */
function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isWhiteSpace(text.charAt(start))) start++;
  while (end > start && isWhiteSpace(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

function isWhiteSpace(character: string): boolean {
  return /\p{White_Space}/u.test(character);
}

function cut(line: string, limit: number): string {
  let end = 0;
  let count = 0;
  for (const character of line) {
    if (count === limit) return `${line.slice(0, end)}…`;
    count += 1;
    end += character.length;
  }
  return line;
}
