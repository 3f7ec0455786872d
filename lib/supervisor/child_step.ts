/**
 * The decisions about one child: one pure, synchronous function.
 *
 * Source: supervisor specification, section 4; decisions 48, 49 and 51.
 *
 * @module
 */

import {
  announce,
  clearTimer,
  errorEvent,
  exitedEvent,
  restarting,
  settle,
  shuttingDown,
  startTimer,
  stopOf,
} from "./_child_effects.ts";
import { comeUp, rest, spawnNext, spawnRequested, stopToRestart } from "./_child_moves.ts";
import {
  type ChildEffect,
  type ChildInput,
  type ChildPolicy,
  type ChildState,
  type ChildStep,
  isUp,
  type WaiterId,
} from "./child_state.ts";
import type { RestartReason } from "./control_protocol.ts";
import { decideRestart, NO_HISTORY } from "./restart_policy.ts";
import type { LastExit } from "./status.ts";

/**
 * Decides what one input means for a child. It reads nothing but its arguments and changes none.
 *
 * @param now Milliseconds since 1970.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { initialChild } from "./child_state.ts";
 * import { stepChild } from "./child_step.ts";
 * import { completeConfig } from "./supervisor_config.ts";
 *
 * const [policy] = completeConfig({ children: [{ name: "web", command: ["serve"] }] }).children;
 * const { state, effects } = stepChild(initialChild("web"), { type: "start" }, policy!, 0);
 * assertEquals(state.phase, "starting");
 * assertEquals(effects, [{ type: "spawn", incarnation: 1 }]);
 * ```
 */
export function stepChild(
  state: ChildState,
  input: ChildInput,
  policy: ChildPolicy,
  now: number,
): ChildStep {
  switch (input.type) {
    case "start":
      return state.phase === "waiting" ? spawnNext(state, []) : unchanged(state);
    case "spawned":
      return isSpawning(state, input) ? onSpawned(state, input.pid, policy, now) : unchanged(state);
    case "spawn_failed":
      return isSpawning(state, input) ? onSpawnFailed(state, input, policy, now) : unchanged(state);
    case "ready":
      return isPresent(state, input) && awaitsReady(state, policy)
        ? onReady(state)
        : unchanged(state);
    case "ready_overdue":
      return isPresent(state, input) && awaitsReady(state, policy)
        ? onReadyOverdue(state, policy)
        : unchanged(state);
    case "over":
      return isPresent(state, input) && state.pid !== undefined
        ? onOver(state, input, state.pid, policy, now)
        : unchanged(state);
    case "backoff_over":
      return isPresent(state, input) && state.phase === "backoff"
        ? spawnNext(state, [])
        : unchanged(state);
    case "restart":
      return onRestart(state, input.waiter === undefined ? [] : [input.waiter]);
    case "close":
      return close(state);
    case "stop":
      return stop(state, input.isForced === true, policy);
  }
}

function onSpawned(state: ChildState, pid: number, policy: ChildPolicy, now: number): ChildStep {
  const born = { ...state, pid, startedAt: now };
  const effects = [announce(born, "child_started", pid)];
  // A shutdown came while it was being spawned, when there was nothing to stop yet.
  if (born.phase === "stopping") return { state: born, effects: [...effects, stopOf(born)] };
  if (policy.readyLine === undefined) return comeUp(born, "running", effects);
  return {
    state: born,
    effects: [...effects, startTimer("ready", born, policy.readyTimeoutMs)],
  };
}

function onReady(state: ChildState): ChildStep {
  const told = state.pid === undefined ? [] : [announce(state, "child_ready", state.pid)];
  return comeUp(state, "ready", [clearTimer("ready"), ...told]);
}

/** It counts as a failed incarnation, but it is alive and has to be stopped first. */
function onReadyOverdue(state: ChildState, policy: ChildPolicy): ChildStep {
  const message = `Cannot wait for "${state.name}": not ready within ${policy.readyTimeoutMs} ms`;
  const { waiters, queued } = state;
  if (queued !== undefined) {
    const joined: ChildState = { ...state, queued: undefined };
    return stopToRestart(joined, [...waiters, ...queued], [errorEvent(message)]);
  }
  return {
    state: { ...state, phase: "stopping", stopCause: "not_ready" },
    effects: [errorEvent(message), stopOf(state)],
  };
}

type SpawnFailure = Extract<ChildInput, { type: "spawn_failed" }>;

function onSpawnFailed(
  state: ChildState,
  { code, message }: SpawnFailure,
  policy: ChildPolicy,
  now: number,
): ChildStep {
  const end: IncarnationEnd = { code, signal: null, ranMs: 0, reason: "spawn_failed" };
  return settleEnd(state, end, policy, now, [errorEvent(message)]);
}

type Over = Extract<ChildInput, { type: "over" }>;

function onOver(
  state: ChildState,
  { code, signal, ranMs }: Over,
  pid: number,
  policy: ChildPolicy,
  now: number,
): ChildStep {
  const end: IncarnationEnd = {
    code,
    signal,
    // An incarnation that never came up was of no use, however long it ran.
    ranMs: isUp(state) ? ranMs : 0,
    reason: state.stopCause === "not_ready" ? "not_ready" : "exited",
  };
  return settleEnd(state, end, policy, now, [
    ...(awaitsReady(state, policy) ? [clearTimer("ready")] : []),
    exitedEvent(state, { pid, code, signal }),
  ]);
}

/** How an incarnation ended, and what is to blame if nobody asked for it. */
interface IncarnationEnd {
  readonly code: number;
  readonly signal: string | null;
  readonly ranMs: number;
  readonly reason: Exclude<RestartReason, "requested">;
}

/** Nothing of the incarnation is left. What follows: shutdown, then requests, then the policy. */
function settleEnd(
  state: ChildState,
  end: IncarnationEnd,
  policy: ChildPolicy,
  now: number,
  effects: readonly ChildEffect[],
): ChildStep {
  const lastExit: LastExit = { code: end.code, signal: end.signal, at: now };
  const over: ChildState = { ...state, pid: undefined, stopCause: undefined, lastExit };
  if (state.isClosed) return rest(over, "exited", end, effects);
  if (state.stopCause === "restart") return spawnNext(over, effects);
  if (state.queued !== undefined) {
    const waiters = [...state.waiters, ...state.queued];
    return spawnRequested({ ...over, waiters, queued: undefined }, effects);
  }
  const isFailed = end.reason !== "exited";
  const decision = decideRestart(policy, state.history, { ...end, isFailed });
  if (decision.kind !== "restart") {
    const phase = decision.kind === "ended" ? "exited" : "given_up";
    return rest(over, phase, { ...end, code: failureCode(end) }, effects);
  }
  const { delayMs, history } = decision;
  return {
    state: { ...over, phase: "backoff", history },
    effects: [
      ...effects,
      restarting(state, end.reason, delayMs),
      startTimer("backoff", state, delayMs),
    ],
  };
}

/** A child that obeyed the stop with 0 was still not ready in time: 124, as for any time-out. */
function failureCode({ code, reason }: IncarnationEnd): number {
  return reason === "not_ready" && code === 0 ? 124 : code;
}

function onRestart(state: ChildState, ids: readonly WaiterId[]): ChildStep {
  if (state.isClosed) return { state, effects: settle(ids, shuttingDown(state)) };
  const joined = { ...state, waiters: [...state.waiters, ...ids] };
  switch (state.phase) {
    case "idle":
    case "waiting": // The start to come is as new as anybody can wish.
      return unchanged(joined);
    case "running":
    case "ready":
      return stopToRestart(state, ids, []);
    case "stopping":
      // Of a child that was not ready in time this is the next incarnation, not one more.
      if (state.stopCause === "not_ready") {
        return {
          state: { ...joined, stopCause: "restart", history: NO_HISTORY },
          effects: [restarting(state, "requested", 0)],
        };
      }
      return enqueue(state, ids);
    case "starting":
      return enqueue(state, ids);
    case "backoff":
      return spawnRequested(joined, [clearTimer("backoff")]);
    case "exited":
    case "given_up":
      return spawnRequested(joined, []);
  }
}

/** However many requests come while a restart runs, they are one more restart. */
function enqueue(state: ChildState, ids: readonly WaiterId[]): ChildStep {
  return unchanged({ ...state, queued: [...state.queued ?? [], ...ids] });
}

function close(state: ChildState): ChildStep {
  if (state.isClosed) return unchanged(state);
  const ids = [...state.waiters, ...state.queued ?? []];
  const closed: ChildState = { ...state, isClosed: true, waiters: [], queued: undefined };
  const effects = settle(ids, shuttingDown(state));
  const end = state.lastExit ?? { code: 0, signal: null };
  if (state.phase === "waiting") return rest(closed, "idle", end, effects);
  if (state.phase !== "backoff") return { state: closed, effects };
  return rest(closed, "exited", end, [clearTimer("backoff"), ...effects]);
}

function stop(state: ChildState, isForced: boolean, policy: ChildPolicy): ChildStep {
  const { state: closed, effects } = close(state);
  switch (closed.phase) {
    case "starting":
    case "running":
    case "ready": {
      const stopping: ChildState = {
        ...closed,
        phase: "stopping",
        stopCause: "shutdown",
        isForced,
      };
      const timers = awaitsReady(closed, policy) ? [clearTimer("ready")] : [];
      // What is still being spawned is stopped as soon as it runs.
      const stops = closed.pid === undefined ? [] : [stopOf(stopping)];
      return { state: stopping, effects: [...effects, ...timers, ...stops] };
    }
    case "stopping": {
      if (!isForced || closed.isForced) return { state: closed, effects };
      const forced = { ...closed, isForced };
      const stops = closed.pid === undefined ? [] : [stopOf(forced)];
      return { state: forced, effects: [...effects, ...stops] };
    }
    default:
      return { state: closed, effects };
  }
}

function unchanged(state: ChildState): ChildStep {
  return { state, effects: [] };
}

function isPresent(state: ChildState, input: { readonly incarnation: number }): boolean {
  return input.incarnation === state.incarnation;
}

/** Whether the answer to `spawn` is still to come. */
function isSpawning(state: ChildState, input: { readonly incarnation: number }): boolean {
  return isPresent(state, input) && state.pid === undefined &&
    (state.phase === "starting" || state.phase === "stopping");
}

/** Whether the process runs and has yet to print its ready line; then the timer `ready` runs. */
function awaitsReady(state: ChildState, policy: ChildPolicy): boolean {
  return state.phase === "starting" && state.pid !== undefined && policy.readyLine !== undefined;
}
