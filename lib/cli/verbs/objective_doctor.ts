/** `yoi objective doctor`. @module */

import type { ObjectiveReport } from "../../ticket/objective_store.ts";
import type { Context } from "../context.ts";
import { EXIT, type ExitCode } from "../exit_code.ts";
import { openLinkedObjectives } from "../objective_place.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { tellSound } from "../tell_sound.ts";
import { answer, tabbed } from "../ticket_output.ts";

/** Looks for what is wrong with the objectives; only errors make it fail. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const objectives = await openLinkedObjectives(context);
  const report = await objectives.doctor();
  await (args.has("json") ? answer(args, context, report, "") : tell(report, context.terminal));
  return report.ok ? EXIT.done : EXIT.failed;
}

async function tell(
  { ok, diagnostics }: ObjectiveReport,
  terminal: Context["terminal"],
): Promise<void> {
  const findings = diagnostics
    .map(({ severity, objective, message }) => tabbed(severity, objective, message));
  await (ok ? tellSound(findings, terminal) : terminal.stdout.write(findings.join("")));
}
