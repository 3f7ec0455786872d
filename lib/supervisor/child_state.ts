/**
 * The state of one child, what can happen to it, and what is to be done about it.
 *
 * Source: supervisor specification, section 4; decisions 48 to 51.
 *
 * @module
 */

import type { ControlEvent } from "./control_protocol.ts";
import type { ChildEnd } from "./exit_code.ts";
import { NO_HISTORY, type RestartHistory, type RestartPolicy } from "./restart_policy.ts";
import type { ChildStatus, ChildStatusState, LastExit } from "./status.ts";
import type { SupervisorError } from "./supervisor_error.ts";

/**
 * Where a child stands:
 * - `waiting`: for its turn in the order of starts;
 * - `starting`: an incarnation is being spawned, or has yet to print its ready line;
 * - `running`: up, without a ready line; `ready`: up, its ready line was seen;
 * - `stopping`: its incarnation was asked to end and is not over yet;
 * - `backoff`: no incarnation; the next one comes after a wait;
 * - `exited`, `given_up`: no incarnation, and none to come unless a restart is requested;
 * - `idle`: a shutdown began before its turn came.
 */
export type ChildPhase =
  | "idle"
  | "waiting"
  | "starting"
  | "running"
  | "ready"
  | "stopping"
  | "backoff"
  | "exited"
  | "given_up";

/** Names somebody who waits for a restart. Each is used for one request only. */
export type WaiterId = number;

/** What is known about one child. Nothing in it is ever changed: a step makes a new one. */
export interface ChildState {
  /** The child's name. */
  readonly name: string;
  /** Where it stands. */
  readonly phase: ChildPhase;
  /** Number of the latest incarnation, counted from 1; 0 before the first. */
  readonly incarnation: number;
  /** Process id of the live incarnation, from when it was spawned until it is over. */
  readonly pid?: number | undefined;
  /** When the latest incarnation was spawned, in milliseconds since 1970; absent until it is. */
  readonly startedAt?: number | undefined;
  /** How the last incarnation that is over ended. */
  readonly lastExit?: LastExit | undefined;
  /** What counts for the next automatic restart. */
  readonly history: RestartHistory;
  /** Why the incarnation is being stopped; present while `stopping`. */
  readonly stopCause?: "restart" | "not_ready" | "shutdown" | undefined;
  /** Whether a shutdown began: no incarnation comes any more. */
  readonly isClosed: boolean;
  /** Whether the shutdown has no more patience: what is live is killed. */
  readonly isForced: boolean;
  /** Who waits for the incarnation that is being started, or comes next. */
  readonly waiters: readonly WaiterId[];
  /** The one more restart that was requested while a restart ran: who waits for it. */
  readonly queued?: readonly WaiterId[] | undefined;
}

/** What a step has to know about the child's configuration; a complete child configuration fits. */
export interface ChildPolicy extends RestartPolicy {
  /** Present when the child is up only once it has printed this. */
  readonly readyLine?: string;
  /** How long it may take to print it, in milliseconds. */
  readonly readyTimeoutMs: number;
}

/**
 * Something that happened to a child. What concerns one incarnation carries its number, and is
 * ignored when that incarnation is no longer the present one.
 */
export type ChildInput =
  /** All children that it starts after are up. */
  | { readonly type: "start" }
  /** The answer to the effect `spawn`: the process runs. */
  | { readonly type: "spawned"; readonly incarnation: number; readonly pid: number }
  /** The other answer: there is no process, and nothing is left of the attempt. */
  | {
    readonly type: "spawn_failed";
    readonly incarnation: number;
    /** 127, 126, or 1 for reasons that shells have no code for. */
    readonly code: number;
    /** What went wrong, for people. */
    readonly message: string;
  }
  /** It printed its ready line. */
  | { readonly type: "ready"; readonly incarnation: number }
  /** The timer `ready` ran out. */
  | { readonly type: "ready_overdue"; readonly incarnation: number }
  /** The process ended, its pipes are closed and its pumps are settled. */
  | {
    readonly type: "over";
    readonly incarnation: number;
    readonly code: number;
    readonly signal: string | null;
    /** From its spawn to the exit of the process, in milliseconds. */
    readonly ranMs: number;
  }
  /** The timer `backoff` ran out; with the number that `start_timer` gave. */
  | { readonly type: "backoff_over"; readonly incarnation: number }
  /** Somebody wants a new incarnation, and perhaps waits for it. */
  | { readonly type: "restart"; readonly waiter?: WaiterId | undefined }
  /** A shutdown began: nothing is started any more, what is live goes on until `stop`. */
  | { readonly type: "close" }
  /** The child's turn in the shutdown: `close`, and what is live is stopped; `isForced`: killed. */
  | { readonly type: "stop"; readonly isForced?: boolean | undefined };

/** What becomes of those who waited for a restart. */
export type WaiterOutcome =
  | { readonly kind: "started" }
  | { readonly kind: "rejected"; readonly error: SupervisorError };

/** Something to be done for a child, in the given order. */
export type ChildEffect =
  /** Spawn the incarnation of that number; answered by `spawned` or `spawn_failed`. */
  | { readonly type: "spawn"; readonly incarnation: number }
  /** Stop it (`isForced`: kill it at once); answered by `over`. May come twice, then forced. */
  | { readonly type: "stop_incarnation"; readonly incarnation: number; readonly isForced: boolean }
  /** Start a timer; answered by `backoff_over` or `ready_overdue` with that number. */
  | {
    readonly type: "start_timer";
    readonly timer: "backoff" | "ready";
    readonly incarnation: number;
    readonly ms: number;
  }
  /** Clear that timer. */
  | { readonly type: "clear_timer"; readonly timer: "backoff" | "ready" }
  /** Tell the world. */
  | { readonly type: "emit"; readonly event: ControlEvent }
  /** Settle the requests of these waiters. */
  | {
    readonly type: "settle_waiters";
    readonly ids: readonly WaiterId[];
    readonly outcome: WaiterOutcome;
  }
  /**
   * No incarnation is live and none comes by itself. `isAsked`: because of a shutdown. A restart that
   * is requested afterwards takes it back.
   */
  | ({ readonly type: "ended_for_good"; readonly isAsked: boolean } & ChildEnd);

/** A child after an input, and what is to be done now, in this order. */
export interface ChildStep {
  /** The child from now on. */
  readonly state: ChildState;
  /** What is to be done. */
  readonly effects: readonly ChildEffect[];
}

/** A child whose turn to start has not come. */
export function initialChild(name: string): ChildState {
  return {
    name,
    phase: "waiting",
    incarnation: 0,
    history: NO_HISTORY,
    isClosed: false,
    isForced: false,
    waiters: [],
  };
}

/** Whether the children that start after it may start. */
export function isUp(state: ChildState): boolean {
  return state.phase === "running" || state.phase === "ready";
}

/** Whether an incarnation is being spawned or is not over yet. */
export function isLive(state: ChildState): boolean {
  return isUp(state) || state.phase === "starting" || state.phase === "stopping";
}

/** Whether nothing is live and nothing comes by itself. */
export function isAtRest(state: ChildState): boolean {
  return state.phase === "idle" || state.phase === "exited" || state.phase === "given_up";
}

/** What the child's status says. */
export function statusOf(state: ChildState): ChildStatus {
  const { name, pid, incarnation, startedAt, lastExit } = state;
  return {
    name,
    state: STATUS_STATES[state.phase],
    ...(pid === undefined ? {} : { pid }),
    incarnation,
    restarts: Math.max(0, incarnation - 1),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(lastExit === undefined ? {} : { lastExit }),
  };
}

const STATUS_STATES: Readonly<Record<ChildPhase, ChildStatusState>> = {
  idle: "exited",
  waiting: "starting",
  starting: "starting",
  running: "running",
  ready: "ready",
  stopping: "stopping",
  backoff: "backoff",
  exited: "exited",
  given_up: "given_up",
};
