/** @module */

import type { FrontmatterChanges } from "./_frontmatter_edit.ts";
import { isThreadNewer, type LastWrites } from "./_last_writes.ts";
import type { Thread, ThreadEvent } from "./thread.ts";
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
 * The item of a crashed transition is older than its event. Seconds are coarse: where both times are
 * equal, another change may have set the item's in the same second, or the transition itself, and then
 * somebody has edited the state since. The times of the files tell that, as long as they are those of
 * the writes: a checkout or a copy sets them anew, and then it counts as an edit, which is never
 * undone; each change of state has to go on from the one before as well. Of two branches that were
 * merged nothing is concluded at all: whoever kept the item of one of them has decided against the
 * other's state.
 *
 * Source: decision 37; tickets specification, section 12, row 4.
 *
 * @param lastWrites Asked only where they decide.
 *
 * @example
 * ```ts
 * import { stateLagOf } from "./_recovery.ts";
 * import { parseThread } from "./thread.ts";
 * const thread = parseThread(
 *   "<!-- event: state_changed author: alice at: 2026-06-02T00:00:00Z from: queued to: inprogress" +
 *     " reason: start field: state -->\n\n## State changed\n\nGo.\n\n---\n",
 * );
 * const unknown = () => ({ item: null, thread: null, threadMade: null });
 * const lag = stateLagOf({ state: "queued", updatedAt: "2026-06-01T00:00:00Z" }, thread, unknown);
 * if (lag?.to !== "inprogress") throw new Error("not seen");
 * if (stateLagOf({ state: "queued", updatedAt: "2026-06-03T00:00:00Z" }, thread, unknown)) {
 *   throw new Error("somebody edited this ticket afterwards");
 * }
 * ```
 */
export function stateLagOf(
  fields: Pick<TicketFields, "state" | "updatedAt">,
  thread: Pick<Thread, "events">,
  lastWrites: () => LastWrites,
): StateLag | undefined {
  const history = thread.events.filter(isStateChange);
  const event = history.at(-1);
  if (event === undefined || event.at === null || fields.updatedAt === null) return undefined;
  const { from, to } = event.attributes;
  if (from !== fields.state || !isTicketState(to) || to === from) return undefined;
  if (transitionBetween(fields.state, to) === undefined) return undefined;
  const [recorded, updated] = [Date.parse(event.at), Date.parse(fields.updatedAt)];
  // Times that cannot be compared are someone's own: nothing is concluded from them.
  if (!(recorded >= updated)) return undefined;
  if (areOfTwoBranches(history)) return undefined;
  if (recorded === updated) {
    if (!goesOnFromEachOther(history) || !isThreadNewer(lastWrites(), thread)) return undefined;
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

/** The attribute of an event that tells of a change made elsewhere, which is nobody's to make up for. */
export const BARE_ATTRIBUTE = ["applied", "elsewhere"] as const;

/** Whether an event tells of a change that was made elsewhere. */
export function isBare({ attributes }: Pick<ThreadEvent, "attributes">): boolean {
  const [name, value] = BARE_ATTRIBUTE;
  return attributes[name] === value;
}

/** Whether an event records that this ticket's state changed, not another field or elsewhere. */
export function isStateChange(event: Pick<ThreadEvent, "kind" | "attributes">): boolean {
  const { field } = event.attributes;
  return event.kind === "state_changed" && !isBare(event) &&
    (field === "state" || field === "workflow_state");
}

/**
 * Whether changes come from two branches: one begins where an earlier one began or led to, and not
 * where the one right before it led to. A value that none of them knows comes from something that
 * left no change, such as the closing of a v1 ticket or an edit.
 */
export function areOfTwoBranches(changes: readonly ThreadEvent[]): boolean {
  const known = new Set<string | undefined>();
  return changes.some(({ attributes: { from, to } }, index) => {
    const before = changes[index - 1]?.attributes["to"];
    const beginsEarlier = before !== undefined && before !== from && known.has(from);
    known.add(from).add(to);
    return beginsEarlier;
  });
}

/** Whether each change begins with what the one before led to. */
export function goesOnFromEachOther(changes: readonly ThreadEvent[]): boolean {
  return changes.every(({ attributes: { from } }, index) => {
    const before = changes[index - 1]?.attributes["to"];
    return before === undefined || before === from;
  });
}
