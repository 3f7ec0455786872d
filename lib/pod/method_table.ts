/**
 * What each Method means in each phase.
 *
 * Source: controller specification, section 2; decisions 2, 10, 11 and 12.
 *
 * @module
 */

import type { ErrorCode } from "../protocol/event.ts";
import type { MethodName } from "../protocol/method.ts";

/** The columns of {@linkcode METHOD_TABLE}. */
export type PhaseColumn = "idle" | "running" | "paused" | "compacting" | "closing";

/** What the controller does with a Method. */
export type MethodAction =
  | "start_run"
  | "start_resume"
  /** Wait for the compaction to end, then start. */
  | "hold_run"
  /** Queue the note and start a turn for it if it asks for one. */
  | "queue_and_wake"
  | "queue"
  | "raise_pause"
  | "raise_cancel"
  | "raise_shutdown"
  | "start_compaction"
  | "abort_compaction"
  | "abort_and_close"
  | "list_rewind_targets"
  | "rewind"
  | "discover"
  | "close"
  /** Tell the sender alone that the Pod is paused. */
  | "say_paused"
  /** Let the registries know, tell the model nothing. */
  | "side_effects_only"
  /** Answered by the connection itself; nothing is left to do here. */
  | "ignore"
  | "refuse_running"
  | "refuse_not_running"
  | "refuse_not_paused"
  | "refuse_paused"
  | "refuse_closing";

/** The columns in the order of the rows below. */
export const PHASE_COLUMNS = ["idle", "running", "paused", "compacting", "closing"] as const;

type Row = readonly [MethodAction, MethodAction, MethodAction, MethodAction, MethodAction];

/** One row a Method, one column a phase. */
// deno-fmt-ignore
export const METHOD_TABLE: Readonly<Record<MethodName, Row>> = {
  //                    idle                   running               paused                 compacting            closing
  run:                 ["start_run",           "refuse_running",     "start_run",           "hold_run",           "refuse_closing"],
  notify:              ["queue_and_wake",      "queue",              "queue",               "queue",              "refuse_closing"],
  pod_event:           ["queue_and_wake",      "queue",              "queue",               "queue",              "side_effects_only"],
  resume:              ["refuse_not_paused",   "refuse_running",     "start_resume",        "refuse_running",     "refuse_closing"],
  cancel:              ["refuse_not_running",  "raise_cancel",       "refuse_not_running",  "abort_compaction",   "refuse_closing"],
  pause:               ["refuse_not_running",  "raise_pause",        "say_paused",          "refuse_not_running", "refuse_closing"],
  compact:             ["start_compaction",    "refuse_running",     "refuse_paused",       "refuse_running",     "refuse_closing"],
  list_rewind_targets: ["list_rewind_targets", "refuse_running",     "list_rewind_targets", "refuse_running",     "refuse_closing"],
  rewind_to:           ["rewind",              "refuse_running",     "refuse_paused",       "refuse_running",     "refuse_closing"],
  shutdown:            ["close",               "raise_shutdown",     "close",               "abort_and_close",    "ignore"],
  list_completions:    ["ignore",              "ignore",             "ignore",              "ignore",             "ignore"],
  list_pods:           ["discover",            "refuse_running",     "discover",            "refuse_running",     "refuse_closing"],
  restore_pod:         ["discover",            "refuse_running",     "discover",            "refuse_running",     "refuse_closing"],
  register_peer:       ["discover",            "refuse_running",     "discover",            "refuse_running",     "refuse_closing"],
};

/** The action for a Method in a phase. */
export function actionFor(method: MethodName, column: PhaseColumn): MethodAction {
  return METHOD_TABLE[method][PHASE_COLUMNS.indexOf(column)] as MethodAction;
}

/** The answer to a Method that a phase refuses. */
export function refusal(
  action: MethodAction,
  method: MethodName,
): { code: ErrorCode; message: string } {
  switch (action) {
    case "refuse_running":
      return {
        code: "already_running",
        message: `Cannot ${words(method)}: the Pod is busy, wait for run_end or cancel first`,
      };
    case "refuse_not_running":
      return { code: "not_running", message: `Cannot ${words(method)}: no turn is running` };
    case "refuse_not_paused":
      return { code: "not_paused", message: "Cannot resume: the Pod is not paused" };
    case "refuse_paused":
      return {
        code: "invalid_request",
        message: `Cannot ${words(method)}: the Pod is paused, resume it or start a run first`,
      };
    default:
      return {
        code: "invalid_request",
        message: `Cannot ${words(method)}: the Pod is shutting down`,
      };
  }
}

function words(method: MethodName): string {
  return method.replaceAll("_", " ");
}
