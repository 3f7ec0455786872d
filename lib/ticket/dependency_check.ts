/** @module */

import { type Blocker, describeBlocker } from "./relation_view.ts";
import type { TicketState } from "./states.ts";
import type { TicketProblem } from "./ticket.ts";

/** Whether a ticket can be queued, and what to do with it. */
export interface DependencyCheck {
  /** What is not resolved and has to be first. */
  readonly blockers: readonly Blocker[];
  /** Whether it is ready and nothing blocks it. */
  readonly canQueue: boolean;
  /** Why it cannot be queued; empty when it can. */
  readonly reasons: readonly string[];
  /** One sentence. */
  readonly nextAction: string;
  /** What could not be read, beside what could: it may say that another ticket comes first. */
  readonly problems: readonly TicketProblem[];
}

/**
 * What keeps a ticket from being queued, and what would bring it on.
 *
 * Source: tickets specification, section 14.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { checkDependencies } from "./dependency_check.ts";
 *
 * assertEquals(checkDependencies("ready", []).canQueue, true);
 * assertEquals(checkDependencies("planning", []).reasons, ["it is planning, not ready"]);
 * ```
 */
export function checkDependencies(
  state: TicketState,
  blockers: readonly Blocker[],
  problems: readonly TicketProblem[] = [],
): DependencyCheck {
  const reasons = [
    ...(state === "ready" ? [] : [`it is ${state}, not ready`]),
    ...blockers.map((blocker) => `it is blocked by ${describeBlocker(blocker)}`),
  ];
  const canQueue = reasons.length === 0;
  return { blockers, canQueue, reasons, nextAction: next(state, blockers, problems), problems };
}

/** States in which blockers stand in the way of the next step. */
const WAITING: ReadonlySet<TicketState> = new Set<TicketState>(["ready", "queued"]);

const NEXT_ACTION: Readonly<Record<TicketState, string>> = {
  planning: "Finish planning and make it ready with an intake summary.",
  ready: "Queue it.",
  queued: "Begin the work: move it to inprogress.",
  inprogress: "Finish the work: move it to done.",
  done: "Close it with a resolution.",
  closed: "Nothing is left to do.",
};

function next(
  state: TicketState,
  blockers: readonly Blocker[],
  problems: readonly TicketProblem[],
): string {
  if (!WAITING.has(state)) return NEXT_ACTION[state];
  if (blockers.length === 0) {
    const doubt = "Repair what cannot be read: it may name a ticket that comes first. ";
    return `${problems.length > 0 ? doubt : ""}${NEXT_ACTION[state]}`;
  }
  const ids = new Set(blockers.map((blocker) => blocker.blockingTicket));
  return `Resolve ${[...ids].join(", ")} first.`;
}
