/**
 * Writes events so that every reader sees exactly those events, whatever their bodies hold and
 * whatever text comes before them.
 *
 * Source: tickets specification, sections 3.1 and 3.4.
 *
 * @module
 */

import { escapeBody } from "./_body_escape.ts";
import { attributeText } from "./_event_header.ts";
import { inLineEndsOf, jointTo } from "./_event_joint.ts";
import { isBlankUnit } from "./_text_line.ts";
import { TicketError } from "./ticket_error.ts";

/** An event to be written. */
export interface NewEvent {
  /** A known kind, such as `comment`, or any other word. */
  readonly kind: string;
  /** Who wrote it. */
  readonly author: string;
  /** UTC, `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly at: string;
  /** One line. */
  readonly heading: string;
  /** Any text without NUL. CRs at the ends of lines are dropped. */
  readonly body: string;
  /** Further attributes, which follow `at` in the header in this order. */
  readonly attributes?: readonly (readonly [key: string, value: string])[] | undefined;
}

/**
 * The text of an event, from its header to the LF after its `---` line.
 *
 * Lines of the body that could end the event or begin another one are escaped with a backslash. If
 * there are any, or if the body leaves a code fence open, the header says `esc: 1`.
 *
 * @throws {TicketError} `conflict`, naming the attribute, heading or body that cannot be written:
 * an attribute with CR, LF, NUL or `-->`, a heading with CR, LF or NUL, a body with NUL.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { renderEvent } from "@yoi/yoi/tickets";
 *
 * const text = renderEvent({
 *   kind: "comment",
 *   author: "yoi ticket",
 *   at: "2026-06-01T00:00:00Z",
 *   heading: "Comment",
 *   body: "above\n---\nbelow",
 * });
 * assertEquals(
 *   text,
 *   '<!-- event: comment author: "yoi ticket" at: 2026-06-01T00:00:00Z esc: 1 -->\n\n' +
 *     "## Comment\n\nabove\n\\---\nbelow\n\n---\n",
 * );
 * ```
 */
export function renderEvent(event: NewEvent): string {
  if (/[\r\n\0]/.test(event.heading)) {
    throw TicketError.conflict("the event's heading holds a CR, LF or NUL");
  }
  if (event.body.includes("\0")) throw TicketError.conflict("the event's body holds a NUL");
  const body = escapeBody(withoutLineEndCrs(event.body));
  const header = headerText(event, body.isEscaped);
  return `${header}\n\n## ${event.heading}\n\n${body.text}\n\n---\n`;
}

/**
 * The text to append to a thread to add events. It begins with whatever the thread lacks for a
 * reader to see them: a line end, the end of a code fence, a `---` line. A thread with CRLF line
 * ends gets CRLF line ends.
 *
 * @throws {TicketError} As {@linkcode renderEvent}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { appendixTo, parseThread } from "@yoi/yoi/tickets";
 *
 * const torn = "<!-- event: comment -->\n\n~~~\nfenced";
 * const event = { kind: "plan", author: "alice", at: "2026-06-01T00:00:00Z", heading: "Plan" };
 * const appendix = appendixTo(torn, [{ ...event, body: "next" }]);
 * assertEquals(appendix.split("\n").slice(0, 5), ["", "~~~", "", "---", ""]);
 * assertEquals(parseThread(torn + appendix).events.map(({ kind }) => kind), ["comment", "plan"]);
 * ```
 */
export function appendixTo(thread: string, events: readonly NewEvent[]): string {
  if (events.length === 0) return "";
  const joint = jointTo(thread);
  const text = events.map(renderEvent).join("\n");
  return joint + inLineEndsOf(thread + joint, text);
}

/** A CR at the end of a line would be read as part of the line end. */
function withoutLineEndCrs(body: string): string {
  if (!body.includes("\r")) return body;
  return body.split("\n").map((line) => {
    let end = line.length;
    while (line[end - 1] === "\r") end--;
    return line.slice(0, end);
  }).join("\n");
}

function headerText(event: NewEvent, isEscaped: boolean): string {
  const attributes: (readonly [string, string])[] = [
    ["event", event.kind],
    ["author", event.author],
    ["at", event.at],
    ...event.attributes ?? [],
    ...(isEscaped ? [["esc", "1"] as const] : []),
  ];
  const keys = new Set<string>();
  const parts = attributes.map(([key, value], index) => {
    // Only this writer says that it has escaped a body.
    const isReserved = key === "esc" && !(isEscaped && index === attributes.length - 1);
    if (isReserved || keys.has(key) || !isKey(key)) {
      throw TicketError.conflict(`an event cannot have an attribute ${JSON.stringify(key)} here`);
    }
    keys.add(key);
    if (/[\r\n\0]|-->/.test(value)) {
      throw TicketError.conflict(
        `attribute ${JSON.stringify(key)} of an event holds a CR, LF, NUL or "-->"`,
      );
    }
    return ` ${key}: ${attributeText(value)}`;
  });
  return `<!--${parts.join("")} -->`;
}

function isKey(key: string): boolean {
  if (key === "" || key.includes(":") || key.includes("-->") || key.includes("\0")) return false;
  for (let at = 0; at < key.length; at++) if (isBlankUnit(key.charCodeAt(at))) return false;
  return true;
}
