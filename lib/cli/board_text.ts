/** @module */

import type { TicketState } from "../ticket/states.ts";
import { escapeCell } from "./escape_text.ts";
import { fit, pad } from "./short_text.ts";
import type { Style } from "./style.ts";
import type { Output } from "./terminal.ts";
import { textWidth } from "./text_width.ts";
import { painter, rowTitle } from "./ticket_rows.ts";

/** One state and its tickets. */
export interface BoardColumn {
  /** Its heading. */
  readonly state: TicketState;
  /** All of them, in the order to show. */
  readonly tickets: readonly BoardTicket[];
}

/** What a board shows of a ticket. */
export interface BoardTicket {
  /** Folder name. */
  readonly id: string;
  /** As written. */
  readonly title: string;
  /** `P0` to `P3` as a rule. */
  readonly priority: string | null;
}

/** Columns of text that a column of the board needs at least, if its ids need no more. */
const LEAST_WIDTH = 13;
/** Lines that a title takes at most. */
const TITLE_LINES = 2;
const GAP = "  ";

/**
 * Tickets in columns that fill the terminal's width. Where that is too narrow, empty columns go
 * first; where it still is, and where there is no terminal, one list stands below the other.
 *
 * @param options.limit Tickets of a column; the number of the others stands below them.
 */
export function boardText(
  columns: readonly BoardColumn[],
  output: Pick<Output, "columns" | "style">,
  { limit }: { readonly limit: number },
): string {
  const all = columns.map(withShownIds);
  const filled = all.filter(({ tickets }) => tickets.length > 0);
  for (const shown of [all, filled]) {
    const width = columnWidth(shown, output.columns, limit);
    if (width !== undefined) return sideBySide(shown, width, output.style, limit);
  }
  return stacked(all, output, limit);
}

/** Of the first generation an id is any folder's name: it is measured and printed as it is shown. */
function withShownIds({ state, tickets }: BoardColumn): BoardColumn {
  return { state, tickets: tickets.map((one) => ({ ...one, id: escapeCell(one.id) })) };
}

/** The width of columns that stand side by side, `undefined` when that would cut an id. */
function columnWidth(
  columns: readonly BoardColumn[],
  room: number | undefined,
  limit: number,
): number | undefined {
  if (room === undefined || columns.length === 0) return undefined;
  const width = Math.floor((room - GAP.length * (columns.length - 1)) / columns.length);
  const ids = columns.flatMap(({ tickets }) => tickets.slice(0, limit).map(({ id }) => id));
  const least = Math.max(LEAST_WIDTH, ...ids.map(textWidth));
  return width < least ? undefined : width;
}

function sideBySide(
  columns: readonly BoardColumn[],
  width: number,
  style: Style,
  limit: number,
): string {
  const cells = columns.map((column) => columnLines(column, width, limit));
  const height = Math.max(...cells.map((lines) => lines.length));
  const rows = Array.from({ length: height }, (_, row) => {
    const texts = cells.map((lines) => pad(lines[row] ?? "", width));
    if (row > 0) return texts.join(GAP).trimEnd();
    // Only what is seen is painted, so that no line ends in painted blanks.
    return texts.map((text, index) => {
      const word = text.trimEnd();
      const paint = painter(columns[index]!.state, style);
      return paint(word) + (index < texts.length - 1 ? text.slice(word.length) : "");
    }).join(GAP);
  });
  return `${rows.join("\n")}\n`;
}

function columnLines({ state, tickets }: BoardColumn, width: number, limit: number): string[] {
  const lines = [fit(`${state} (${tickets.length})`, width), "─".repeat(width)];
  for (const [index, { id, title, priority: written }] of tickets.slice(0, limit).entries()) {
    if (index > 0) lines.push("");
    const priority = written === null ? null : escapeCell(written);
    const isBeside = priority !== null && textWidth(`${id} ${priority}`) <= width;
    lines.push(isBeside ? `${id} ${priority}` : id);
    const text = priority === null || isBeside
      ? rowTitle({ title })
      : `${priority} ${rowTitle({ title })}`;
    lines.push(...wrapped(text, width));
  }
  if (tickets.length > limit && limit > 0) lines.push("");
  if (tickets.length > limit) lines.push(fit(`… ${tickets.length - limit} more`, width));
  return lines;
}

/** A line on at most {@linkcode TITLE_LINES} lines, broken at blanks where there are any. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (lines.length < TITLE_LINES - 1 && textWidth(rest) > width) {
    const whole = fit(rest, width + 1).replace(/…$/, "");
    const blank = whole.lastIndexOf(" ");
    const end = rest[whole.length] === " " || blank <= 0 ? whole.length : blank;
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  if (rest !== "") lines.push(fit(rest, width));
  return lines;
}

function stacked(
  columns: readonly BoardColumn[],
  { columns: room = Infinity, style }: Pick<Output, "columns" | "style">,
  limit: number,
): string {
  return columns.map(({ state, tickets }) => {
    const rows = tickets.slice(0, limit).map(({ id, title, priority }) => {
      // An id that was cut would be worth nothing.
      const head = `  ${id}`;
      const rest = ` ${escapeCell(priority ?? "- ")} ${rowTitle({ title })}`;
      return head + fit(rest, Math.max(0, room - textWidth(head)));
    });
    if (tickets.length > limit) rows.push(`  … ${tickets.length - limit} more`);
    const head = painter(state, style)(`${state} (${tickets.length})`);
    return `${[head, ...rows].join("\n")}\n`;
  }).join("\n");
}
