/** What a crash left of an edit of `item.md`: nobody can say what it was, only that. @module */

import { itemEditBody } from "./event_kinds.ts";
import { hasThreadGrown, isThreadNewer, type LastWrites } from "./_last_writes.ts";
import type { Thread, ThreadEvent } from "./thread.ts";
import type { TicketFields } from "./ticket.ts";

/** An edit that the thread has recorded and `item.md` has probably not got. */
export interface EditLag {
  /** 1-based line of its event. */
  readonly line: number;
}

/**
 * The edit that a crash kept from the item, if it is the last thing recorded: the item is older than
 * its event, or within the same second older than the thread. There is nothing in the item to compare,
 * so the times of the files count only where it is known that they are no checkout's.
 *
 * @param lastWrites Asked only where they decide.
 */
export function editLagOf(
  { updatedAt }: Pick<TicketFields, "updatedAt">,
  thread: Pick<Thread, "events">,
  lastWrites: () => LastWrites,
): EditLag | undefined {
  const event = thread.events.at(-1);
  if (event?.kind !== EDIT || event.at === null || updatedAt === null) return undefined;
  const [recorded, updated] = [Date.parse(event.at), Date.parse(updatedAt)];
  if (!(recorded >= updated)) return undefined;
  if (recorded === updated) {
    const times = lastWrites();
    if (!isThreadNewer(times, thread) || !hasThreadGrown(times)) return undefined;
  }
  return { line: event.line };
}

/** Whether an event may tell of new values in the frontmatter, beside the title. */
export function doesEditFields({ kind, body }: ThreadEvent): boolean {
  // Whatever is not in our own words may mean anything.
  return kind === EDIT && !OTHER_EDITS.has(body.trim());
}

const EDIT = "item_edit";

/** What is recorded of edits that touch no field but the title. */
const OTHER_EDITS: ReadonlySet<string> = new Set(
  ([["title"], ["body"], ["title", "body"]] as const).flatMap((parts) =>
    (["english", "japanese"] as const).map((language) => itemEditBody(parts, language))
  ),
);
