/** `yoi objective create`. @module */

import type { Context } from "../context.ts";
import type { ExitCode } from "../exit_code.ts";
import { openLinkedObjectives } from "../objective_place.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { answer, tabbed } from "../ticket_output.ts";

/** Creates an objective. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const title = args.required("title");
  const objectives = await openLinkedObjectives(context, { isMade: true });
  const id = await objectives.create({ title, tickets: args.texts("ticket") });
  return await answer(args, context, { id, state: "active" }, tabbed("created", id));
}
