/** The moves from one phase of a child to another. @module */

import { downAgain, givenUpEvent, restarting, settle, stopOf } from "./_child_effects.ts";
import type { ChildEffect, ChildPhase, ChildState, ChildStep, WaiterId } from "./child_state.ts";
import { NO_HISTORY } from "./restart_policy.ts";

/** It is up. A restart that was requested while this one ran begins now that this one is done. */
export function comeUp(
  state: ChildState,
  phase: ChildPhase & ("running" | "ready"),
  effects: readonly ChildEffect[],
): ChildStep {
  const { waiters, queued } = state;
  const up: ChildState = { ...state, phase, waiters: [], queued: undefined };
  const done = [...effects, ...settle(waiters, { kind: "started" })];
  return queued === undefined ? { state: up, effects: done } : stopToRestart(up, queued, done);
}

/** Stops what is live; the next incarnation is spawned when that is over. */
export function stopToRestart(
  state: ChildState,
  waiters: readonly WaiterId[],
  effects: readonly ChildEffect[],
): ChildStep {
  return {
    state: { ...state, phase: "stopping", stopCause: "restart", waiters, history: NO_HISTORY },
    effects: [...effects, restarting(state, "requested", 0), stopOf(state)],
  };
}

/** Spawns at once, because somebody wants it. */
export function spawnRequested(state: ChildState, effects: readonly ChildEffect[]): ChildStep {
  return spawnNext({ ...state, history: NO_HISTORY }, [
    ...effects,
    restarting(state, "requested", 0),
  ]);
}

/** Spawns the next incarnation; only when nothing is left of the one before. */
export function spawnNext(state: ChildState, effects: readonly ChildEffect[]): ChildStep {
  const incarnation = state.incarnation + 1;
  return {
    state: { ...state, phase: "starting", incarnation, startedAt: undefined },
    effects: [...effects, { type: "spawn", incarnation }],
  };
}

/** Nothing is live and nothing comes by itself: whoever waits is told. */
export function rest(
  state: ChildState,
  phase: "idle" | "exited" | "given_up",
  { code, signal }: { readonly code: number; readonly signal: string | null },
  effects: readonly ChildEffect[],
): ChildStep {
  const isGivenUp = phase === "given_up";
  return {
    state: { ...state, phase, waiters: [] },
    effects: [
      ...effects,
      ...(isGivenUp ? [givenUpEvent(state)] : []),
      ...settle(state.waiters, downAgain(state, isGivenUp)),
      { type: "ended_for_good", isAsked: state.isClosed, code, signal, isGivenUp },
    ],
  };
}
