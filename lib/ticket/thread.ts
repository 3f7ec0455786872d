/**
 * Reads `thread.md` without loss: every byte belongs to the preamble or to one event, and whatever
 * is wrong is reported beside what was read, never instead of it.
 *
 * Source: tickets specification, section 3.3.
 *
 * @module
 */

import { beginsEvent, headerAttributes, isHeaderLine } from "./_event_header.ts";
import { unescapeBody } from "./_body_escape.ts";
import { FenceScan } from "./_fence_scan.ts";
import {
  contentEnd,
  lineFeedAfter,
  lineTextEnd,
  skipBlankLines,
  skipBlanks,
  skipBlanksBack,
} from "./_text_line.ts";
import type { TicketEvent } from "./ticket.ts";

/** An event, with its place in the thread. */
export interface ThreadEvent extends TicketEvent {
  /** 1-based line of the header. */
  readonly line: number;
  /** The exact text from the header up to the next boundary or the end. */
  readonly raw: string;
  /**
   * The line that would close the code fence left open at its end; only the last event can have
   * one.
   */
  readonly endsInFence: string | null;
}

/**
 * What is wrong with a thread:
 * - `byte_order_mark`: the text begins with one;
 * - `preamble`: text before the first event;
 * - `malformed_header`: a line, in a body or not, that begins an event's header but does not end
 *   it;
 * - `near_header`: a line outside code that looks like a header but does not end in ` -->`;
 * - `unseparated`: an event without a `---` line before the next one;
 * - `unterminated`: a last event without a `---` line at its end.
 */
export type ThreadDiagnosticCode =
  | "byte_order_mark"
  | "preamble"
  | "malformed_header"
  | "near_header"
  | "unseparated"
  | "unterminated";

/** One thing that is wrong with a thread's text. */
export interface ThreadDiagnostic {
  /** Stable, for programs. */
  readonly code: ThreadDiagnosticCode;
  /** 1-based. */
  readonly line: number;
  /** In words that quote nothing of the text. */
  readonly message: string;
}

/** A thread as read. */
export interface Thread {
  /** The exact text before the first event. */
  readonly preamble: string;
  /** In the order of the file, whatever their times are. */
  readonly events: readonly ThreadEvent[];
  /** Sorted by line. */
  readonly diagnostics: readonly ThreadDiagnostic[];
}

/**
 * Reads a thread. It accepts any text and never throws.
 *
 * An event begins at a header in column 0 whose first attribute is `event`, unless that line lies
 * in a code fence opened in the body of the event before (a fence in a list item does not count).
 * An event with `esc: 1` in its header ends at the next such header, fence or not.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatThread, parseThread } from "@yoi/yoi/tickets";
 *
 * const text = `<!-- event: comment author: alice at: 2026-06-01T00:00:00Z -->
 *
 * ## Comment
 *
 * ~~~md
 * <!-- event: comment author: nobody -->
 * ---
 * ~~~
 *
 * ---
 * `;
 * const thread = parseThread(text);
 * assertEquals(thread.events.map((event) => [event.kind, event.author]), [["comment", "alice"]]);
 * assertEquals(thread.diagnostics, []);
 * assertEquals(formatThread(thread), text);
 * ```
 */
export function parseThread(text: string): Thread {
  return new ThreadReader(text).read();
}

/** The text of a thread: for every text, `formatThread(parseThread(text)) === text`. */
export function formatThread(thread: Thread): string {
  return thread.preamble + thread.events.map((event) => event.raw).join("");
}

/** The event without its place in the thread. */
export function toTicketEvent(event: ThreadEvent): TicketEvent {
  const { kind, author, at, heading, body, attributes } = event;
  return { kind, author, at, heading, body, attributes };
}

/**
 * The attributes of a header line in their order, `undefined` when the line, from its first
 * character to its last, is no header. A word without a colon is skipped, of equal keys the last
 * one counts.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseEventHeader } from "./thread.ts";
 *
 * assertEquals(parseEventHeader('<!-- event: review author: "a \\"b\\"" -->'), {
 *   event: "review",
 *   author: 'a "b"',
 * });
 * assertEquals(parseEventHeader("  <!-- event: review -->"), undefined);
 * ```
 */
export function parseEventHeader(line: string): Record<string, string> | undefined {
  return isHeaderLine(line, 0, line.length) ? headerAttributes(line, 0, line.length) : undefined;
}

const LESS = 60;

/** The event that is being read. */
interface OpenEvent {
  readonly attributes: Record<string, string>;
  readonly line: number;
  readonly start: number;
  /** Offset of the line after the header. */
  readonly textStart: number;
  readonly isEscaped: boolean;
}

class ThreadReader {
  readonly #text: string;
  readonly #hasCarriageReturns: boolean;
  readonly #events: ThreadEvent[] = [];
  readonly #diagnostics: ThreadDiagnostic[] = [];
  #open: OpenEvent | undefined;
  /** Begins anew at a boundary, and reads nothing in an escaped event. */
  readonly #fences = new FenceScan();

  constructor(text: string) {
    this.#text = text;
    this.#hasCarriageReturns = text.includes("\r");
  }

  /** One pass over the lines; only those that begin like a header or a fence are looked at. */
  read(): Thread {
    const text = this.#text;
    let start = text.startsWith("\ufeff") ? 1 : 0;
    if (start > 0) this.#report("byte_order_mark", 1, "the thread begins with a byte order mark");
    const preambleStart = start;
    let firstBoundary = text.length;

    for (let line = 1; start < text.length; line++) {
      const feed = lineFeedAfter(text, start, text.length);
      const unit = text.charCodeAt(start);
      if (unit === LESS) {
        const attributes = this.#boundaryAt(start, lineTextEnd(text, start, feed), line);
        if (attributes !== undefined) {
          if (this.#open === undefined) {
            firstBoundary = start;
            this.#reportPreamble(preambleStart, start);
          } else {
            this.#close(this.#open, start, false);
          }
          const isEscaped = attributes.esc === "1";
          this.#open = {
            attributes,
            line,
            start,
            textStart: Math.min(feed + 1, text.length),
            isEscaped,
          };
        }
      } else if (this.#open !== undefined && !this.#open.isEscaped) {
        this.#fences.line(text, start, lineTextEnd(text, start, feed));
      }
      start = feed + 1;
    }

    if (this.#open === undefined) this.#reportPreamble(preambleStart, text.length);
    else this.#close(this.#open, text.length, true);
    const preamble = text.slice(0, firstBoundary);
    const diagnostics = this.#diagnostics.sort((one, other) => one.line - other.line);
    return { preamble, events: this.#events, diagnostics };
  }

  /** The attributes of the header in this range, when it begins an event. */
  #boundaryAt(start: number, end: number, line: number): Record<string, string> | undefined {
    const text = this.#text;
    const isHeader = isHeaderLine(text, start, end);
    if (isHeader && !this.#fences.holdsMargin && beginsEvent(text, start, end)) {
      return headerAttributes(text, start, end);
    }
    if (this.#open !== undefined && !this.#open.isEscaped) this.#fences.line(text, start, end);
    if (!isHeader && text.startsWith("<!-- event:", start)) {
      if (!text.slice(start, skipBlanksBack(text, start, end)).endsWith("-->")) {
        this.#report("malformed_header", line, "an event's header is not closed with -->");
      } else if (!this.#fences.holdsMargin) {
        this.#report("near_header", line, "a line like an event's header does not end in ` -->`");
      }
    }
    return undefined;
  }

  /** Makes the event that ends at `end`. */
  #close(open: OpenEvent, end: number, isLast: boolean): void {
    const text = this.#text;
    const { attributes, line, isEscaped } = open;
    const content = contentEnd(text, open.textStart, end);
    let bodyStart = skipBlankLines(text, open.textStart, content.end);
    let heading: string | null = null;
    if (text.startsWith("## ", bodyStart) && bodyStart < content.end) {
      const feed = lineFeedAfter(text, bodyStart, content.end);
      const headingStart = skipBlanks(text, bodyStart + 3, feed);
      heading = text.slice(headingStart, skipBlanksBack(text, headingStart, feed));
      bodyStart = skipBlankLines(text, feed + 1, content.end);
    }
    let body = text.slice(bodyStart, content.end);
    if (this.#hasCarriageReturns) body = body.replaceAll("\r\n", "\n");
    if (isEscaped) body = unescapeBody(body);

    if (!content.isSeparated) {
      if (isLast) this.#report("unterminated", line, "the last event has no --- line at its end");
      else this.#report("unseparated", line, "the event has no --- line before the next one");
    }
    this.#events.push({
      kind: attributes.event ?? "",
      author: attributes.author ?? null,
      at: attributes.at ?? null,
      heading,
      body,
      attributes,
      line,
      raw: text.slice(open.start, end),
      endsInFence: isLast ? this.#fences.closingLine : null,
    });
    this.#fences.reset();
  }

  #reportPreamble(start: number, end: number): void {
    if (skipBlanks(this.#text, start, end) === end) return;
    this.#report("preamble", 1, "text stands before the first event");
  }

  #report(code: ThreadDiagnosticCode, line: number, message: string): void {
    this.#diagnostics.push({ code, line, message });
  }
}
