/** `yoi ticket next`. @module */

import { CliError } from "../cli_error.ts";
import type { Context } from "../context.ts";
import type { ExitCode } from "../exit_code.ts";
import { openReader } from "../open_reader.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { reportProblems } from "../report_problems.ts";
import { answer, tabbed } from "../ticket_output.ts";
import { rowTitle } from "../ticket_rows.ts";

/** Shows the first of the tickets that can be worked on; a program hears `null` when there is none. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const reader = await openReader(args, context);
  const { tickets: [next], problems } = await reader.ready();
  reportProblems(problems, context.terminal.stderr);
  if (next === undefined) {
    // A store that cannot be read fails before this, without an answer.
    await answer(args, context, null, "");
    throw new CliError("failed", "No ticket is ready and unblocked");
  }
  const line = tabbed(next.id, next.priority ?? "-", rowTitle(next));
  return await answer(args, context, next, line);
}
