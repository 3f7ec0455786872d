/**
 * The program with every verb in sight, for what has to find all its code without running it: the
 * bundler, the compiler, and `deno install`, which fetches the packages in advance.
 *
 * @module
 */

import { systemContext } from "./context.ts";
import { fileOfVerb } from "./load_verb.ts";
import { runCli } from "./run_cli.ts";
import type { VerbModule } from "./verb.ts";

/** The file of every verb. */
const FILES: Readonly<Record<string, () => Promise<VerbModule>>> = {
  "attach.ts": () => import("./verbs/attach.ts"),
  "cancel.ts": () => import("./verbs/cancel.ts"),
  "compact.ts": () => import("./verbs/compact.ts"),
  "complete.ts": () => import("./verbs/complete.ts"),
  "completions.ts": () => import("./verbs/completions.ts"),
  "events.ts": () => import("./verbs/events.ts"),
  "help.ts": () => import("./verbs/help.ts"),
  "list.ts": () => import("./verbs/list.ts"),
  "notify.ts": () => import("./verbs/notify.ts"),
  "objective_create.ts": () => import("./verbs/objective_create.ts"),
  "objective_doctor.ts": () => import("./verbs/objective_doctor.ts"),
  "objective_list.ts": () => import("./verbs/objective_list.ts"),
  "objective_show.ts": () => import("./verbs/objective_show.ts"),
  "pause.ts": () => import("./verbs/pause.ts"),
  "pod.ts": () => import("./verbs/pod.ts"),
  "pod_start.ts": () => import("./verbs/pod_start.ts"),
  "resume.ts": () => import("./verbs/resume.ts"),
  "rewind.ts": () => import("./verbs/rewind.ts"),
  "run.ts": () => import("./verbs/run.ts"),
  "send.ts": () => import("./verbs/send.ts"),
  "stop.ts": () => import("./verbs/stop.ts"),
  "supervise.ts": () => import("./verbs/supervise.ts"),
  "supervise_restart.ts": () => import("./verbs/supervise_restart.ts"),
  "supervise_status.ts": () => import("./verbs/supervise_status.ts"),
  "supervise_stop.ts": () => import("./verbs/supervise_stop.ts"),
  "ticket_assign.ts": () => import("./verbs/ticket_assign.ts"),
  "ticket_board.ts": () => import("./verbs/ticket_board.ts"),
  "ticket_close.ts": () => import("./verbs/ticket_close.ts"),
  "ticket_comment.ts": () => import("./verbs/ticket_comment.ts"),
  "ticket_create.ts": () => import("./verbs/ticket_create.ts"),
  "ticket_doctor.ts": () => import("./verbs/ticket_doctor.ts"),
  "ticket_edit.ts": () => import("./verbs/ticket_edit.ts"),
  "ticket_graph.ts": () => import("./verbs/ticket_graph.ts"),
  "ticket_init.ts": () => import("./verbs/ticket_init.ts"),
  "ticket_list.ts": () => import("./verbs/ticket_list.ts"),
  "ticket_log.ts": () => import("./verbs/ticket_log.ts"),
  "ticket_merge_driver.ts": () => import("./verbs/ticket_merge_driver.ts"),
  "ticket_migrate.ts": () => import("./verbs/ticket_migrate.ts"),
  "ticket_next.ts": () => import("./verbs/ticket_next.ts"),
  "ticket_plan_add.ts": () => import("./verbs/ticket_plan_add.ts"),
  "ticket_plan_list.ts": () => import("./verbs/ticket_plan_list.ts"),
  "ticket_priority.ts": () => import("./verbs/ticket_priority.ts"),
  "ticket_ready.ts": () => import("./verbs/ticket_ready.ts"),
  "ticket_relation_add.ts": () => import("./verbs/ticket_relation_add.ts"),
  "ticket_relation_list.ts": () => import("./verbs/ticket_relation_list.ts"),
  "ticket_relation_remove.ts": () => import("./verbs/ticket_relation_remove.ts"),
  "ticket_reopen.ts": () => import("./verbs/ticket_reopen.ts"),
  "ticket_review.ts": () => import("./verbs/ticket_review.ts"),
  "ticket_search.ts": () => import("./verbs/ticket_search.ts"),
  "ticket_show.ts": () => import("./verbs/ticket_show.ts"),
  "ticket_state.ts": () => import("./verbs/ticket_state.ts"),
};

/** `loadVerb()`, by specifiers that stand in the source. */
export async function loadKnownVerb(name: string): Promise<VerbModule> {
  const load = FILES[fileOfVerb(name)];
  if (!load) throw new Error(`Cannot load verb "${name}": it has no file`);
  return await load();
}

if (import.meta.main) Deno.exit(await runCli(Deno.args, systemContext(), loadKnownVerb));
