/**
 * What the end of a turn or of a compaction means.
 *
 * Source: controller specification, sections 3.5, 3.6 and 7.1; decision 10.
 *
 * @module
 */

import type { Event } from "../protocol/event.ts";
import type { PodEvent } from "../protocol/pod_event.ts";
import type {
  CompactionSettlement,
  ControllerEffect,
  ControllerState,
  HeldRun,
  Phase,
  TurnSettlement,
} from "./controller_state.ts";
import { refusal } from "./method_table.ts";
import { wakeUpKind } from "./notes.ts";
import { after, close, startTurn, type Step, unchanged, withId } from "./transition.ts";

type TurnPhase = Extract<Phase, { name: "turn" }>;

/** Settles the turn with this id; one that is over already changes nothing. */
export function settleTurn(state: ControllerState, id: number, settlement: TurnSettlement): Step {
  const { phase } = state;
  if (phase.name !== "turn" || phase.id !== id) return unchanged(state);
  const next = phaseAfter(phase, settlement);
  const effects: ControllerEffect[] = [
    emit(closingEvent(phase, settlement), phase.methodId),
    { type: "status", status: next },
  ];
  const report = upwardReport(state.podName, phase, settlement);
  if (report) effects.push({ type: "report", event: report });
  const settled: ControllerState = {
    ...state,
    phase: { name: next },
    notes: notesAfter(state, phase, settlement),
  };
  if (phase.intent === "shutdown") return after(effects, close(settled));
  return after(effects, wakeUp(settled));
}

/** The event that ends the turn for its clients. */
function closingEvent(phase: TurnPhase, settlement: TurnSettlement): Event {
  switch (settlement.kind) {
    case "failed":
      return { event: "error", data: { code: settlement.code, message: settlement.message } };
    case "cancelled":
      return phase.intent === "pause"
        ? { event: "run_end", data: { result: "paused" } }
        : { event: "error", data: { code: "internal", message: "Cancelled" } };
    default:
      return { event: "run_end", data: { result: settlement.kind } };
  }
}

function phaseAfter(phase: TurnPhase, settlement: TurnSettlement): "idle" | "paused" {
  switch (settlement.kind) {
    case "paused":
      return "paused";
    case "cancelled":
      return phase.intent === "pause" ? "paused" : "idle";
    case "failed":
      return settlement.began ? "idle" : phase.from;
    default:
      return "idle";
  }
}

/** What the parent is told; only turns that a `run` or `resume` started report. */
function upwardReport(
  podName: string,
  phase: TurnPhase,
  settlement: TurnSettlement,
): PodEvent | undefined {
  if (phase.kind === "notification") return undefined;
  switch (settlement.kind) {
    case "finished":
    case "limit_reached":
      return { kind: "turn_ended", pod_name: podName };
    case "paused":
      return undefined;
    case "cancelled":
    case "rolled_back":
      if (phase.intent === "shutdown") return undefined;
      if (phase.intent === "pause" && settlement.kind === "cancelled") return undefined;
      return { kind: "errored", pod_name: podName, message: "Cancelled" };
    case "failed":
      if (phase.intent === "shutdown") return undefined;
      return { kind: "errored", pod_name: podName, message: settlement.message };
  }
}

function notesAfter(
  state: ControllerState,
  phase: TurnPhase,
  settlement: TurnSettlement,
): ControllerState["notes"] {
  if (settlement.kind === "rolled_back") return [...phase.drained, ...state.notes];
  const hasEndedEarly = settlement.kind === "failed" || settlement.kind === "cancelled";
  if (hasEndedEarly && phase.kind === "notification" && phase.drained.length === 0) {
    // The same turn would start over at once, for ever: what it left waits for a person.
    return state.notes.map((note) => ({ ...note, autoRun: false }));
  }
  return state.notes;
}

/** Settles the compaction with this id; one that is over already changes nothing. */
export function settleCompaction(
  state: ControllerState,
  id: number,
  settlement: CompactionSettlement,
): Step {
  const { phase } = state;
  if (phase.name !== "compaction" || phase.id !== id) return unchanged(state);
  const effects = compactionEffects(settlement, phase.methodId);
  const settled: ControllerState = { ...state, phase: { name: "idle" } };
  if (phase.intent === "shutdown") {
    const refused = phase.held.map((run) => refusalOf(run, "refuse_closing"));
    return after([...effects, ...refused], close(settled));
  }
  const [first, ...others] = phase.held;
  if (!first) return after(effects, wakeUp(settled));
  const { input, id: methodId } = first;
  const started = startTurn(settled, { kind: "run", trigger: "user_send", input, id: methodId });
  const refused = others.map((run) => refusalOf(run, "refuse_running"));
  return after(effects, { ...started, effects: [...started.effects, ...refused] });
}

function refusalOf(run: HeldRun, action: "refuse_running" | "refuse_closing"): ControllerEffect {
  return emit({ event: "error", data: refusal(action, "run") }, run.id);
}

function compactionEffects(
  settlement: CompactionSettlement,
  id: string | undefined,
): ControllerEffect[] {
  switch (settlement.kind) {
    case "compacted":
      return [emit({ event: "compact_done", data: { new_segment_id: settlement.segmentId } }, id)];
    case "skipped":
      return [{ type: "alert", level: "warn", source: "compactor", message: settlement.reason }];
    case "aborted":
      return [emit({ event: "compact_failed", data: { error: "Cancelled" } }, id)];
    case "failed": {
      const { message } = settlement;
      const alert = `Cannot compact: ${message}`;
      return [
        emit({ event: "compact_failed", data: { error: message } }, id),
        { type: "alert", level: "error", source: "compactor", message: alert },
        emit({ event: "error", data: { code: "internal", message } }, id),
      ];
    }
  }
}

function emit(event: Event, id: string | undefined): ControllerEffect {
  return { type: "emit", event: withId(event, id) };
}

/** Starts a turn when the Pod is idle and a waiting note asks for one. */
function wakeUp(state: ControllerState): Step {
  if (state.phase.name !== "idle") return unchanged(state);
  const trigger = wakeUpKind(state.notes);
  if (!trigger) return unchanged(state);
  return startTurn(state, { kind: "notification", trigger, input: [] });
}
