/**
 * Reads a thread as the reference does, with what it loses: to predict what users of that program
 * see, and to prove that it sees what we write.
 *
 * Source: tickets specification, section 3.2.
 *
 * @module
 */

import { headerAttributes, isHeaderLine } from "./_event_header.ts";
import {
  isSeparatorLine,
  lineFeedAfter,
  lineTextEnd,
  skipBlanks,
  skipBlanksBack,
} from "./_text_line.ts";

/** An event as the reference sees it. */
export interface ReferenceEvent {
  /** Empty when the header has no `event`. */
  readonly kind: string;
  /** Every attribute of the header; of equal keys the last one. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Text of the `## ` line, `null` without one. */
  readonly heading: string | null;
  /** Cut at the first `---` line; without newlines at its end. */
  readonly body: string;
  /** 1-based line of the header. */
  readonly line: number;
}

/**
 * The events that the reference finds in a thread.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseThreadAsReference } from "@yoi/yoi/tickets";
 *
 * const [event] = parseThreadAsReference("<!-- event: comment -->\n\nkept\n\n---\n\nlost\n");
 * assertEquals(event?.body, "kept");
 * ```
 */
export function parseThreadAsReference(text: string): ReferenceEvent[] {
  const events: ReferenceEvent[] = [];
  const lines = new LineCursor(text);
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    const first = skipBlanks(text, line.start, line.end);
    const end = skipBlanksBack(text, first, line.end);
    if (!isHeaderLine(text, first, end)) continue;
    events.push(readEvent(text, lines, line.number, headerAttributes(text, first, end)));
  }
  return events;
}

/** One line of the text: its number and where it lies, without its line end. */
interface Line {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

function readEvent(
  text: string,
  lines: LineCursor,
  line: number,
  attributes: Record<string, string>,
): ReferenceEvent {
  let next = nextNotBlank(text, lines);
  let heading: string | null = null;
  if (next !== undefined && next.start + 3 <= next.end && text.startsWith("## ", next.start)) {
    const first = skipBlanks(text, next.start + 3, next.end);
    heading = text.slice(first, skipBlanksBack(text, first, next.end));
    next = nextNotBlank(text, lines);
  }
  const bodyStart = next?.start ?? text.length;
  let bodyEnd = bodyStart;
  for (; next !== undefined && !isSeparatorLine(text, next.start, next.end); next = lines.next()) {
    // Only newlines are dropped at the end: a line of blanks is text.
    if (next.end > next.start) bodyEnd = next.end;
  }
  const body = text.slice(bodyStart, bodyEnd).replaceAll("\r\n", "\n");
  return { kind: attributes.event ?? "", attributes, heading, body, line };
}

function nextNotBlank(text: string, lines: LineCursor): Line | undefined {
  let line = lines.next();
  while (line !== undefined && skipBlanks(text, line.start, line.end) === line.end) {
    line = lines.next();
  }
  return line;
}

class LineCursor {
  readonly #text: string;
  #at = 0;
  #number = 0;

  constructor(text: string) {
    this.#text = text;
  }

  next(): Line | undefined {
    const start = this.#at;
    if (start >= this.#text.length) return undefined;
    const feed = lineFeedAfter(this.#text, start, this.#text.length);
    this.#at = feed + 1;
    return { number: ++this.#number, start, end: lineTextEnd(this.#text, start, feed) };
  }
}
