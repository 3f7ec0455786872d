/** The things that a step of a child can ask for, in words. @module */

import type { ChildEffect, ChildState, WaiterId, WaiterOutcome } from "./child_state.ts";
import type { RestartReason } from "./control_protocol.ts";
import { SupervisorError } from "./supervisor_error.ts";

export function settle(ids: readonly WaiterId[], outcome: WaiterOutcome): ChildEffect[] {
  return ids.length === 0 ? [] : [{ type: "settle_waiters", ids, outcome }];
}

export function shuttingDown({ name }: ChildState): WaiterOutcome {
  const message = `Cannot restart "${name}": the supervisor is shutting down`;
  return { kind: "rejected", error: new SupervisorError("shutting_down", message) };
}

export function downAgain({ name }: ChildState, isGivenUp: boolean): WaiterOutcome {
  const reason = isGivenUp ? "it failed too often and was given up" : "it ended before it was up";
  const error = new SupervisorError("given_up", `Cannot restart "${name}": ${reason}`);
  return { kind: "rejected", error };
}

export function stopOf({ incarnation, isForced }: ChildState): ChildEffect {
  return { type: "stop_incarnation", incarnation, isForced };
}

export function startTimer(timer: "backoff" | "ready", state: ChildState, ms: number): ChildEffect {
  return { type: "start_timer", timer, incarnation: state.incarnation, ms };
}

export function clearTimer(timer: "backoff" | "ready"): ChildEffect {
  return { type: "clear_timer", timer };
}

export function announce(
  { name, incarnation }: ChildState,
  event: "child_started" | "child_ready",
  pid: number,
): ChildEffect {
  return { type: "emit", event: { event, data: { child: name, pid, incarnation } } };
}

export function restarting(
  { name }: ChildState,
  reason: RestartReason,
  delayMs: number,
): ChildEffect {
  return {
    type: "emit",
    event: { event: "child_restarting", data: { child: name, reason, delayMs } },
  };
}

export function givenUpEvent({ name }: ChildState): ChildEffect {
  return { type: "emit", event: { event: "child_given_up", data: { child: name } } };
}

export function errorEvent(message: string): ChildEffect {
  return { type: "emit", event: { event: "error", data: { message } } };
}

export function exitedEvent(
  { name }: ChildState,
  end: { readonly pid: number; readonly code: number; readonly signal: string | null },
): ChildEffect {
  return { type: "emit", event: { event: "child_exited", data: { child: name, ...end } } };
}
