/** @module */

import { fit, pad } from "./short_text.ts";
import type { Output } from "./terminal.ts";
import { textWidth } from "./text_width.ts";

/** A cell: its text, and how it is painted once it has its width. */
export interface Cell {
  text: string;
  paint?: (text: string) => string;
}

/** Columns the last cell of a row gets at least; with less it is left out. */
const LEAST_LAST = 10;

/**
 * Rows below a head, each column as wide as its widest cell. On a terminal the last column takes the
 * room that is left, and every line fits; elsewhere nothing is cut.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  output: Pick<Output, "columns" | "style">,
): string {
  const { columns: room = Infinity, style } = output;
  const lines = [head.map((text): Cell => ({ text, paint: style.dim })), ...rows];
  const widths = head.map((_, index) =>
    Math.max(...lines.map((cells) => textWidth(cells[index]?.text ?? "")))
  );
  const last = widths.length - 1;
  const before = widths.slice(0, last).reduce((sum, width) => sum + width + 2, 0);
  widths[last] = Math.min(widths[last]!, room - before);
  const shown = widths[last] >= LEAST_LAST || room === Infinity ? widths.length : last;
  return lines.map((cells) => `${row(cells.slice(0, shown), widths, room)}\n`).join("");
}

function row(cells: readonly Cell[], widths: readonly number[], room: number): string {
  let left = room;
  const parts: string[] = [];
  for (const [index, { text, paint = (plain: string) => plain }] of cells.entries()) {
    const width = Math.min(widths[index]!, left);
    if (width <= 0) break;
    left -= width + 2;
    const isLast = index === cells.length - 1 || left <= 0;
    const cut = fit(text, width);
    parts.push(paint(isLast ? cut : pad(cut, width)));
  }
  return parts.join("  ").trimEnd();
}
