/**
 * Whether two branches took one ticket to two states.
 *
 * Source: decision 30.
 *
 * @module
 */

import type { EventPair, EventPairs } from "./_event_pairs.ts";
import { meaningOfKind } from "./event_kinds.ts";
import type { DivergedState } from "./merge_lines.ts";
import { isBare, isStateChange } from "./_recovery.ts";
import { stateNamed } from "./states.ts";
import type { ThreadEvent } from "./thread.ts";

/**
 * The two states that the sides of a thread end in, where both sides changed the state since they
 * parted and the merge of `item.md` need not notice: there a side that went away and came back
 * (closed, reopened, closed again) looks as if it had done nothing, and the other one wins in silence.
 * `undefined` where the sides agree, where only one of them changed the state, or where both states
 * are new, which `item.md` says by itself.
 *
 * @param base Events of the common ancestor.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { divergedState } from "./_diverged_state.ts";
 * import { pairEvents } from "./_event_pairs.ts";
 * import { parseThread } from "./thread.ts";
 *
 * const change = (from: string, to: string) =>
 *   `<!-- event: state_changed from: ${from} to: ${to} field: state -->\n\n---\n`;
 * const ours = parseThread(change("ready", "planning") + change("planning", "ready")).events;
 * const theirs = parseThread(change("ready", "queued")).events;
 * const diverged = divergedState([], pairEvents([], ours, theirs));
 * assertEquals(diverged, { ours: "ready", theirs: "queued" });
 * ```
 */
export function divergedState(
  base: readonly ThreadEvent[],
  pairs: EventPairs,
): DivergedState | undefined {
  const hasOwn = pairs.ours.some((pair) => !pair.base && !pair.theirs && isChange(pair.ours)) &&
    pairs.theirs.some((pair) => !pair.base && !pair.ours && isChange(pair.theirs));
  if (!hasOwn) return undefined;
  const before = lastState(base);
  const ours = lastState(pairs.ours.flatMap((pair) => pair.ours?.event ?? []));
  const theirs = lastState(pairs.theirs.flatMap((pair) => pair.theirs?.event ?? []));
  if (ours === undefined || theirs === undefined || ours === theirs) return undefined;
  const starts = [
    ...startStates(pairs.ours.find(isNewChange("ours"))?.ours?.event, before),
    ...startStates(pairs.theirs.find(isNewChange("theirs"))?.theirs?.event, before),
  ];
  // Where nobody knows what it was before, telling it twice is better than never.
  const isKnown = starts.length > 0 && !starts.includes(ours) && !starts.includes(theirs);
  return isKnown ? undefined : { ours, theirs };
}

function isChange(side: EventPair["ours"]): boolean {
  return side !== undefined && stateToldBy(side.event) !== undefined;
}

function isNewChange(side: "ours" | "theirs"): (pair: EventPair) => boolean {
  return (pair) => pair.base === undefined && isChange(pair[side]);
}

function lastState(events: readonly ThreadEvent[]): string | undefined {
  return events.map(stateToldBy).findLast((state) => state !== undefined);
}

/**
 * What the state may have been before the first change since the sides parted. The change itself knows
 * better than the thread, for a person can have edited `item.md`; closing again names no state.
 */
function startStates(first: ThreadEvent | undefined, before: string | undefined): string[] {
  const { from } = first?.attributes ?? {};
  if (from !== undefined) return [stateNamed(from) ?? from];
  return before === undefined ? [] : [before, "closed"];
}

/**
 * The state that an event says the ticket got to. Before June 2026 closing left a `close` event only,
 * and a change that names no field can be of nothing else.
 */
function stateToldBy(event: ThreadEvent): string | undefined {
  if (meaningOfKind(event.kind) === "close") return "closed";
  const { field, to = "" } = event.attributes;
  const isUnnamed = event.kind === "state_changed" && field === undefined && !isBare(event);
  const isTold = to.trim() !== "" && (isUnnamed || isStateChange(event));
  return isTold ? stateNamed(to) ?? to : undefined;
}
