/** @module */

import { fit, pad } from "./short_text.ts";
import type { Output } from "./terminal.ts";
import { textWidth } from "./text_width.ts";

/** A cell: its text, and how it is painted once it has its width. */
export interface Cell {
  text: string;
  paint?: (text: string) => string;
}

/** What a table does when the terminal is too narrow for it. */
export interface TableOptions {
  /**
   * Indices of columns that go first, in this order, to make room for the last column. With this, a
   * line that still does not fit is left to the terminal to break: nothing else of it is lost.
   */
  readonly optional?: readonly number[];
  /** Whether the last column goes, too, when it has no room: the others say enough then. */
  readonly isLastOptional?: boolean;
  /** Blanks between columns, 2 if not given. */
  readonly gap?: number;
}

/** Columns the last cell of a row gets at least; with less it is left out. */
const LEAST_LAST = 10;

/** Columns the last cell of a row is worth other columns for. */
const GOOD_LAST = 24;

/**
 * Rows below a head, each column as wide as its widest cell. On a terminal the last column takes the
 * room that is left, and every line fits; elsewhere nothing is cut.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  output: Pick<Output, "columns" | "style">,
  { optional, isLastOptional = false, gap = 2 }: TableOptions = {},
): string {
  const { columns: room = Infinity, style } = output;
  const lines = [head.map((text): Cell => ({ text, paint: style.dim })), ...rows];
  const widths = head.map((_, index) =>
    Math.max(...lines.map((cells) => textWidth(cells[index]?.text ?? "")))
  );
  const shown = shownColumns(widths, room, optional ?? [], gap);
  const kept = lines.map((cells) => shown.flatMap((index) => cells[index] ?? []));
  const keptWidths = shown.map((index) => widths[index]!);
  const left = room - roomBefore(keptWidths, gap);
  const wanted = keptWidths.at(-1)!;
  const isTight = left < Math.min(wanted, LEAST_LAST);
  const withoutLast = () => kept.map((cells) => cells.slice(0, -1));
  if (isTight && optional !== undefined) {
    return drawn(isLastOptional ? withoutLast() : kept, keptWidths, Infinity, gap);
  }
  if (isTight) return drawn(withoutLast(), keptWidths, room, gap);
  return drawn(kept, [...keptWidths.slice(0, -1), Math.min(wanted, left)], room, gap);
}

/** The columns that stay; one after the other goes until the last one has good room. */
function shownColumns(
  widths: readonly number[],
  room: number,
  optional: readonly number[],
  gap: number,
): readonly number[] {
  let shown = widths.map((_, index) => index);
  const last = Math.min(widths.at(-1)!, GOOD_LAST);
  for (const index of optional) {
    if (roomBefore(shown.map((one) => widths[one]!), gap) + last <= room) break;
    shown = shown.filter((one) => one !== index);
  }
  return shown;
}

/** Columns of the terminal in front of the last cell of a row. */
function roomBefore(widths: readonly number[], gap: number): number {
  return widths.slice(0, -1).reduce((sum, width) => sum + width + gap, 0);
}

function drawn(
  lines: readonly (readonly Cell[])[],
  widths: readonly number[],
  room: number,
  gap: number,
): string {
  return lines.map((cells) => `${row(cells, widths, room, gap)}\n`).join("");
}

function row(
  cells: readonly Cell[],
  widths: readonly number[],
  room: number,
  gap: number,
): string {
  let left = room;
  const parts: string[] = [];
  for (const [index, { text, paint = (plain: string) => plain }] of cells.entries()) {
    const width = Math.min(widths[index]!, left);
    if (width <= 0) break;
    left -= width + gap;
    const isLast = index === cells.length - 1 || left <= 0;
    const cut = fit(text, width);
    parts.push(paint(isLast ? cut : pad(cut, width)));
  }
  return parts.join(" ".repeat(gap)).trimEnd();
}
