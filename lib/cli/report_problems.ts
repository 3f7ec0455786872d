/** @module */

import type { TicketProblem } from "../ticket/ticket.ts";
import { escapeCell } from "./escape_text.ts";
import type { Output } from "./terminal.ts";

/** Tells which records cannot be read: beside the result, and no failure. */
export function reportProblems(
  problems: readonly TicketProblem[],
  stderr: Pick<Output, "announce">,
  family = "ticket",
): void {
  for (const { path, reason } of problems) {
    stderr.announce(`yoi ${family}: cannot read ${escapeCell(path)}: ${escapeCell(reason)}\n`);
  }
}
