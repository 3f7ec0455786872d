/**
 * Finds out which events of three versions of a thread are the same one.
 *
 * @module
 */

import { contentEnd, lineFeedAfter } from "./_text_line.ts";
import type { ThreadEvent } from "./thread.ts";

/** An event on one side. */
export interface SideEvent {
  readonly event: ThreadEvent;
  /** Its content, by which it is compared. */
  readonly key: string;
  /** Its place among the side's events. */
  readonly index: number;
}

/** One event with what each version holds of it. */
export interface EventPair {
  base?: SideEvent;
  ours?: SideEvent;
  theirs?: SideEvent;
}

/** Both sides in their own order; an event that both know is the same object in both. */
export interface EventPairs {
  readonly ours: readonly EventPair[];
  readonly theirs: readonly EventPair[];
}

/**
 * Pairs the events of two sides and of their common ancestor. Equal events are paired in their order:
 * the second of two equal ones with the second. What is left of the ancestor is paired with what has
 * the same header, then with what has the same place, kind and body.
 */
export function pairEvents(
  base: readonly ThreadEvent[],
  ours: readonly ThreadEvent[],
  theirs: readonly ThreadEvent[],
): EventPairs {
  const pairs = { ours: sideEvents(ours), theirs: sideEvents(theirs) };
  const roots = sideEvents(base);
  const oursToBase = matches(pairs.ours, roots, [byContent, byHeader, byBody]);
  const theirsToBase = matches(pairs.theirs, roots, [byContent, byHeader, byBody]);

  const ofBase = roots.map((event): EventPair => ({ base: event }));
  const oursPairs = pairs.ours.map((event, index): EventPair => {
    const root = oursToBase[index];
    return root === undefined
      ? { ours: event }
      : Object.assign(ofBase[root.index]!, { ours: event });
  });
  const newOurs = pairs.ours.filter((_, index) => oursToBase[index] === undefined);
  const newTheirs = pairs.theirs.filter((_, index) => theirsToBase[index] === undefined);
  // Two threads without an ancestor have the same first event, or else they are two tickets.
  const rules = base.length === 0 ? [byContent, byCreation] : [byContent];
  const theirsToOurs = new Map(
    matches(newTheirs, newOurs, rules).map((match, index) => [newTheirs[index]!, match]),
  );
  const theirsPairs = pairs.theirs.map((event, index): EventPair => {
    const root = theirsToBase[index];
    if (root !== undefined) return Object.assign(ofBase[root.index]!, { theirs: event });
    const twin = theirsToOurs.get(event);
    return twin === undefined
      ? { theirs: event }
      : Object.assign(oursPairs[twin.index]!, { theirs: event });
  });
  return { ours: oursPairs, theirs: theirsPairs };
}

/** A text without its line ends' CRs and without blank and `---` lines at its end. */
export function contentKey(text: string): string {
  return text.slice(0, contentEnd(text, 0, text.length).end).replaceAll("\r\n", "\n");
}

/** What two events have to have in common; `undefined` is nothing. */
type Rule = (event: SideEvent) => string | undefined;

const byContent: Rule = ({ key }) => key;
const byHeader: Rule = ({ key }) => key.slice(0, lineFeedAfter(key, 0, key.length));
// In another place it would be another event: generated bodies are often equal.
const byBody: Rule = ({ event: { kind, body }, index }) =>
  body === "" ? undefined : `${index} ${kind}\n${body}`;
const byCreation: Rule = ({ event: { kind }, index }) =>
  kind === "create" && index === 0 ? kind : undefined;

function sideEvents(events: readonly ThreadEvent[]): SideEvent[] {
  return events.map((event, index) => ({ event, key: contentKey(event.raw), index }));
}

/** For each event the target that it is, each target once; earlier rules go before later ones. */
function matches(
  events: readonly SideEvent[],
  targets: readonly SideEvent[],
  rules: readonly Rule[],
): (SideEvent | undefined)[] {
  const found: (SideEvent | undefined)[] = events.map(() => undefined);
  const taken = new Set<SideEvent>();
  for (const rule of rules) {
    const waiting = new Map<string, SideEvent[]>();
    for (const target of targets.toReversed()) {
      const value = taken.has(target) ? undefined : rule(target);
      if (value === undefined) continue;
      const others = waiting.get(value);
      if (others === undefined) waiting.set(value, [target]);
      else others.push(target);
    }
    events.forEach((event, index) => {
      const value = found[index] === undefined ? rule(event) : undefined;
      const target = value === undefined ? undefined : waiting.get(value)?.pop();
      if (target === undefined) return;
      found[index] = target;
      taken.add(target);
    });
  }
  return found;
}
