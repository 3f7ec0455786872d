/** @module */

import { describeBlocker, type RelationView } from "../ticket/relation_view.ts";
import type { Frontmatter, FrontmatterValue, TicketDetail, TicketEvent } from "../ticket/ticket.ts";
import { escapeCell } from "./escape_text.ts";

/** Keys of early generations that say nothing any more. */
const HIDDEN_KEYS: ReadonlySet<string> = new Set([
  "legacy_ticket",
  "needs_preflight",
  "action_required",
  "attention_required",
]);

/**
 * A ticket as one document, the way scripts know it from the reference.
 *
 * Source: tickets specification, section 10.
 *
 * @param events How many events of the thread, from its end; default all.
 */
export function showDocument(ticket: TicketDetail, events = Infinity): string {
  const { id, generation, v3Id, title, state, frontmatter, body } = ticket;
  const updated = frontmatter.updated_at;
  const lines = [
    `# ${escapeCell(title)}`,
    "",
    `State: ${state}`,
    `ID: ${id}`,
    ...(typeof updated === "string" ? [`Updated: ${escapeCell(updated)}`] : []),
    ...(generation === "v3" ? [] : [`Generation: ${generation}`]),
    ...(v3Id !== null && v3Id !== id ? [`ID after migration: ${v3Id}`] : []),
    "",
    "## item.md",
    "",
    "---",
    ...frontmatterLines(frontmatter),
    "---",
    "",
  ];
  return [
    `${lines.join("\n")}\n`,
    ended(body),
    section("thread.md", threadText(ticket.events, events)),
    relationsText(ticket.relations),
    ticket.artifacts.length === 0 ? "" : section("artifacts", items(ticket.artifacts)),
    ticket.resolution === null ? "" : section("resolution.md", ended(ticket.resolution)),
  ].join("");
}

function frontmatterLines(frontmatter: Frontmatter): string[] {
  return Object.keys(frontmatter)
    .filter((key) => !HIDDEN_KEYS.has(key))
    .sort()
    .map((key) => `${escapeCell(key)}: ${valueText(frontmatter[key]!)}`);
}

function valueText(value: FrontmatterValue): string {
  if (value === null || typeof value !== "object") return escapeCell(String(value));
  return `[${value.map((item) => `'${escapeCell(item).replaceAll("'", "''")}'`).join(", ")}]`;
}

function threadText(events: readonly TicketEvent[], limit: number): string {
  if (events.length === 0) return "(no events)\n";
  const shown = limit === 0 ? [] : events.slice(-Math.min(limit, events.length));
  const left = events.length - shown.length;
  const note = left === 0 ? "" : `(${left} earlier events)\n`;
  return note + shown.map(eventText).join("");
}

function eventText({ kind, author, at, heading, body, attributes }: TicketEvent): string {
  const status = attributes.status;
  const head = [
    `- ${escapeCell(kind)}`,
    ...(status === undefined ? [] : [`[${escapeCell(status)}]`]),
    ...(author === null ? [] : [`by ${escapeCell(author)}`]),
    ...(at === null ? [] : [`at ${escapeCell(at)}`]),
  ].join(" ");
  const title = heading === null ? "" : `  ## ${escapeCell(heading)}\n`;
  return `${head}\n${title}${ended(body)}`;
}

function relationsText({ outgoing, incoming, blockers, notices }: RelationView): string {
  const parts: [title: string, lines: string[]][] = [
    [
      "outgoing",
      outgoing.map(({ kind, target, note }) => `${kind} ${target}${noteText(note)}`),
    ],
    [
      "incoming / derived inverse",
      incoming.map(({ inverseKind, sourceTicket, forwardKind, note }) =>
        `${inverseKind} ${sourceTicket} (forward: ${forwardKind})${noteText(note)}`
      ),
    ],
    [
      "unresolved queue blockers",
      blockers.map(describeBlocker),
    ],
    [
      "notices",
      notices.map(({ kind, relatedTicket, message }) => `${kind} ${relatedTicket}: ${message}`),
    ],
  ];
  const shown = parts
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => `### ${title}\n\n${items(lines)}`);
  return shown.length === 0 ? "" : section("relations", shown.join(""));
}

function noteText(note: string | null): string {
  return note === null ? "" : ` — ${note}`;
}

function items(lines: readonly string[]): string {
  return lines.map((line) => `- ${escapeCell(line)}\n`).join("");
}

function section(title: string, text: string): string {
  return `\n## ${title}\n\n${text}`;
}

function ended(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
