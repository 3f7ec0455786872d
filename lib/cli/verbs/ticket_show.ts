/** `yoi ticket show`. @module */

import type { Context } from "../context.ts";
import { escapeText } from "../escape_text.ts";
import type { ExitCode } from "../exit_code.ts";
import { openReader } from "../open_reader.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { reportProblems } from "../report_problems.ts";
import { showDocument } from "../show_document.ts";
import { answer } from "../ticket_output.ts";

/** Shows a ticket with everything that belongs to it. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const { stdout, stderr } = context.terminal;
  const events = args.count("events");
  const reader = await openReader(args, context);
  const ticket = await reader.show(args.operands[0]!);
  reportProblems(ticket.problems, stderr);
  const shown = events === undefined
    ? ticket
    : { ...ticket, events: lastOf(ticket.events, events) };
  return await answer(args, context, shown, () => {
    const text = showDocument(ticket, events);
    return stdout.isTerminal ? escapeText(text) : text;
  });
}

function lastOf<T>(items: readonly T[], count: number): readonly T[] {
  return items.slice(Math.max(0, items.length - count));
}
