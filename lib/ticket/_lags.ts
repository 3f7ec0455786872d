/** @module */

import { type EditLag, editLagOf } from "./_edit_recovery.ts";
import { type FieldLag, fieldLagsOf } from "./_field_recovery.ts";
import type { FrontmatterChanges } from "./_frontmatter_edit.ts";
import type { TicketItem } from "./item.ts";
import type { LastWrites } from "./_last_writes.ts";
import { type StateLag, stateLagOf } from "./_recovery.ts";
import type { Thread } from "./thread.ts";

/** Everything that a thread has and its `item.md` has not. */
export interface Lags {
  readonly state: StateLag | undefined;
  readonly fields: readonly FieldLag[];
  /** Only told: what was edited stands nowhere. */
  readonly edit: EditLag | undefined;
}

/** Nothing lags. */
export const NO_LAGS: Lags = { state: undefined, fields: [], edit: undefined };

/**
 * What crashes kept from an item. All of it is found in the files as they are: making up for one part
 * moves the time of the item on, and hides the others.
 *
 * @param lastWrites Asked only where they decide.
 */
export function lagsOf(
  item: Pick<TicketItem, "fields" | "frontmatter">,
  thread: Pick<Thread, "events">,
  lastWrites: () => LastWrites,
): Lags {
  return {
    state: stateLagOf(item.fields, thread, lastWrites),
    fields: fieldLagsOf(item, thread, lastWrites),
    edit: editLagOf(item.fields, thread, lastWrites),
  };
}

/** What has to be written, at one go, to make up for state and fields; `undefined` for nothing. */
export function changesFor({ state, fields }: Lags): FrontmatterChanges | undefined {
  const all = [...state === undefined ? [] : [state], ...fields].map(({ changes }) => changes);
  if (all.length === 0) return undefined;
  // Times are written so that their order is that of their text.
  const times = all.map(({ updated_at }) => String(updated_at)).sort();
  return { ...Object.assign({}, ...all), updated_at: times.at(-1)! };
}
