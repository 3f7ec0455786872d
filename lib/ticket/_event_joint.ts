/**
 * What has to stand between the end of a text and the header of the next event, so that both our
 * reader and the reference see that header.
 *
 * @module
 */

import { contentEnd, skipBlanks, skipBlanksBack } from "./_text_line.ts";
import { parseThread } from "./thread.ts";

/**
 * Mends the end of a thread, or of one event: a missing line end, an open code fence, a missing
 * `---` line, a missing blank line. Nothing for an empty text.
 */
export function jointTo(text: string): string {
  let joint = text === "" || text.endsWith("\n") ? "" : "\n";
  if (skipBlanks(text, 0, text.length) === text.length) return inLineEndsOf(text, joint);
  const fence = parseThread(text).events.at(-1)?.endsInFence ?? null;
  if (fence !== null) joint += `${fence}\n`;
  if (fence !== null || !contentEnd(text, 0, text.length).isSeparated) joint += "\n---\n";
  if (joint !== "" || !endsInBlankLine(text)) joint += "\n";
  return inLineEndsOf(text, joint);
}

/** Gives LF text that is to follow another text the line ends of that one. */
export function inLineEndsOf(text: string, appendix: string): string {
  if (lineEndOf(text) === "\n") return appendix;
  const crlf = appendix.replaceAll("\n", "\r\n");
  // A torn line end has its CR already.
  return text.endsWith("\r") && crlf.startsWith("\r") ? crlf.slice(1) : crlf;
}

/** A text that another event can follow, or, for the last one of a thread, one that ends in `---`. */
export function mendedText(text: string, isLast: boolean): string {
  const mended = text + jointTo(text);
  return isLast
    ? mended.slice(0, skipBlanksBack(mended, 0, mended.length)) + lineEndOf(text)
    : mended;
}

/** How the first line of a text ends. */
function lineEndOf(text: string): "\n" | "\r\n" {
  const feed = text.indexOf("\n");
  return feed > 0 && text[feed - 1] === "\r" ? "\r\n" : "\n";
}

function endsInBlankLine(text: string): boolean {
  const lineStart = text.lastIndexOf("\n", text.length - 2) + 1;
  return skipBlanks(text, lineStart, text.length) === text.length;
}
