/**
 * The states of a ticket and the ways between them, as data.
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

/** Where a ticket stands. */
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

/** Whether nothing waits for a ticket of this state any more. */
export function isResolved(state: TicketState): boolean {
  return state === "done" || state === "closed";
}

/** What takes a ticket along a way: `transition` is the plain one, the others ask for more. */
export type TransitionOperation = "intake_ready" | "queue" | "transition" | "close" | "reopen";

/** What has to hold before a ticket goes along a way. */
export type TransitionGate = "intake_summary" | "no_unresolved_blocker" | "reason";

/** One way between two states. */
export interface Transition {
  /** Where the way begins. */
  readonly from: TicketState;
  /** Where it ends. */
  readonly to: TicketState;
  /** What goes this way. */
  readonly operation: TransitionOperation;
  /** What has to hold before; none when absent. */
  readonly gate?: TransitionGate;
}

/** Every way there is. `closed` to `closed` is closing again. */
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

/** The way from one state to another, `undefined` when there is none. */
export function transitionBetween(from: TicketState, to: TicketState): Transition | undefined {
  return TRANSITIONS.find((way) => way.from === from && way.to === to);
}
