/**
 * The controller's decisions: one pure, synchronous function.
 *
 * Source: controller specification, sections 2 to 7; design, "The way of one request".
 *
 * @module
 */

import type { ErrorCode, Event, InvokeKind } from "../protocol/event.ts";
import type { Method, MethodOf } from "../protocol/method.ts";
import type { PodEvent } from "../protocol/pod_event.ts";
import type { Segment } from "../protocol/segment.ts";
import {
  columnOf,
  type CompactionSettlement,
  type ControllerEffect,
  type ControllerInput,
  type ControllerState,
  type HeldRun,
  type Intent,
  type Phase,
  raiseIntent,
  statusOf,
  type TurnSettlement,
} from "./controller_state.ts";
import { actionFor, refusal } from "./method_table.ts";
import { NOTE_CAPACITY, type NoteContent, pushNote, wakeUpKind } from "./notes.ts";

/** Runs that may wait for a compaction. */
export const HELD_RUN_CAPACITY = 8;

/** What a step gives: the next state, and what to do, in order. */
export interface Step {
  state: ControllerState;
  effects: readonly ControllerEffect[];
}

/**
 * Decides what one input means. It reads nothing but its arguments and changes neither.
 *
 * @example
 * ```ts
 * import { initialState } from "./controller_state.ts";
 * import { step } from "./step.ts";
 *
 * const { effects } = step(initialState("agent"), { type: "method", method: { method: "cancel" } });
 * console.assert(effects[0]?.type === "emit");
 * ```
 */
export function step(state: ControllerState, input: ControllerInput): Step {
  switch (input.type) {
    case "method":
      return onMethod(state, input);
    case "turn_settled":
      return onTurnSettled(state, input.id, input.settlement);
    case "compaction_settled":
      return onCompactionSettled(state, input.id, input.settlement);
    case "notes_taken":
      return onNotesTaken(state, input.id, input.count);
    case "turn_overdue":
      return isTurn(state.phase, input.id)
        ? { state, effects: [{ type: "revoke_turn", id: input.id }] }
        : unchanged(state);
  }
}

type MethodInput = Extract<ControllerInput, { type: "method" }>;

function onMethod(state: ControllerState, input: MethodInput): Step {
  const { method } = input;
  const invalid = invalidReason(input);
  if (invalid) {
    return invalid.privately ? privateError(state, input, invalid) : reject(state, method, invalid);
  }
  const action = actionFor(method.method, columnOf(state.phase));
  switch (action) {
    case "start_run": {
      const { params } = method as MethodOf<"run">;
      return startTurn(state, {
        kind: "run",
        trigger: "user_send",
        input: params.input,
        id: method.id,
      });
    }
    case "start_resume":
      return startTurn(state, { kind: "resume", trigger: undefined, input: [], id: method.id });
    case "hold_run":
      return holdRun(state, method as MethodOf<"run">);
    case "queue_and_wake":
      return queueNote(state, input, true);
    case "queue":
      return queueNote(state, input, false);
    case "side_effects_only":
      return {
        state,
        effects: [{ type: "child_event", event: (method as MethodOf<"pod_event">).params }],
      };
    case "raise_pause":
      return raise(state, "pause");
    case "raise_cancel":
      return raise(state, "cancel");
    case "raise_shutdown":
      return raise(state, "shutdown");
    case "abort_compaction":
      return raiseCompaction(state, "cancel");
    case "abort_and_close":
      return raiseCompaction(state, "shutdown");
    case "start_compaction":
      return startCompaction(state, method.id);
    case "list_rewind_targets":
      return { state, effects: [{ type: "list_rewind_targets", methodId: method.id }] };
    case "rewind":
      return { state, effects: [{ type: "rewind", method: method as MethodOf<"rewind_to"> }] };
    case "discover":
      return { state, effects: [{ type: "discover", method }] };
    case "close":
      return close(state);
    case "say_paused":
      return {
        state,
        effects: [{
          type: "reply",
          to: input.from,
          event: withId({ event: "status", data: { status: "paused" } }, method.id),
        }],
      };
    case "ignore":
      return unchanged(state);
    case "refuse_closing":
      return privateError(state, input, refusal(action, method.method));
    case "refuse_running":
    case "refuse_not_running":
    case "refuse_not_paused":
    case "refuse_paused":
      return reject(state, method, refusal(action, method.method));
  }
}

interface Invalid {
  code: ErrorCode;
  message: string;
  /** Tell the sender alone. */
  privately?: boolean;
}

/** Input that is refused in every phase, except that a busy Pod says so first. */
function invalidReason(input: MethodInput): Invalid | undefined {
  const { method } = input;
  if (method.method === "run" && input.refusal) return input.refusal;
  if (method.method === "run" && method.params.input.length === 0) {
    return { code: "invalid_request", message: "Cannot run: the input holds no segment" };
  }
  if (method.method === "pod_event" && input.child === "stranger") {
    return {
      code: "invalid_request",
      message: `Cannot take the report of "${
        senderName(method.params)
      }": it is no child of this Pod`,
      privately: true,
    };
  }
  return undefined;
}

function senderName(event: PodEvent): string {
  return event.kind === "scope_sub_delegated" ? event.parent_pod : event.pod_name;
}

interface TurnOrder {
  kind: "run" | "resume" | "notification";
  trigger: InvokeKind | undefined;
  input: readonly Segment[];
  id?: string | undefined;
}

function startTurn(state: ControllerState, order: TurnOrder): Step {
  const id = state.nextId;
  const from = state.phase.name === "paused" ? "paused" : "idle";
  const phase: Phase = {
    name: "turn",
    id,
    kind: order.kind,
    intent: "none",
    from,
    drained: [],
    methodId: order.id,
  };
  return {
    state: { ...state, phase, nextId: id + 1 },
    effects: [
      { type: "status", status: "running" },
      {
        type: "start_turn",
        id,
        kind: order.kind,
        trigger: order.trigger,
        input: order.input,
        methodId: order.id,
      },
    ],
  };
}

function holdRun(state: ControllerState, method: MethodOf<"run">): Step {
  if (state.phase.name !== "compaction") return unchanged(state);
  if (state.phase.held.length >= HELD_RUN_CAPACITY) {
    return reject(state, method, refusal("refuse_running", "run"));
  }
  const held = [...state.phase.held, { input: method.params.input, id: method.id }];
  return { state: { ...state, phase: { ...state.phase, held } }, effects: [] };
}

function queueNote(state: ControllerState, input: MethodInput, mayWake: boolean): Step {
  const { method } = input;
  const effects: ControllerEffect[] = [];
  let content: NoteContent;
  let autoRun = true;
  if (method.method === "notify") {
    if (method.params.message === "") return unchanged(state);
    content = { kind: "notification", message: method.params.message };
    autoRun = method.params.auto_run ?? true;
  } else if (method.method === "pod_event") {
    const event = method.params;
    effects.push({ type: "child_event", event });
    if (event.kind === "scope_sub_delegated") return { state, effects };
    content = { kind: "pod_event", event };
    autoRun = !(event.kind === "shut_down" && input.child === "stopped_here");
  } else return unchanged(state);

  const { notes, dropped } = pushNote(state.notes, { content, autoRun });
  if (dropped > 0 && !state.notesOverflowed) effects.push(overflowAlert());
  const queued = { ...state, notes, notesOverflowed: state.notesOverflowed || dropped > 0 };
  const wakeUp = mayWake && autoRun ? wakeUpKind([{ content, autoRun }]) : undefined;
  if (!wakeUp) return { state: queued, effects };
  const started = startTurn(queued, {
    kind: "notification",
    trigger: wakeUp,
    input: [],
    id: method.id,
  });
  return { state: started.state, effects: [...effects, ...started.effects] };
}

function overflowAlert(): ControllerEffect {
  return {
    type: "alert",
    level: "warn",
    source: "pod",
    message: `More than ${NOTE_CAPACITY} notifications wait; the oldest was dropped. ` +
      "Start a run to deliver them.",
  };
}

function raise(state: ControllerState, wanted: Intent): Step {
  if (state.phase.name !== "turn") return unchanged(state);
  const intent = raiseIntent(state.phase.intent, wanted);
  if (intent === state.phase.intent) return unchanged(state);
  const effects: ControllerEffect[] = state.phase.intent === "none"
    ? [{ type: "abort_turn", id: state.phase.id }]
    : [];
  return { state: { ...state, phase: { ...state.phase, intent } }, effects };
}

function raiseCompaction(state: ControllerState, wanted: "cancel" | "shutdown"): Step {
  if (state.phase.name !== "compaction") return unchanged(state);
  const intent = raiseIntent(state.phase.intent, wanted);
  if (intent === state.phase.intent) return unchanged(state);
  const effects: ControllerEffect[] = state.phase.intent === "none"
    ? [{ type: "abort_compaction", id: state.phase.id }]
    : [];
  return { state: { ...state, phase: { ...state.phase, intent } }, effects };
}

function startCompaction(state: ControllerState, methodId: string | undefined): Step {
  const id = state.nextId;
  return {
    state: {
      ...state,
      nextId: id + 1,
      phase: { name: "compaction", id, intent: "none", held: [], methodId },
    },
    effects: [{ type: "start_compaction", id, methodId }],
  };
}

function close(state: ControllerState): Step {
  return {
    state: { ...state, phase: { name: "closing", under: statusOf(state.phase) } },
    effects: [{ type: "emit", event: { event: "shutdown" } }, { type: "close" }],
  };
}

function onNotesTaken(state: ControllerState, id: number, count: number): Step {
  if (!isTurn(state.phase, id) || count === 0) return unchanged(state);
  const drained = [...state.phase.drained, ...state.notes.slice(0, count)];
  const notes = state.notes.slice(count);
  const phase = { ...state.phase, drained };
  return { state: { ...state, notes, notesOverflowed: false, phase }, effects: [] };
}

type TurnPhase = Extract<Phase, { name: "turn" }>;

function isTurn(phase: Phase, id: number): phase is TurnPhase {
  return phase.name === "turn" && phase.id === id;
}

function onTurnSettled(state: ControllerState, id: number, settlement: TurnSettlement): Step {
  const { phase } = state;
  if (!isTurn(phase, id)) return unchanged(state);
  const next = phaseAfter(phase, settlement);
  const effects: ControllerEffect[] = [
    { type: "emit", event: withId(closingEvent(phase, settlement), phase.methodId) },
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
  // A notification turn that failed would fail again at once: what it left waits for a person.
  if (settlement.kind === "failed" && phase.kind === "notification") {
    return state.notes.map((note) => ({ ...note, autoRun: false }));
  }
  return state.notes;
}

function onCompactionSettled(
  state: ControllerState,
  id: number,
  settlement: CompactionSettlement,
): Step {
  const { phase } = state;
  if (phase.name !== "compaction" || phase.id !== id) return unchanged(state);
  const effects = compactionEffects(settlement, phase.methodId);
  const settled: ControllerState = { ...state, phase: { name: "idle" } };
  if (phase.intent === "shutdown") return after(effects, close(settled));
  const [first, ...others] = phase.held;
  if (!first) return after(effects, wakeUp(settled));
  const started = startTurn(settled, heldOrder(first));
  const refused = others.map((run) => rejection({ method: "run", params: { input: [] } }, run.id));
  return after(effects, { ...started, effects: [...started.effects, ...refused] });
}

function heldOrder(run: HeldRun): TurnOrder {
  return { kind: "run", trigger: "user_send", input: run.input, id: run.id };
}

function rejection(method: Method, id: string | undefined): ControllerEffect {
  const data = refusal("refuse_running", method.method);
  return { type: "emit", event: withId({ event: "error", data }, id) };
}

function compactionEffects(
  settlement: CompactionSettlement,
  id: string | undefined,
): ControllerEffect[] {
  switch (settlement.kind) {
    case "compacted":
      return [{
        type: "emit",
        event: withId(
          { event: "compact_done", data: { new_segment_id: settlement.segmentId } },
          id,
        ),
      }];
    case "skipped":
      return [{ type: "alert", level: "warn", source: "compactor", message: settlement.reason }];
    case "aborted":
      return [{
        type: "emit",
        event: withId({ event: "compact_failed", data: { error: "Cancelled" } }, id),
      }];
    case "failed":
      return [
        {
          type: "emit",
          event: withId({ event: "compact_failed", data: { error: settlement.message } }, id),
        },
        {
          type: "alert",
          level: "error",
          source: "compactor",
          message: `Cannot compact: ${settlement.message}`,
        },
        {
          type: "emit",
          event: withId(
            { event: "error", data: { code: "internal", message: settlement.message } },
            id,
          ),
        },
      ];
  }
}

/** Starts a turn when the Pod is idle and a waiting note asks for one. */
function wakeUp(state: ControllerState): Step {
  if (state.phase.name !== "idle") return unchanged(state);
  const trigger = wakeUpKind(state.notes);
  if (!trigger) return unchanged(state);
  return startTurn(state, { kind: "notification", trigger, input: [] });
}

function reject(state: ControllerState, method: Method, data: Invalid): Step {
  // A busy Pod says that it is busy, whatever else is wrong with the request.
  const action = actionFor(method.method, columnOf(state.phase));
  const { code, message } = action === "refuse_running" ? refusal(action, method.method) : data;
  return {
    state,
    effects: [{
      type: "emit",
      event: withId({ event: "error", data: { code, message } }, method.id),
    }],
  };
}

function privateError(state: ControllerState, input: MethodInput, data: Invalid): Step {
  const { code, message } = data;
  return {
    state,
    effects: [{
      type: "reply",
      to: input.from,
      event: withId({ event: "error", data: { code, message } }, input.method.id),
    }],
  };
}

function after(effects: readonly ControllerEffect[], next: Step): Step {
  return { state: next.state, effects: [...effects, ...next.effects] };
}

function unchanged(state: ControllerState): Step {
  return { state, effects: [] };
}

function withId(event: Event, id: string | undefined): Event {
  return id === undefined ? event : { ...event, id };
}
