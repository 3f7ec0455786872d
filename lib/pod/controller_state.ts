/**
 * The data of the controller's decisions: its state, what comes in, and what is to be done.
 *
 * Source: controller specification, sections 2 and 3; decision 10.
 *
 * @module
 */

import type { ErrorCode, Event, InvokeKind, PodStatus } from "../protocol/event.ts";
import type { Method, MethodOf } from "../protocol/method.ts";
import type { PodEvent } from "../protocol/pod_event.ts";
import type { Segment } from "../protocol/segment.ts";
import type { Refusal, TurnKind } from "../engine/engine.ts";
import type { PhaseColumn } from "./method_table.ts";
import type { Note } from "./notes.ts";

/** Who sent a Method and can be answered alone. */
export interface Sender {
  reply(event: Event): void;
}

/** What somebody wants of a running turn; it only rises. */
export type Intent = "none" | "pause" | "cancel" | "shutdown";

/** A run that waits for a compaction. */
export interface HeldRun {
  input: readonly Segment[];
  id?: string | undefined;
}

/** What the controller is doing. */
export type Phase =
  | { name: "idle" }
  | { name: "paused" }
  | {
    name: "turn";
    id: number;
    kind: TurnKind;
    intent: Intent;
    /** Where the Pod returns to when the turn fails before it began. */
    from: "idle" | "paused";
    /** Notes the engine took in this turn; a rollback puts them back. */
    drained: readonly Note[];
    /** The `id` of the Method that started it. */
    methodId?: string | undefined;
  }
  | {
    name: "compaction";
    id: number;
    intent: Intent;
    held: readonly HeldRun[];
    methodId?: string | undefined;
  }
  | { name: "closing"; under: PodStatus };

/** Everything the controller's decisions depend on. */
export interface ControllerState {
  phase: Phase;
  /** Notes that wait for the model, oldest first. */
  notes: readonly Note[];
  /** Whether a note was dropped since the model last took them; people hear of the first. */
  notesOverflowed: boolean;
  /** Id of the next turn or job. */
  nextId: number;
  /** Name of this Pod, for reports. */
  podName: string;
}

/** How a turn ended, after its last entry was committed. */
export type TurnSettlement =
  | { kind: "finished" }
  | { kind: "paused" }
  | { kind: "limit_reached" }
  /** Ended by pause, cancel or shutdown. */
  | { kind: "cancelled" }
  /** Ended by pause, cancel or shutdown before the model said anything, and undone. */
  | { kind: "rolled_back" }
  | {
    kind: "failed";
    code: ErrorCode;
    message: string;
    /** Whether anything was committed; a turn that never began leaves the Pod as it was. */
    began: boolean;
  };

/** How a compaction outside a turn ended. */
export type CompactionSettlement =
  | { kind: "compacted"; segmentId: string }
  | { kind: "skipped"; reason: string }
  | { kind: "aborted" }
  | { kind: "failed"; message: string };

/** How this Pod knows the child a PodEvent names. */
export type ChildStanding = "known" | "stopped_here" | "stranger";

/** Whatever the controller reacts to. */
export type ControllerInput =
  | {
    type: "method";
    method: Method;
    from?: Sender | undefined;
    /** The engine's refusal of a `run`, asked before the phase changes. */
    refusal?: Refusal | undefined;
    /** For a `pod_event`: how the child is known. */
    child?: ChildStanding | undefined;
  }
  | { type: "turn_settled"; id: number; settlement: TurnSettlement }
  | { type: "compaction_settled"; id: number; settlement: CompactionSettlement }
  /** The engine has taken the `count` oldest notes into the history. */
  | { type: "notes_taken"; id: number; count: number }
  | { type: "turn_overdue"; id: number };

/** What the runner has to do, in order. */
export type ControllerEffect =
  | { type: "emit"; event: Event }
  | { type: "reply"; to: Sender | undefined; event: Event }
  | { type: "alert"; level: "warn" | "error"; source: "pod" | "compactor"; message: string }
  | { type: "status"; status: PodStatus }
  | {
    type: "start_turn";
    id: number;
    kind: TurnKind;
    /** Trigger of the `invoke` entry; none for a resume. */
    trigger: InvokeKind | undefined;
    input: readonly Segment[];
    methodId?: string | undefined;
  }
  | { type: "abort_turn"; id: number }
  /** Take the pen from a turn that ignored its abort. */
  | { type: "revoke_turn"; id: number }
  | { type: "start_compaction"; id: number; methodId?: string | undefined }
  | { type: "abort_compaction"; id: number }
  | { type: "list_rewind_targets"; methodId?: string | undefined }
  | { type: "rewind"; method: MethodOf<"rewind_to"> }
  | { type: "discover"; method: Method }
  | { type: "child_event"; event: PodEvent }
  | { type: "report"; event: PodEvent }
  /** Leave: the last things are done by an owned task. */
  | { type: "close" };

/** A Pod that has just started. */
export function initialState(podName: string): ControllerState {
  return { phase: { name: "idle" }, notes: [], notesOverflowed: false, nextId: 1, podName };
}

/** The status that clients see. */
export function statusOf(phase: Phase): PodStatus {
  switch (phase.name) {
    case "idle":
    case "compaction":
      return "idle";
    case "turn":
      return "running";
    case "paused":
      return "paused";
    case "closing":
      return phase.under;
  }
}

/** The column of the Method table that a phase reads. */
export function columnOf(phase: Phase): PhaseColumn {
  switch (phase.name) {
    case "turn":
      return "running";
    case "compaction":
      return "compacting";
    default:
      return phase.name;
  }
}

const INTENT_ORDER: readonly Intent[] = ["none", "pause", "cancel", "shutdown"];

/** The stronger of two intents. */
export function raiseIntent<Kind extends Intent>(current: Kind, wanted: Kind): Kind {
  return INTENT_ORDER.indexOf(wanted) > INTENT_ORDER.indexOf(current) ? wanted : current;
}
