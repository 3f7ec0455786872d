/** `yoi ticket relation remove`. @module */

import type { RelationKind } from "../../ticket/relation_view.ts";
import type { Context } from "../context.ts";
import type { ExitCode } from "../exit_code.ts";
import { openStore } from "../open_store.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { answer, tabbed } from "../ticket_output.ts";

/** Takes a relation away. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const ticketId = args.required("ticket");
  const kind = args.required("kind") as RelationKind;
  const target = args.required("target");
  const store = await openStore(args, context);
  await store.unrelate(ticketId, { kind, target });
  const line = tabbed("removed", ticketId, kind, target);
  return await answer(args, context, { ticketId, kind, target }, line);
}
