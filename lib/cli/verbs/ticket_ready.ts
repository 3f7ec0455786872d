/** `yoi ticket ready`. @module */

import type { Context } from "../context.ts";
import type { ExitCode } from "../exit_code.ts";
import { openReader } from "../open_reader.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { reportProblems } from "../report_problems.ts";
import { answer } from "../ticket_output.ts";
import { readyTable } from "../ticket_rows.ts";

/** Shows what can be worked on. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const { stdout, stderr } = context.terminal;
  const reader = await openReader(args, context);
  const ready = await reader.ready();
  reportProblems(ready.problems, stderr);
  return await answer(args, context, ready, () => readyTable(ready.tickets, stdout));
}
