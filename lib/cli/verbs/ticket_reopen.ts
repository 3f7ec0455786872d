/** `yoi ticket reopen`. @module */

import type { Context } from "../context.ts";
import type { ExitCode } from "../exit_code.ts";
import { openStore } from "../open_store.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { answer, tabbed } from "../ticket_output.ts";
import { authorOption, PROGRAM_AUTHOR } from "../ticket_place.ts";

/** Takes a closed ticket back to planning. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const id = args.operands[0]!;
  const reason = args.required("reason");
  const store = await openStore(args, context);
  await store.reopen(id, { reason, ...authorOption(args, PROGRAM_AUTHOR) });
  return await answer(args, context, { id, state: "planning" }, tabbed("reopened", id));
}
