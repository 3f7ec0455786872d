/** `yoi ticket relation add`. @module */

import { type Relation, type RelationKind, waitOf } from "../../ticket/relation_view.ts";
import type { TicketStore } from "../../ticket/store.ts";
import { waitingCircle } from "../../ticket/waiting_circle.ts";
import type { Context } from "../context.ts";
import { escapeCell } from "../escape_text.ts";
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
  const code = await answer(args, context, relation, line);
  await tellCircle(relation, store, context);
  return code;
}

/** Tickets that wait for each other are stored faithfully, and wait for ever: whoever did it hears so. */
async function tellCircle(
  relation: Relation,
  store: TicketStore,
  { terminal: { stderr } }: Context,
): Promise<void> {
  if (waitOf(relation) === undefined) return;
  const { relations } = await store.relations();
  const circle = waitingCircle(relation, relations);
  if (circle === undefined) return;
  const remedy = '"yoi ticket relation remove" removes one of these relations';
  stderr.announce(
    `yoi ticket: these wait for each other now: ${escapeCell(circle.join(" -> "))}; ${remedy}\n`,
  );
}
