/** `yoi ticket priority`. @module */

import type { Priority } from "../../ticket/request_words.ts";
import type { Context } from "../context.ts";
import type { ExitCode } from "../exit_code.ts";
import { openStore } from "../open_store.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { orNone } from "../ticket_filters.ts";
import { answer, tabbed } from "../ticket_output.ts";
import { authorOption, PROGRAM_AUTHOR } from "../ticket_place.ts";

/** Sets how urgent a ticket is. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const [id = "", word = ""] = args.operands;
  // The parser lets nothing else through.
  const priority = orNone(word) as Priority | null;
  const store = await openStore(args, context);
  await store.setPriority(id, priority, authorOption(args, PROGRAM_AUTHOR));
  return await answer(args, context, { id, priority }, tabbed("priority", id, word));
}
