/**
 * The controller's decisions: one pure, synchronous function.
 *
 * Source: controller specification, sections 2 to 7; design, "The way of one request".
 *
 * @module
 */

import type { ErrorCode } from "../protocol/event.ts";
import type { Method, MethodOf } from "../protocol/method.ts";
import type { PodEvent } from "../protocol/pod_event.ts";
import {
  columnOf,
  type ControllerEffect,
  type ControllerInput,
  type ControllerState,
  type Intent,
  type Phase,
  raiseIntent,
} from "./controller_state.ts";
import { actionFor, refusal } from "./method_table.ts";
import { NOTE_CAPACITY, type NoteContent, pushNote, wakeUpKind } from "./notes.ts";
import { settleCompaction, settleTurn } from "./settle.ts";
import { after, close, startTurn, type Step, unchanged, withId } from "./transition.ts";

/** Runs that may wait for a compaction. */
export const HELD_RUN_CAPACITY = 8;

/**
 * Decides what one input means. It reads nothing but its arguments and changes neither.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { initialState } from "./controller_state.ts";
 * import { step } from "./step.ts";
 *
 * const { effects } = step(initialState("agent"), { type: "method", method: { method: "cancel" } });
 * assert(effects[0]?.type === "emit");
 * ```
 */
export function step(state: ControllerState, input: ControllerInput): Step {
  switch (input.type) {
    case "method":
      return onMethod(state, input);
    case "turn_settled":
      return settleTurn(state, input.id, input.settlement);
    case "compaction_settled":
      return settleCompaction(state, input.id, input.settlement);
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
  const action = actionFor(method.method, columnOf(state.phase));
  switch (action) {
    // A Pod that cannot serve a Method says so, whatever else is wrong with the request.
    case "refuse_closing":
      return answerError(state, input, refusal(action, method.method));
    case "refuse_running":
    case "refuse_not_running":
    case "refuse_not_paused":
    case "refuse_paused":
      return announceError(state, method, refusal(action, method.method));
    case "ignore":
      return unchanged(state);
  }
  if (method.method === "pod_event" && input.child === "stranger") {
    return answerError(state, input, strangerRefusal(method.params));
  }
  if (method.method === "run") {
    const refused = input.refusal ?? emptyRunRefusal(method);
    if (refused) return announceError(state, method, refused);
  }
  switch (action) {
    case "start_run": {
      const { input } = (method as MethodOf<"run">).params;
      return startTurn(state, { kind: "run", trigger: "user_send", input, id: method.id });
    }
    case "start_resume":
      return startTurn(state, { kind: "resume", trigger: undefined, input: [], id: method.id });
    case "hold_run":
      return holdRun(state, method as MethodOf<"run">);
    case "queue_and_wake":
      return queueNote(state, input, true);
    case "queue":
      return queueNote(state, input, false);
    case "side_effects_only": {
      const event = (method as MethodOf<"pod_event">).params;
      return { state, effects: [{ type: "child_event", event }] };
    }
    case "raise_pause":
      return raise(state, "pause");
    case "raise_cancel":
    case "abort_compaction":
      return raise(state, "cancel");
    case "raise_shutdown":
    case "abort_and_close":
      return raise(state, "shutdown");
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
    case "say_paused": {
      const event = withId({ event: "status", data: { status: "paused" } }, method.id);
      return { state, effects: [{ type: "reply", to: input.from, event }] };
    }
  }
}

interface ErrorData {
  code: ErrorCode;
  message: string;
}

function emptyRunRefusal(method: MethodOf<"run">): ErrorData | undefined {
  if (method.params.input.length > 0) return undefined;
  return { code: "invalid_request", message: "Cannot run: the input holds no segment" };
}

function strangerRefusal(event: PodEvent): ErrorData {
  const name = event.kind === "scope_sub_delegated" ? event.parent_pod : event.pod_name;
  const message = `Cannot take the report of "${name}": it is no child of this Pod`;
  return { code: "invalid_request", message };
}

/** Tells all clients; senders are not told apart on the wire, except by the `id` of the Method. */
function announceError(state: ControllerState, method: Method, data: ErrorData): Step {
  const { code, message } = data;
  const event = withId({ event: "error", data: { code, message } }, method.id);
  return { state, effects: [{ type: "emit", event }] };
}

/** Tells the sender alone. */
function answerError(state: ControllerState, input: MethodInput, data: ErrorData): Step {
  const event = withId({ event: "error", data }, input.method.id);
  return { state, effects: [{ type: "reply", to: input.from, event }] };
}

function holdRun(state: ControllerState, method: MethodOf<"run">): Step {
  if (state.phase.name !== "compaction") return unchanged(state);
  if (state.phase.held.length >= HELD_RUN_CAPACITY) {
    return announceError(state, method, refusal("refuse_running", "run"));
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
  return after(effects, started);
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

/** Wants a turn or a compaction to end; the first who does aborts it, a stronger one says how. */
function raise(state: ControllerState, wanted: Intent): Step {
  const { phase } = state;
  if (phase.name !== "turn" && phase.name !== "compaction") return unchanged(state);
  const intent = raiseIntent(phase.intent, wanted);
  if (intent === phase.intent) return unchanged(state);
  const abort: ControllerEffect = phase.name === "turn"
    ? { type: "abort_turn", id: phase.id }
    : { type: "abort_compaction", id: phase.id };
  return {
    state: { ...state, phase: { ...phase, intent } },
    effects: phase.intent === "none" ? [abort] : [],
  };
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

function onNotesTaken(state: ControllerState, id: number, count: number): Step {
  if (!isTurn(state.phase, id) || count === 0) return unchanged(state);
  const drained = [...state.phase.drained, ...state.notes.slice(0, count)];
  const notes = state.notes.slice(count);
  const phase = { ...state.phase, drained };
  return { state: { ...state, notes, notesOverflowed: false, phase }, effects: [] };
}

function isTurn(phase: Phase, id: number): phase is Extract<Phase, { name: "turn" }> {
  return phase.name === "turn" && phase.id === id;
}
