/** @module */

const MARK = "...";

/**
 * A text on one line, cut to `limit` characters (code points) between graphemes; what was cut ends
 * with three points.
 */
export function cutText(text: string, limit: number): string {
  const line = /\s/.test(text) ? text.replace(/\s+/g, " ").trim() : text;
  if (line.length <= limit || [...line].length <= limit) return line;
  let kept = "";
  let length = 0;
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    length += [...segment].length;
    if (length > limit - MARK.length) break;
    kept += segment;
  }
  return kept + MARK;
}
