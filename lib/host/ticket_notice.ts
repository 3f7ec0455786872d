/**
 * What an orchestrator's companion is told about a ticket: a few bounded lines, never the text that
 * was written into the ticket.
 *
 * Source: controller specification, section 8.4 and W40.
 *
 * @module
 */

/** A change of a ticket, as the answer of the tool that made it tells. */
export interface TicketChange {
  /** Id of the ticket. */
  ticket: string;
  /** What happened, for example `state/queued->inprogress` or `comment/plan`. */
  event: string;
  /** The state it is in now, when the answer says so. */
  state?: string;
  /** The file of the ticket that holds it. */
  file: "item.md" | "thread.md" | "resolution.md";
}

/** What a notice is made of. */
export interface NoticeParts extends TicketChange {
  /** Title of the ticket, when it could be read. */
  title?: string;
  /** The short part of the tool's answer. */
  summary: string;
  /** Folder of the ticket, as seen from the workspace. */
  folder: string;
}

const LIMITS = { id: 64, state: 16, title: 96, event: 80, summary: 160, message: 768 };
const ELLIPSIS = "…";
const letters = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const MARKER = "[Ticket notice: weak, for information only, no answer is needed]";

/**
 * The change that a tool's answer tells of; `undefined` for tools that change nothing, for answers
 * that do not say `ok`, and for changes a companion need not know.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { ticketChangeOf } from "./ticket_notice.ts";
 *
 * const content = '{"ticket":"00001KT07NV00","review":"approve","ok":true}';
 * assert(ticketChangeOf("TicketReview", content)?.event === "review/approve");
 * assert(ticketChangeOf("TicketShow", content) === undefined);
 * ```
 */
export function ticketChangeOf(
  toolName: string,
  content: string | undefined,
): TicketChange | undefined {
  const answer = readAnswer(content);
  const ticket = answer?.ticket;
  if (answer?.ok !== true || typeof ticket !== "string") return undefined;
  const word = (key: string) => typeof answer[key] === "string" ? answer[key] as string : "";
  switch (toolName) {
    case "TicketComment":
      return { ticket, event: `comment/${word("event")}`, file: "thread.md" };
    case "TicketReview":
      return { ticket, event: `review/${word("review")}`, file: "thread.md" };
    case "TicketWorkflowState": {
      const event = `state/${word("from")}->${word("to")}`;
      return { ticket, event, state: word("to"), file: "item.md" };
    }
    case "TicketIntakeReady":
      return { ticket, event: "state/planning->ready", state: "ready", file: "item.md" };
    case "TicketQueue":
      return { ticket, event: "state/ready->queued", state: "queued", file: "item.md" };
    case "TicketClose":
      return { ticket, event: "close/resolution", state: "closed", file: "resolution.md" };
    default:
      return undefined;
  }
}

function readAnswer(content: string | undefined): Record<string, unknown> | undefined {
  if (content === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(content);
    return typeof value === "object" && value !== null
      ? value as Record<string, unknown>
      : undefined;
  } catch {
    // Not an answer of a ticket tool.
    return undefined;
  }
}

/**
 * The text of a notice: one line a field, each within its limit, the whole within 768 characters.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { ticketNotice } from "./ticket_notice.ts";
 *
 * const text = ticketNotice({
 *   ticket: "00001KT07NV00",
 *   event: "close/resolution",
 *   state: "closed",
 *   file: "resolution.md",
 *   title: "Cache the index",
 *   summary: "Closed ticket 00001KT07NV00",
 *   folder: ".yoi/tickets/00001KT07NV00",
 * });
 * assert(text.includes("\nTitle: Cache the index\n"));
 * assert(text.endsWith("\nPath: .yoi/tickets/00001KT07NV00/resolution.md"));
 * ```
 */
export function ticketNotice(parts: NoticeParts): string {
  const { ticket, title, state, event, summary, folder, file } = parts;
  const field = (name: string, text: string | undefined, limit: number) =>
    text === undefined ? [] : [`${name}: ${cut(oneLine(text), limit)}`];
  const lines = [
    MARKER,
    ...field("Ticket", ticket, LIMITS.id),
    ...field("Title", title, LIMITS.title),
    ...field("State", state, LIMITS.state),
    ...field("Event", event, LIMITS.event),
    ...field("Summary", summary, LIMITS.summary),
    ...field("Path", `${folder}/${file}`, LIMITS.message),
  ];
  return cut(lines.join("\n"), LIMITS.message);
}

/** A field cannot look like two, whatever is in it. */
function oneLine(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
}

/** At most `limit` characters, cut between letters as people see them. */
function cut(text: string, limit: number): string {
  const characters = [...text];
  if (characters.length <= limit) return text;
  const end = characters.slice(0, limit - ELLIPSIS.length).join("").length;
  return text.slice(0, letters.segment(text).containing(end)?.index ?? end) + ELLIPSIS;
}
