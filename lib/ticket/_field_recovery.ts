/** @module */

import type { FrontmatterChanges } from "./_frontmatter_edit.ts";
import type { TicketItem } from "./item.ts";
import { isBare } from "./_recovery.ts";
import type { Thread } from "./thread.ts";
import type { FrontmatterValue } from "./ticket.ts";

/** A value that the thread has and `item.md` has not. */
export interface FieldLag {
  /** The key. */
  readonly field: string;
  /** What the last event says that it became; `null` for none. */
  readonly to: string | null;
  /** 1-based line of that event. */
  readonly line: number;
  /** What has to be written to `item.md` to make up for it. */
  readonly changes: FrontmatterChanges;
}

/**
 * What a crash left undone of a change of a field that is no state. It is looked for in the last event
 * only: whatever is recorded after a crash makes up for it first. A field goes back and
 * forth as people like, so equal times conclude nothing here.
 */
export function fieldLagOf(
  { fields, frontmatter }: Pick<TicketItem, "fields" | "frontmatter">,
  thread: Pick<Thread, "events">,
): FieldLag | undefined {
  const event = thread.events.at(-1);
  if (event?.kind !== "state_changed" || isBare(event)) return undefined;
  const { field, from, to } = event.attributes;
  if (field === undefined || !RECOVERED_FIELDS.has(field)) return undefined;
  if (from === undefined || to === undefined) return undefined;
  if (from === to || from !== recordedText(frontmatter[field])) return undefined;
  if (event.at === null || fields.updatedAt === null) return undefined;
  if (!(Date.parse(event.at) > Date.parse(fields.updatedAt))) return undefined;
  const value = to === ABSENT ? null : to;
  return { field, to: value, line: event.line, changes: { [field]: value, updated_at: event.at } };
}

/** Fields that operations set, each to one text or nothing; others may hold whatever somebody needs. */
const RECOVERED_FIELDS: ReadonlySet<string> = new Set(["priority", "assignee", "readiness"]);

/** How an absent value is recorded, since none may be blank there. */
export const ABSENT = "null";

/** A value as the record of its change names it, `undefined` where none can. */
function recordedText(value: FrontmatterValue | undefined): string | undefined {
  if (value === undefined || value === null || value === "") return ABSENT;
  return typeof value === "object" ? undefined : String(value);
}
