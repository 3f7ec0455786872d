/** `yoi objective list`. @module */

import type { ObjectiveState } from "../../ticket/objective.ts";
import type { Context } from "../context.ts";
import type { ExitCode } from "../exit_code.ts";
import { knownObjectives } from "../objective_place.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { reportProblems } from "../report_problems.ts";
import { answer, tableFor } from "../ticket_output.ts";

const HEAD = ["state", "id", "title", "updated_at", "linked_tickets"];
/** People get the title last, where the room is. */
const PERSONAL_ORDER = [0, 1, 3, 4, 2];

/** Shows objectives. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const { stdout, stderr } = context.terminal;
  // The parser lets nothing else through.
  const state = (args.text("state") ?? "all") as ObjectiveState | "all";
  const objectives = await knownObjectives(context);
  const list = await objectives.list({ state });
  reportProblems(list.problems, stderr, "objective");
  return await answer(args, context, list, () => {
    const rows = list.objectives.map((objective) => [
      objective.state,
      objective.id,
      objective.title,
      objective.updatedAt,
      objective.linkedTickets.join(","),
    ]);
    if (!stdout.isTerminal) return tableFor(stdout, HEAD, rows);
    const [head = [], ...personal] = [HEAD, ...rows].map((cells) =>
      PERSONAL_ORDER.map((column) => cells[column]!)
    );
    return tableFor(stdout, head, personal, { optional: [2, 3] });
  });
}
