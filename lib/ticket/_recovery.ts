/** @module */

import type { FrontmatterChanges } from "./_frontmatter_edit.ts";
import type { Thread } from "./thread.ts";
import { isTicketState, type TicketState, transitionBetween } from "./states.ts";
import type { TicketFields } from "./ticket.ts";

/** A state that the thread has and `item.md` has not. */
export interface StateLag {
  /** What `item.md` says. */
  readonly from: TicketState;
  /** What the last recorded change of state says. */
  readonly to: TicketState;
  /** 1-based line of that event. */
  readonly line: number;
  /** What has to be written to `item.md` to make up for it. */
  readonly changes: FrontmatterChanges;
}

/**
 * What a crash between the two writes of a transition left undone: the thread got its
 * `state_changed`, `item.md` did not get the state. `undefined` when nothing is to be done, which
 * includes every difference that looks like the edit of a person.
 *
 * The item of a crashed transition is older than its event. Seconds are coarse: where both times
 * are equal, it counts as a crash only when something else was recorded in that second too, for
 * without a second change in it the transition itself must have set the time; and only when each
 * change of state goes on from the one before, for two branches that were merged have two histories.
 *
 * Source: decision 37; tickets specification, section 12, row 4.
 *
 * @example
 * ```ts
 * import { lagOf } from "./_recovery.ts";
 * import { parseThread } from "./thread.ts";
 * const thread = parseThread(
 *   "<!-- event: state_changed author: alice at: 2026-06-02T00:00:00Z from: queued to: inprogress" +
 *     " reason: start field: state -->\n\n## State changed\n\nGo.\n\n---\n",
 * );
 * const lag = lagOf({ state: "queued", updatedAt: "2026-06-01T00:00:00Z" }, thread);
 * if (lag?.to !== "inprogress") throw new Error("not seen");
 * if (lagOf({ state: "queued", updatedAt: "2026-06-03T00:00:00Z" }, thread)) {
 *   throw new Error("somebody edited this ticket afterwards");
 * }
 * ```
 */
export function lagOf(
  fields: Pick<TicketFields, "state" | "updatedAt">,
  thread: Pick<Thread, "events">,
): StateLag | undefined {
  const index = thread.events.findLastIndex(isStateChange);
  const event = thread.events[index];
  if (event === undefined || event.at === null || fields.updatedAt === null) return undefined;
  const { from, to } = event.attributes;
  if (from !== fields.state || !isTicketState(to) || to === from) return undefined;
  if (transitionBetween(fields.state, to) === undefined) return undefined;
  const [recorded, updated] = [Date.parse(event.at), Date.parse(fields.updatedAt)];
  // Times that cannot be compared are someone's own: nothing is concluded from them.
  if (!(recorded >= updated)) return undefined;
  if (recorded === updated) {
    const isOneHistory = goesOnFromEachOther(thread.events.filter(isStateChange));
    if (!isOneHistory || !hasOtherChangeAt(event.at, thread.events.slice(0, index))) {
      return undefined;
    }
  }
  const changes = stateFields(to, event.at, event.author ?? "unknown");
  return { from: fields.state, to, line: event.line, changes };
}

/** The frontmatter of a ticket that gets to a state: who queued it stays only while it is queued on. */
export function stateFields(to: TicketState, at: string, author: string): FrontmatterChanges {
  const fields = { state: to, updated_at: at };
  if (to === "queued") return { ...fields, queued_by: author, queued_at: at };
  if (to === "planning") return { ...fields, queued_by: undefined, queued_at: undefined };
  return fields;
}

type EventRow = Thread["events"][number];

function isStateChange({ kind, attributes }: EventRow): boolean {
  return kind === "state_changed" &&
    (attributes["field"] === "state" || attributes["field"] === "workflow_state");
}

function goesOnFromEachOther(changes: readonly EventRow[]): boolean {
  return changes.every(({ attributes: { from } }, index) => {
    const before = changes[index - 1]?.attributes["to"];
    return before === undefined || before === from;
  });
}

/** Whether something was recorded at a time that is not the summary belonging to the change itself. */
function hasOtherChangeAt(at: string, earlier: readonly EventRow[]): boolean {
  const others = earlier.at(-1)?.kind === "intake_summary" ? earlier.slice(0, -1) : earlier;
  return others.some((event) => event.at === at);
}
