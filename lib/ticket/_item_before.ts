/** What an `item.md` said before an edit, as far as it bears on what the edit may say. @module */

import type { UnreadTicket } from "./_change.ts";
import type { ItemPlace, TicketItem } from "./item.ts";
import { locateParts, withLineFeeds } from "./item_file.ts";
import { isStateChange } from "./_recovery.ts";
import { isTicketState, stateNamed, type TicketState } from "./states.ts";
import { isTimestamp } from "./_timestamp.ts";
import { TicketError } from "./ticket_error.ts";

/** What an edit has to leave. Of a state or a time that nobody knows the list is empty. */
export interface ItemBefore {
  /** The state; several where a damaged text or its thread name several. */
  readonly states: readonly TicketState[];
  /** The time of creation. */
  readonly creationTimes: readonly string[];
  /** The priority, whatever stood there. */
  readonly priorities: readonly string[];
  /** Whether there was such a key. */
  readonly hasKey: (key: string) => boolean;
}

/** Of an item that could be read. */
export function itemBefore({ fields, frontmatter }: TicketItem): ItemBefore {
  return {
    states: [fields.state],
    creationTimes: fields.createdAt ? [fields.createdAt] : [],
    priorities: fields.priority ? [fields.priority] : [],
    hasKey: (key) => key in frontmatter,
  };
}

/**
 * Of an item that could not: what its lines say, each by itself. A merge that was left with its
 * markers names two states, and a state that is no known word leaves the one of the thread. A time of
 * another form may be the damage.
 */
export function itemBeforeDamage(
  { text, thread, place }: Pick<UnreadTicket, "text" | "thread" | "place">,
): ItemBefore {
  const values = keyLines(text);
  const of = (key: string) => values.filter((line) => line.key === key).map((line) => line.value);
  // The thread of an old ticket may say what its bucket does not.
  const recorded = place.generation === "v1"
    ? undefined
    : thread.events.findLast(isStateChange)?.attributes["to"];
  const states = place.bucket === "closed"
    ? ["closed"]
    : [...statesIn(of, place), ...(recorded === undefined ? [] : [recorded])];
  return {
    states: [...new Set(states.filter(isTicketState))],
    creationTimes: [...new Set(of("created_at").filter(isTimestamp))],
    priorities: of("priority"),
    hasKey: (key) => values.some((line) => line.key === key),
  };
}

function statesIn(of: (key: string) => string[], { generation }: ItemPlace): string[] {
  const older = of("workflow_state").flatMap((word) => stateNamed(word) ?? []);
  if (generation === "v1") return older;
  const states = of("state");
  return states.some(isTicketState) ? states : older;
}

interface KeyLine {
  readonly key: string;
  readonly value: string;
}

/** Lines of the frontmatter that begin with a key; of the whole text where it has no end. */
function keyLines(text: string): KeyLine[] {
  return headOf(text).split("\n").flatMap((line) => {
    const [, key, value] = /^([A-Za-z_-]+)[ \t]*:(?:[ \t]+(.*))?$/.exec(line) ?? [];
    return key === undefined ? [] : [{ key, value: plainValue(value ?? "") }];
  });
}

function headOf(text: string): string {
  try {
    const { frontmatterStart, frontmatterEnd } = locateParts(text, "item.md");
    return withLineFeeds(text.slice(frontmatterStart, frontmatterEnd));
  } catch (error) {
    if (!(error instanceof TicketError)) throw error;
    // Nobody knows where the frontmatter ends; no program leaves a line blank in it, and bodies do.
    return withLineFeeds(text).split(/\n[ \t]*\n/, 1)[0]!;
  }
}

/** A value without its quotes or its comment. */
function plainValue(value: string): string {
  const [, single, double] = /^(?:'([^']*)'|"([^"\\]*)")/.exec(value) ?? [];
  return single ?? double ?? value.replace(/(?:^|\s)#.*$/, "").trim();
}
