/** @module */

import { type Blocker, describeBlocker } from "./relation_view.ts";
import type { TicketState } from "./states.ts";
import type { TicketProblem } from "./ticket.ts";

/** Whether a ticket can be queued, and what to do next. */
export interface DependencyCheck {
  /** Unresolved tickets that have to come first. */
  readonly blockers: readonly Blocker[];
  /** Whether the ticket is ready and nothing blocks it. */
  readonly canQueue: boolean;
  /** Why it cannot be queued; empty when it can. */
  readonly reasons: readonly string[];
  /** What to do next, in one sentence. */
  readonly nextAction: string;
  /** What could not be read; it may name a further blocker. */
  readonly problems: readonly TicketProblem[];
}

/** What decides beside the state of a ticket and its blockers. */
export interface DependencyFacts {
  /** What could not be read of the ticket itself: it is not queued before that is repaired. */
  readonly own?: readonly TicketProblem[];
  /** What could not be read of other tickets: a blocker may be among it, which stops nobody. */
  readonly others?: readonly TicketProblem[];
  /** Whether it is of the first generation: its state changes only after a migration. */
  readonly isFirstGeneration?: boolean;
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
  facts: DependencyFacts = {},
): DependencyCheck {
  const { own = [], others = [], isFirstGeneration = false } = facts;
  const reasons = [
    ...(state === "ready" ? [] : [`it is ${state}, not ready`]),
    ...(isFirstGeneration ? ["it is a v1 ticket, whose state changes after a migration"] : []),
    ...own.map(({ path, reason }) => `"${path}" cannot be read: ${reason}`),
    ...blockers.map((blocker) => `it is blocked by ${describeBlocker(blocker)}`),
  ];
  return {
    blockers,
    canQueue: reasons.length === 0,
    reasons,
    nextAction: obstacle(state, facts) ?? next(state, blockers, others),
    problems: [...own, ...others],
  };
}

/** What has to be done before anything else; nothing where nothing is left to do. */
function obstacle(
  state: TicketState,
  { own = [], isFirstGeneration }: DependencyFacts,
): string | undefined {
  if (state === "closed") return undefined;
  if (isFirstGeneration) return "Migrate the tickets first: `yoi ticket migrate`.";
  // Work that has begun goes on without its relations, but never without its thread.
  const hasBegun = state === "inprogress" || state === "done";
  const paths = own.map(({ path }) => path)
    .filter((path) => !hasBegun || path.endsWith("/thread.md"));
  return paths.length > 0
    ? `Repair ${paths.map((path) => `"${path}"`).join(" and ")} first.`
    : undefined;
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
