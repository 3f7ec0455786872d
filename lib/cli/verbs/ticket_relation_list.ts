/** `yoi ticket relation list`. @module */

import type { RelationKind } from "../../ticket/relation_view.ts";
import type { Context } from "../context.ts";
import type { ExitCode } from "../exit_code.ts";
import { openReader } from "../open_reader.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { reportProblems } from "../report_problems.ts";
import { answer, isNarrow, tableFor } from "../ticket_output.ts";

const HEAD = ["ticket", "kind", "target", "author", "at", "note"];

/** Shows relations. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const { stdout, stderr } = context.terminal;
  const ticket = args.text("ticket");
  const kind = args.text("kind") as RelationKind | undefined;
  const reader = await openReader(args, context);
  const id = ticket === undefined ? undefined : reader.resolveId(ticket);
  const result = await reader.relations(id, { kind });
  reportProblems(result.problems, stderr);
  return await answer(args, context, result, () => {
    const rows = result.relations.map((relation) => [
      relation.ticketId,
      relation.kind,
      relation.target,
      relation.author,
      relation.at,
      relation.note ?? "",
    ]);
    // Two ids with the longest kind between fit into 40 columns by one blank.
    const gap = isNarrow(stdout, 60) ? 1 : 2;
    return tableFor(stdout, HEAD, rows, { optional: [4, 3], isLastOptional: true, gap });
  });
}
