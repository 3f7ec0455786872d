/** `yoi ticket migrate`. @module */

import type { MigrationReport } from "../../ticket/migrate.ts";
import type { Context } from "../context.ts";
import { EXIT, type ExitCode } from "../exit_code.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { reportProblems } from "../report_problems.ts";
import { answer, tabbed } from "../ticket_output.ts";
import { openStore } from "../ticket_place.ts";

/** Migrates the ticket root; fails when records are left that cannot be read. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const store = await openStore(args, context);
  const report = await store.migrate({ dryRun: args.has("dry-run") });
  reportProblems(report.problems, context.terminal.stderr);
  await answer(args, context, report, () => textOf(report));
  return report.problems.length === 0 ? EXIT.done : EXIT.failed;
}

/** The map of ids; before anything was done, also every change. */
function textOf({ dryRun, tickets, changes }: MigrationReport): string {
  if (tickets.length === 0 && changes.length === 0) return tabbed("unchanged");
  const map = tickets.map(({ from, to }) => tabbed(dryRun ? "migrate" : "migrated", from, to));
  const plan = changes.map(({ action, path, detail }) => tabbed(action, path, detail));
  return [...map, ...(dryRun ? plan : [])].join("");
}
