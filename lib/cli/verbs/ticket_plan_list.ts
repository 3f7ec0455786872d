/** `yoi ticket plan list`. @module */

import type { PlanKind, PlanRecord } from "../../ticket/plan_file.ts";
import type { Context } from "../context.ts";
import type { ExitCode } from "../exit_code.ts";
import { openReader } from "../open_reader.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { reportProblems } from "../report_problems.ts";
import { answer, isNarrow, tableFor } from "../ticket_output.ts";

const HEAD = ["ticket", "id", "kind", "related", "author", "at", "text"];
/** With less room all that a record says shares the column that takes what is left. */
const NARROW_HEAD = ["ticket", "what"];
/** Columns that two ids, the longest kind and some of the text need. */
const PERSONAL_WIDTH = 80;

/** Shows the records of plans. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const { stdout, stderr } = context.terminal;
  const ticket = args.text("ticket");
  const kind = args.text("kind") as PlanKind | undefined;
  const reader = await openReader(args, context);
  const id = ticket === undefined ? undefined : reader.resolveId(ticket);
  const result = await reader.plans(id, { kind });
  reportProblems(result.problems, stderr);
  return await answer(args, context, result, () => {
    if (isNarrow(stdout, PERSONAL_WIDTH)) {
      return tableFor(stdout, NARROW_HEAD, result.records.map(narrowRow));
    }
    const rows = result.records.map((record) => [
      record.ticketId,
      record.id,
      record.kind,
      record.relatedTicket ?? "",
      record.author,
      record.at,
      textOf(record),
    ]);
    return tableFor(stdout, HEAD, rows, { optional: [5, 1, 4] });
  });
}

function narrowRow(record: PlanRecord): string[] {
  const { ticketId, kind, relatedTicket } = record;
  const head = relatedTicket == null ? kind : `${kind} ${relatedTicket}`;
  return [ticketId, [head, textOf(record)].filter((text) => text !== "").join(" · ")];
}

function textOf({ note, acceptedPlan }: PlanRecord): string {
  return [acceptedPlan?.summary, note].filter((text) => text != null).join(" — ");
}
