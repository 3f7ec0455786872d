/** @module */

import type { TicketState } from "../ticket/states.ts";
import type { TicketRow } from "../ticket/ticket.ts";
import { cutLine, escapeBrief, escapeCell } from "./escape_text.ts";
import type { Style } from "./style.ts";
import type { Output } from "./terminal.ts";
import { tableFor } from "./ticket_output.ts";

/** Characters of a title in a row. */
const TITLE_LIMIT = 96;
/** Columns for programs, as the reference has them; people get the title last, where the room is. */
const HEAD = ["state", "id", "title", "updated_at", "hints"];
const READY_HEAD = ["priority", "id", "title", "updated_at", "hints"];
const PERSONAL_HEAD = ["state", "id", "p", "updated_at", "title"];

/** Tickets as a table. */
export function ticketTable(
  rows: readonly TicketRow[],
  output: Pick<Output, "columns" | "isTerminal" | "style">,
): string {
  const { style } = output;
  if (!output.isTerminal) {
    return tableFor(
      output,
      HEAD,
      rows.map((row) => [
        row.state,
        row.id,
        rowTitle(row),
        row.updatedAt ?? "",
        hintText(row.hints),
      ]),
    );
  }
  const cells = rows.map((row) => [
    row.state,
    row.id,
    row.priority ?? "",
    row.updatedAt ?? "",
    [rowTitle(row), ...row.hints.map((hint) => `[${hint}]`)].join(" "),
  ]);
  return tableFor(output, PERSONAL_HEAD, cells, {
    optional: [3, 2],
    paint: (column, text) => column === 0 ? painter(text as TicketState, style) : undefined,
  });
}

/** Tickets that can be worked on, in the order in which they should be. */
export function readyTable(
  rows: readonly TicketRow[],
  output: Pick<Output, "columns" | "isTerminal" | "style">,
): string {
  const cells = rows.map((row) => [
    row.priority ?? "-",
    row.id,
    rowTitle(row),
    row.updatedAt ?? "",
    hintText(row.hints),
  ]);
  if (!output.isTerminal) return tableFor(output, READY_HEAD, cells);
  const personal = cells.map(([priority = "", id = "", title = ""]) => [priority, id, title]);
  return tableFor(output, ["p", "id", "title"], personal);
}

/** A ticket's title as rows show it. */
export function rowTitle({ title }: { readonly title: string }): string {
  return cutLine(escapeBrief(title), TITLE_LIMIT);
}

/** How a state is painted. */
export function painter(state: TicketState, style: Style): (text: string) => string {
  switch (state) {
    case "planning":
      return style.yellow;
    case "ready":
      return style.green;
    case "queued":
    case "inprogress":
      return style.cyan;
    case "done":
      return style.bold;
    case "closed":
      return style.dim;
  }
}

/** The line below a list that was cut off, for programs a comment; empty below a whole one. */
export function truncationLine(
  shown: number,
  { total, truncated }: { readonly total: number; readonly truncated: boolean },
  advice = "",
): string {
  const remedy = `--limit N shows more, --all shows all${advice}`;
  return truncated ? `# truncated: returned ${shown} of ${total}; ${remedy}\n` : "";
}

function hintText(hints: readonly string[]): string {
  return hints.map(escapeCell).join(" ");
}
