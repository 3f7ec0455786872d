/**
 * The states of a ticket and the transitions between them, as data.
 *
 * Source: tickets specification, section 5.
 *
 * @module
 */

/** Every state, in the order of a ticket's life. */
export const TICKET_STATES = [
  "planning",
  "ready",
  "queued",
  "inprogress",
  "done",
  "closed",
] as const;

/** State of a ticket. */
export type TicketState = typeof TICKET_STATES[number];

/** Whether a word names a state. */
export function isTicketState(word: unknown): word is TicketState {
  return (TICKET_STATES as readonly unknown[]).includes(word);
}

/**
 * The state that a word in a record means, `undefined` when it means none. Records from before June
 * 2026 say `intake` for `planning`.
 */
export function stateNamed(word: string): TicketState | undefined {
  if (word === "intake") return "planning";
  return isTicketState(word) ? word : undefined;
}

/** Whether a ticket in this state no longer blocks others. */
export function isResolved(state: TicketState): boolean {
  return state === "done" || state === "closed";
}

/**
 * The operation that makes a transition: `transition` is the plain one, the others require more.
 */
export type TransitionOperation = "intake_ready" | "queue" | "transition" | "close" | "reopen";

/** What a transition requires. */
export type TransitionGate = "intake_summary" | "no_unresolved_blocker" | "reason";

/** A transition between two states. */
export interface Transition {
  /** The state before. */
  readonly from: TicketState;
  /** The state after. */
  readonly to: TicketState;
  /** The operation that makes it. */
  readonly operation: TransitionOperation;
  /** What it requires; nothing if absent. */
  readonly gate?: TransitionGate;
}

/** Every transition. `closed` to `closed` is closing again. */
export const TRANSITIONS: readonly Transition[] = [
  { from: "planning", to: "ready", operation: "intake_ready", gate: "intake_summary" },
  { from: "ready", to: "queued", operation: "queue", gate: "no_unresolved_blocker" },
  { from: "queued", to: "inprogress", operation: "transition", gate: "no_unresolved_blocker" },
  { from: "inprogress", to: "done", operation: "transition" },
  { from: "ready", to: "planning", operation: "transition" },
  { from: "queued", to: "planning", operation: "transition" },
  ...TICKET_STATES.map((from): Transition => ({ from, to: "closed", operation: "close" })),
  { from: "closed", to: "planning", operation: "reopen", gate: "reason" },
];

/** The transition from one state to another, `undefined` if there is none. */
export function transitionBetween(from: TicketState, to: TicketState): Transition | undefined {
  return TRANSITIONS.find((way) => way.from === from && way.to === to);
}
