/** `yoi ticket plan add`. @module */

import {
  type NewPlan,
  PLAN_KINDS,
  type PlanKind,
  type PlanKindRow,
} from "../../ticket/plan_file.ts";
import { CliError } from "../cli_error.ts";
import type { Context } from "../context.ts";
import type { ExitCode } from "../exit_code.ts";
import { openStore } from "../open_store.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { answer, tabbed } from "../ticket_output.ts";
import { authorOption } from "../ticket_place.ts";

/** Adds a record to a plan. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const id = args.required("ticket");
  const kind = args.required("kind") as PlanKind;
  const relatedTicket = args.text("related");
  const note = args.text("note");
  const acceptedPlan = readAcceptedPlan(args);
  const flag = FLAGS[PLAN_KINDS.find((row) => row.kind === kind)!.needs];
  if (args.text(flag) === undefined) {
    throw new CliError("usage", `--kind ${kind} requires --${flag}`);
  }
  const store = await openStore(args, context);
  const record = await store.plan(id, {
    kind,
    relatedTicket,
    note,
    acceptedPlan,
    ...authorOption(args),
  });
  return await answer(args, context, record, tabbed("planned", record.ticketId, record.id, kind));
}

/** Flags that hold what a kind cannot do without. */
const FLAGS: Readonly<Record<PlanKindRow["needs"], string>> = {
  relatedTicket: "related",
  note: "note",
  acceptedPlan: "summary",
};

function readAcceptedPlan(args: ParsedArguments): NewPlan["acceptedPlan"] {
  const summary = args.text("summary");
  const details = {
    branch: args.text("branch"),
    worktree: args.text("worktree"),
    rolePlan: args.text("role-plan"),
  };
  if (summary !== undefined) return { summary, ...details };
  if (Object.values(details).every((detail) => detail === undefined)) return undefined;
  throw new CliError("usage", "--branch, --worktree and --role-plan require --summary");
}
