/** `yoi ticket assign`. @module */

import { CliError } from "../cli_error.ts";
import type { Context } from "../context.ts";
import type { ExitCode } from "../exit_code.ts";
import { openStore } from "../open_store.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { checkAssignee } from "../ticket_filters.ts";
import { answer, tabbed } from "../ticket_output.ts";
import { authorOption, PROGRAM_AUTHOR } from "../ticket_place.ts";

/** Gives a ticket to somebody, or to nobody. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const [id = "", name] = args.operands;
  if ((name === undefined) !== args.has("none")) {
    throw new CliError("usage", "Exactly one of NAME, --none is required");
  }
  checkAssignee(name, "use --none to unassign");
  const assignee = name ?? null;
  const store = await openStore(args, context);
  await store.assign(id, assignee, authorOption(args, PROGRAM_AUTHOR));
  return await answer(args, context, { id, assignee }, tabbed("assigned", id, name ?? "none"));
}
