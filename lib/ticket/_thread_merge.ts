/**
 * Merges two descendants of a thread event by event: what both sides appended is there once, in the
 * order of time, and what one side edited stays edited.
 *
 * Source: decision 30; tickets specification, section 12, row 17.
 *
 * @module
 */

import { conflictText } from "./_conflict_text.ts";
import { divergedState } from "./_diverged_state.ts";
import { mendedText } from "./_event_joint.ts";
import { contentKey, type EventPair, pairEvents } from "./_event_pairs.ts";
import type { TextMerge, ThreeVersions } from "./merge_lines.ts";
import { parseThread, type Thread, type ThreadEvent } from "./thread.ts";
import { chooseThreeWay } from "./_three_way.ts";

/**
 * Merges two descendants of a thread; an empty `base` is none.
 *
 * Events that both sides know are the frame. Between two of them stand the events that only one side
 * has, by their `at`, ours first when equal; each side's own order is kept, whatever its times say.
 * The same event on both sides is there once. Separators are mended where events become neighbours
 * that were none; all other text stays as it was.
 *
 * @returns the merged text, and whether a person has to decide something:
 * - both sides edited one event in different ways, or a side removed one: the text then holds git's
 *   conflict markers around the lines in question;
 * - both sides changed the state, to different ones, and `item.md` may not show it: `states` says
 *   which. Every event of both sides happened, so there is nothing to choose in the thread; markers
 *   would only make text of it that no reader understands. The choice is that of `state` in `item.md`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { appendixTo } from "./event_text.ts";
 * import { parseThread } from "./thread.ts";
 * import { mergeThreads } from "./_thread_merge.ts";
 *
 * const event = { kind: "comment", author: "alice", heading: "Comment" };
 * const base = appendixTo("", [{ ...event, at: "2026-06-01T00:00:00Z", body: "first" }]);
 * const ours = base + appendixTo(base, [{ ...event, at: "2026-06-01T00:00:02Z", body: "third" }]);
 * const theirs = base + appendixTo(base, [{ ...event, at: "2026-06-01T00:00:01Z", body: "second" }]);
 *
 * const merged = mergeThreads({ base, ours, theirs });
 * assertEquals(merged.conflict, false);
 * const bodies = parseThread(merged.text).events.map(({ body }) => body);
 * assertEquals(bodies, ["first", "second", "third"]);
 * ```
 */
export function mergeThreads(versions: ThreeVersions): TextMerge {
  const whole = chooseThreeWay(versions, Object.is);
  if (whole.kind === "value") return { text: whole.value, conflict: false };

  const threads = {
    base: parseThread(versions.base),
    ours: parseThread(versions.ours),
    theirs: parseThread(versions.theirs),
  };
  const pairs = pairEvents(threads.base.events, threads.ours.events, threads.theirs.events);
  const order = mergedOrder(pairs.ours, pairs.theirs);
  const preamble = mergedPreamble(threads, order.length > 0);
  const pieces = [preamble];
  order.forEach((pair, index) => {
    const neighbours = { next: order[index + 1], ours: pairs.ours, theirs: pairs.theirs };
    pieces.push(mergedEvent(pair, neighbours));
  });
  const text = pieces.map((piece) => piece.text).join("");
  const states = divergedState(threads.base.events, pairs);
  return states === undefined
    ? { text, conflict: pieces.some((piece) => piece.conflict) }
    : { text, conflict: true, states };
}

/** Interleaves both sides; pairs that both have are where the sides meet. */
function mergedOrder(ours: readonly EventPair[], theirs: readonly EventPair[]): EventPair[] {
  const order = new Set<EventPair>();
  const oursTimes = times(ours, "ours");
  const theirsTimes = times(theirs, "theirs");
  let our = 0;
  let their = 0;
  for (;;) {
    while (our < ours.length && order.has(ours[our]!)) our++;
    while (their < theirs.length && order.has(theirs[their]!)) their++;
    const one = ours[our];
    const other = theirs[their];
    if (one === undefined && other === undefined) return [...order];
    order.add(comesFirst(one, oursTimes[our], other, theirsTimes[their]) ? one! : other!);
  }
}

/** Whether our next event comes before theirs. */
function comesFirst(
  one: EventPair | undefined,
  oneTime = 0,
  other: EventPair | undefined,
  otherTime = 0,
): boolean {
  if (one === undefined || other === undefined) return one !== undefined;
  const oneIsShared = one.theirs !== undefined;
  const otherIsShared = other.ours !== undefined;
  // Where the sides order shared events differently, our order counts.
  if (oneIsShared && otherIsShared) return true;
  if (oneIsShared || otherIsShared) return otherIsShared;
  return oneTime <= otherTime;
}

/** Milliseconds of each event; an event without a readable time stays with the one before it. */
function times(pairs: readonly EventPair[], side: "ours" | "theirs"): number[] {
  let last = -Infinity;
  return pairs.map((pair) => {
    const time = Date.parse(pair[side]?.event.at ?? "");
    return Number.isNaN(time) ? last : last = time;
  });
}

/** What stands behind an event, in the result and on both sides. */
interface Neighbours {
  readonly next: EventPair | undefined;
  readonly ours: readonly EventPair[];
  readonly theirs: readonly EventPair[];
}

function mergedEvent(pair: EventPair, neighbours: Neighbours): TextMerge {
  const { base, ours, theirs } = pair;
  const isLast = neighbours.next === undefined;
  const isRemoved = base !== undefined && (ours === undefined || theirs === undefined);
  const isOursGood = ours !== undefined && (theirs === undefined || ours.key === theirs.key ||
    theirs.key === base?.key);
  const isTheirsGood = theirs !== undefined && (ours === undefined || ours.key === theirs.key ||
    ours.key === base?.key);
  if (isRemoved || !(isOursGood || isTheirsGood)) {
    const [one, other] = [ours, theirs].map((side) => mendedOrNothing(side?.event, isLast));
    return { text: conflictText(one!, other!), conflict: true };
  }
  // Text stays as it is where the same event follows as before.
  if (isOursGood && neighbours.ours[ours.index + 1] === neighbours.next) {
    return { text: ours.event.raw, conflict: false };
  }
  if (isTheirsGood && neighbours.theirs[theirs.index + 1] === neighbours.next) {
    return { text: theirs.event.raw, conflict: false };
  }
  const good = isOursGood ? ours : theirs;
  return { text: mendedOrNothing(good?.event, isLast), conflict: false };
}

function mendedOrNothing(event: ThreadEvent | undefined, isLast: boolean): string {
  return event === undefined ? "" : mendedText(event.raw, isLast);
}

function mergedPreamble(
  threads: Readonly<Record<"base" | "ours" | "theirs", Thread>>,
  hasEvents: boolean,
): TextMerge {
  const { base, ours, theirs } = threads;
  const choice = chooseThreeWay<Thread>(
    { base, ours, theirs },
    (one, other) => contentKey(one.preamble) === contentKey(other.preamble),
  );
  const text = ({ preamble, events }: Thread) =>
    hasEvents && events.length === 0 ? mendedText(preamble, false) : preamble;
  if (choice.kind === "value") return { text: text(choice.value), conflict: false };
  const [one, other] = [ours, theirs].map(text).map((side) =>
    side === "" || side.endsWith("\n") ? side : `${side}\n`
  );
  return { text: conflictText(one!, other!), conflict: true };
}
