/**
 * Fields that are no state, where `item.md` does not hold what the thread says of them.
 *
 * Source: decision 37.
 *
 * @module
 */

import { doesEditFields } from "./_edit_recovery.ts";
import type { FrontmatterChanges } from "./_frontmatter_edit.ts";
import type { TicketItem } from "./item.ts";
import { isThreadNewer, type LastWrites } from "./_last_writes.ts";
import { OBSOLETE_KEYS } from "./_obsolete_keys.ts";
import { areOfTwoBranches, goesOnFromEachOther, isBare } from "./_recovery.ts";
import type { Thread, ThreadEvent } from "./thread.ts";
import type { FrontmatterValue } from "./ticket.ts";

/** A value that the thread has and `item.md` has not. */
export interface FieldLag {
  /** The key. */
  readonly field: string;
  /** What its last change says that it became; `null` for none. */
  readonly to: string | null;
  /** 1-based line of that event. */
  readonly line: number;
  /** What has to be written to `item.md` to make up for it. */
  readonly changes: FrontmatterChanges;
}

/** A value that is not the one of its last change, for whatever reason. */
export interface FieldDifference {
  /** The key. */
  readonly field: string;
  /** What `item.md` says; `null` for nothing. */
  readonly held: string | null;
  /** What its last change says; `null` for nothing. */
  readonly recorded: string | null;
  /** 1-based line of that event. */
  readonly line: number;
}

/**
 * What crashes left undone of changes of fields that are no state, each looked for in the last change
 * of its field. As with a state, the item of a crashed change is older than its event; within one
 * second the times of the files decide, and of the last event only: whoever recorded another one
 * after a crash has made up for it, so what differs since then is somebody's.
 *
 * @param lastWrites Asked only where they decide.
 */
export function fieldLagsOf(
  { fields, frontmatter }: Pick<TicketItem, "fields" | "frontmatter">,
  thread: Pick<Thread, "events">,
  lastWrites: () => LastWrites,
): readonly FieldLag[] {
  const updated = Date.parse(fields.updatedAt ?? "");
  const edited = lineOfLastEdit(thread);
  return [...historiesOf(thread)].flatMap(([field, history]) => {
    const own = history.filter((event) => !isBare(event));
    const event = own.at(-1);
    if (event === undefined || event.at === null || event.line < edited) return [];
    const { from, to } = event.attributes;
    if (!RECOVERED_FIELDS.has(field) || from === undefined || to === undefined) return [];
    if (from === to || from !== recordedText(frontmatter[field])) return [];
    const recorded = Date.parse(event.at);
    // Times that cannot be compared conclude nothing.
    if (!(recorded >= updated)) return [];
    if (areOfTwoBranches(own)) return [];
    if (recorded === updated) {
      if (event !== thread.events.at(-1) || !goesOnFromEachOther(own)) return [];
      if (!isThreadNewer(lastWrites(), thread)) return [];
    }
    const value = valueRecorded(to);
    const changes = { [field]: value, updated_at: event.at };
    return [{ field, to: value, line: event.line, changes }];
  });
}

/**
 * Fields that differ from their last change, whether a crash or somebody has done it. Left out is what
 * the thread explains: an edit of the frontmatter since then, a change made elsewhere, another branch
 * whose value was kept in a merge.
 */
export function fieldDifferences(
  { frontmatter }: Pick<TicketItem, "frontmatter">,
  thread: Pick<Thread, "events">,
): readonly FieldDifference[] {
  const edited = lineOfLastEdit(thread);
  return [...historiesOf(thread)].flatMap(([field, history]) => {
    const event = history.findLast((event) => !isBare(event));
    const recorded = event?.attributes["to"];
    const held = recordedText(frontmatter[field]);
    if (event === undefined || recorded === undefined || held === undefined) return [];
    const { line } = event;
    if (held === recorded || line < edited || endsIn(held, history)) return [];
    return [{ field, held: valueRecorded(held), recorded: valueRecorded(recorded), line }];
  });
}

/** Fields that operations set, each to one text or nothing; others may hold whatever somebody needs. */
const RECOVERED_FIELDS: ReadonlySet<string> = new Set(["priority", "assignee", "readiness"]);

/** Fields with rules of their own, or that change without a record of what they become. */
const OTHERS: ReadonlySet<string> = new Set([
  ...OBSOLETE_KEYS,
  "state",
  "title",
  "created_at",
  "updated_at",
  "queued_by",
  "queued_at",
]);

/** How an absent value is recorded, since none may be blank there. */
export const ABSENT = "null";

/** The changes of each field, those made elsewhere as well. */
function historiesOf(
  { events }: Pick<Thread, "events">,
): ReadonlyMap<string, readonly ThreadEvent[]> {
  const histories = new Map<string, ThreadEvent[]>();
  for (const event of events) {
    const { field } = event.attributes;
    if (event.kind !== "state_changed" || field === undefined || OTHERS.has(field)) continue;
    const history = histories.get(field);
    if (history === undefined) histories.set(field, [event]);
    else history.push(event);
  }
  return histories;
}

/** Whether a value is one that a change led to and none went on from. */
function endsIn(value: string, history: readonly ThreadEvent[]): boolean {
  const last = history.findLastIndex(({ attributes: { from, to } }) =>
    from === value || to === value
  );
  return history[last]?.attributes["to"] === value;
}

/** Line of the last event that may have set fields without saying to what; 0 for none. */
function lineOfLastEdit({ events }: Pick<Thread, "events">): number {
  return events.findLast(doesEditFields)?.line ?? 0;
}

/** A value as the record of its change names it, `undefined` where none can. */
function recordedText(value: FrontmatterValue | undefined): string | undefined {
  if (value === undefined || value === null || value === "") return ABSENT;
  return typeof value === "object" ? undefined : String(value);
}

function valueRecorded(text: string): string | null {
  return text === ABSENT ? null : text;
}
