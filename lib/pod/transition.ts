/**
 * The pieces that the controller's decisions are put together from.
 *
 * @module
 */

import type { Event, InvokeKind } from "../protocol/event.ts";
import type { Segment } from "../protocol/segment.ts";
import type { TurnKind } from "../engine/engine.ts";
import { type ControllerEffect, type ControllerState, statusOf } from "./controller_state.ts";

/** What a step gives: the next state, and what to do, in order. */
export interface Step {
  /** What the next step starts from. */
  state: ControllerState;
  /** What the runner has to do. */
  effects: readonly ControllerEffect[];
}

/** A turn that is to be started. */
export interface TurnStart {
  /** Why. */
  kind: TurnKind;
  /** Trigger of the `invoke` entry; none for a resume. */
  trigger: InvokeKind | undefined;
  /** The submission of a run; empty otherwise. */
  input: readonly Segment[];
  /** The `id` of the Method that asks for it. */
  id?: string | undefined;
}

/** Starts a turn from idle or paused. */
export function startTurn(state: ControllerState, start: TurnStart): Step {
  const id = state.nextId;
  const { kind, trigger, input, id: methodId } = start;
  const from = state.phase.name === "paused" ? "paused" : "idle";
  return {
    state: {
      ...state,
      nextId: id + 1,
      phase: { name: "turn", id, kind, intent: "none", from, drained: [], methodId },
    },
    effects: [
      { type: "status", status: "running" },
      { type: "start_turn", id, kind, trigger, input, methodId },
    ],
  };
}

/** Leaves. */
export function close(state: ControllerState): Step {
  return {
    state: { ...state, phase: { name: "closing", under: statusOf(state.phase) } },
    effects: [{ type: "emit", event: { event: "shutdown" } }, { type: "close" }],
  };
}

/** A step with effects in front of its own. */
export function after(effects: readonly ControllerEffect[], next: Step): Step {
  return { state: next.state, effects: [...effects, ...next.effects] };
}

/** Nothing happens. */
export function unchanged(state: ControllerState): Step {
  return { state, effects: [] };
}

/** The event with the `id` of the Method that caused it, if that had one. */
export function withId(event: Event, id: string | undefined): Event {
  return id === undefined ? event : { ...event, id };
}
