/** `yoi ticket migrate`. @module */

import { isAbsolute } from "@std/path";
import type { MigrationReport } from "../../ticket/migrate.ts";
import type { TicketStore } from "../../ticket/store.ts";
import { withClientSignals } from "../client_signals.ts";
import type { Context } from "../context.ts";
import { EXIT, type ExitCode } from "../exit_code.ts";
import { openStore } from "../open_store.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { ProgressLine } from "../progress_line.ts";
import { reportProblems } from "../report_problems.ts";
import { workTreeAround } from "../../ticket/work_tree.ts";
import { answer, tabbed } from "../ticket_output.ts";

/** Migrates the ticket root; fails when records are left that cannot be read. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const store = await openStore(args, context);
  const { stderr } = context.terminal;
  return await withClientSignals(async ({ signal }) => {
    const report = await migrate(store, args.has("dry-run"), context, signal);
    reportProblems(report.problems, stderr);
    await answer(args, context, report, () => textOf(report));
    const isMoved = !report.dryRun && report.tickets.length > 0;
    if (isMoved && workTreeAround(store.root) !== undefined) stderr.announce(BRANCH_ADVICE);
    return report.problems.length === 0 ? EXIT.done : EXIT.failed;
  });
}

/** Of what git makes of new names: which is which of two that are alike it cannot tell. */
const BRANCH_ADVICE = "yoi ticket: branches that still have the old ids: run `yoi ticket migrate`" +
  " there as well and commit, then merge with `git merge -s recursive -X no-renames`\n";

/** Migrates with a look at how far it is, also where it ends before its time. */
async function migrate(
  store: TicketStore,
  dryRun: boolean,
  { terminal: { stderr } }: Context,
  signal: AbortSignal,
): Promise<MigrationReport> {
  let reached = "";
  try {
    using progress = new ProgressLine(stderr, "yoi ticket: migrated");
    const onProgress = (done: number, total: number) => {
      reached = `${done} of ${total}`;
      progress.show(done, total);
    };
    return await store.migrate({ dryRun, signal, ...(dryRun ? {} : { onProgress }) });
  } catch (error) {
    if (reached !== "") {
      const advice = "run the same command again to finish";
      stderr.announce(`yoi ticket: migrated ${reached} tickets before it stopped; ${advice}\n`);
    }
    throw error;
  }
}

/**
 * The map of ids; before anything was done, also every change. Where no ticket moved, the changes
 * are all there is to tell.
 */
function textOf({ dryRun, tickets, changes }: MigrationReport): string {
  if (tickets.length === 0 && changes.length === 0) return tabbed("unchanged");
  const map = tickets.map(({ from, to }) => tabbed(dryRun ? "migrate" : "migrated", from, to));
  const isPlan = dryRun || tickets.length === 0;
  const told = isPlan ? changes : changes.filter(({ path }) => isAbsolute(path));
  return [...map, ...told.map(({ action, path, detail }) => tabbed(action, path, detail))].join("");
}
