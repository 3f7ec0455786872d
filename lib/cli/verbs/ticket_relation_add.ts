/** `yoi ticket relation add`. @module */

import type { RelationKind } from "../../ticket/relation_view.ts";
import type { Context } from "../context.ts";
import type { ExitCode } from "../exit_code.ts";
import { openStore } from "../open_store.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { answer, tabbed } from "../ticket_output.ts";
import { authorOption } from "../ticket_place.ts";

/** Stores a relation. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const id = args.required("ticket");
  const kind = args.required("kind") as RelationKind;
  const target = args.required("target");
  const note = args.text("note");
  const store = await openStore(args, context);
  const relation = await store.relate(id, {
    kind,
    target,
    note,
    ...authorOption(args),
  });
  const line = tabbed("relation", relation.ticketId, relation.kind, relation.target);
  return await answer(args, context, relation, line);
}
