/**
 * The envelope of `item.md`: frontmatter between two lines `---`, then the body.
 *
 * Source: tickets specification, section 2.1 and row 19 of section 12.
 *
 * @module
 */

import { TicketError } from "./ticket_error.ts";

/** An `item.md`, split without loss; the offsets point into `text`. */
export interface ItemFile {
  /** The whole file. */
  readonly text: string;
  /** Whether it begins with a byte order mark. */
  readonly hasBom: boolean;
  /** The line ending of the first line, which new lines get too. */
  readonly lineEnding: "\n" | "\r\n";
  /** Offset of the first character after the opening line. */
  readonly frontmatterStart: number;
  /** Offset of the closing line. */
  readonly frontmatterEnd: number;
  /** Offset of the first character after the closing line. */
  readonly bodyStart: number;
  /** The lines between opening and closing line, with LF only; empty or ending with LF. */
  readonly frontmatter: string;
  /** Everything after the closing line, with LF only. */
  readonly body: string;
}

/** Where the parts of an `item.md` lie. */
export type ItemParts = Pick<
  ItemFile,
  "hasBom" | "lineEnding" | "frontmatterStart" | "frontmatterEnd" | "bodyStart"
>;

/**
 * Splits an `item.md`.
 *
 * @param path For messages.
 * @throws {TicketError} `parse` if the text is empty, its first line is not `---`, or no later line
 * is.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { splitItem } from "@yoi/yoi/tickets";
 *
 * const item = splitItem("---\ntitle: 'Cache the index'\n---\n\nWhy?\n", "item.md");
 * assert(item.frontmatter === "title: 'Cache the index'\n");
 * assert(item.body === "\nWhy?\n");
 * ```
 */
export function splitItem(text: string, path: string): ItemFile {
  const parts = locateParts(text, path);
  return {
    text,
    ...parts,
    frontmatter: withLineFeeds(text.slice(parts.frontmatterStart, parts.frontmatterEnd)),
    body: withLineFeeds(text.slice(parts.bodyStart)),
  };
}

/**
 * Finds the parts of an `item.md` without copying them. Of the body nothing is looked at, so `text`
 * may be the head of a file.
 *
 * @throws {TicketError} As {@linkcode splitItem}.
 */
export function locateParts(text: string, path: string): ItemParts {
  const hasBom = text.charCodeAt(0) === 0xfeff;
  const opener = hasBom ? 1 : 0;
  if (text.length === opener) {
    throw TicketError.parse(path, "the file is empty", { line: 1 });
  }
  const lineEnding = text.startsWith("---\r\n", opener) ? "\r\n" : "\n";
  if (!text.startsWith(`---${lineEnding}`, opener) && text.slice(opener) !== "---") {
    const detail = text.startsWith("<<<<<<< ", opener)
      ? "the file begins with the marker of an unfinished merge"
      : 'the frontmatter is not opened: the first line has to be exactly "---"';
    throw TicketError.parse(path, detail, { line: 1 });
  }
  const frontmatterStart = Math.min(opener + 3 + lineEnding.length, text.length);
  // Lines are looked for from the line break before them, so that one search finds both.
  for (let at = frontmatterStart - 1; at >= 0; at = text.indexOf("\n---", at + 1)) {
    const start = at + 1;
    const end = start + 3;
    if (!text.startsWith("---", start)) continue;
    const isAtEnd = end === text.length;
    const breakLength = text.startsWith("\n", end) ? 1 : text.startsWith("\r\n", end) ? 2 : 0;
    if (isAtEnd || breakLength > 0) {
      const bodyStart = end + breakLength;
      return { hasBom, lineEnding, frontmatterStart, frontmatterEnd: start, bodyStart };
    }
  }
  const detail = 'the frontmatter is not closed: a second line that is exactly "---" is missing';
  throw TicketError.parse(path, detail, { line: 1 });
}

/** The same text with LF as its only line ending. */
export function withLineFeeds(text: string): string {
  return text.includes("\r") ? text.replaceAll("\r\n", "\n") : text;
}
