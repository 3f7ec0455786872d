/** @module */

import type { Context } from "./context.ts";
import { escapeCell, escapeJson } from "./escape_text.ts";
import { EXIT, type ExitCode } from "./exit_code.ts";
import type { ParsedArguments } from "./parsed_arguments.ts";
import { type Cell, table, type TableOptions } from "./table.ts";
import type { Output } from "./terminal.ts";

/** Prints a result: with `--json` as one document, else as its text. */
export async function answer(
  args: ParsedArguments,
  { terminal }: Pick<Context, "terminal">,
  result: unknown,
  text: string | (() => string),
): Promise<ExitCode> {
  await terminal.stdout.write(
    args.has("json")
      ? jsonDocument(result, terminal.stdout)
      : typeof text === "string"
      ? text
      : text(),
  );
  return EXIT.done;
}

/** The line that `--json` prints. */
function jsonDocument(result: unknown, { isTerminal }: Pick<Output, "isTerminal">): string {
  const json = JSON.stringify(result);
  return `${isTerminal ? escapeJson(json) : json}\n`;
}

/** One line of cells with tabs between, nothing in which can end a cell or the line. */
export function tabbed(...cells: readonly string[]): string {
  return `${cells.map(escapeCell).join("\t")}\n`;
}

/** Whether a terminal has less than this many columns. */
export function isNarrow({ columns = Infinity }: Pick<Output, "columns">, least: number): boolean {
  return columns < least;
}

/** How a table looks on a terminal. */
export interface TableForOptions extends TableOptions {
  /** How a cell is painted. */
  readonly paint?: (column: number, text: string) => Cell["paint"];
}

/**
 * A table for whoever reads: with tabs for programs, aligned for a person at a terminal. One without
 * rows says so to a person, who might take a lone head for an answer that is still to come.
 */
export function tableFor(
  output: Pick<Output, "columns" | "isTerminal" | "style">,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { optional = [], paint = () => undefined, ...options }: TableForOptions = {},
): string {
  if (!output.isTerminal) return [head, ...rows].map((cells) => tabbed(...cells)).join("");
  const painted = rows.map((cells) =>
    cells.map((cell, column): Cell => {
      const text = escapeCell(cell);
      const brush = paint(column, cell);
      return brush ? { text, paint: brush } : { text };
    })
  );
  const columns = head.map((name) => name.toUpperCase());
  const none = rows.length === 0 ? `${output.style.dim("(none)")}\n` : "";
  return table(columns, painted, output, { ...options, optional }) + none;
}
