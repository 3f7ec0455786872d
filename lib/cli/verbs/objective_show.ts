/** `yoi objective show`. @module */

import { renderObjective } from "../../ticket/objective.ts";
import type { Context } from "../context.ts";
import { escapeCell, escapeText } from "../escape_text.ts";
import type { ExitCode } from "../exit_code.ts";
import { knownObjectives } from "../objective_place.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { answer } from "../ticket_output.ts";

/** Shows an objective. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const objectives = await knownObjectives(context);
  const objective = await objectives.show(args.operands[0]!);
  return await answer(args, context, objective, () => {
    const text = [
      `# ${escapeCell(objective.title)}`,
      "",
      `State: ${escapeCell(objective.state)}`,
      `ID: ${objective.id}`,
      `Updated: ${escapeCell(objective.updatedAt)}`,
      "",
      "## item.md",
      "",
      renderObjective(objective),
    ].join("\n");
    return context.terminal.stdout.isTerminal ? escapeText(text) : text;
  });
}
