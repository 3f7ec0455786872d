/** Rules about what a merge by git mixed up between two tickets. @module */

import type { StoreFacts, ThreadEnd, TicketFacts } from "./_doctor_facts.ts";
import { eventsOf, valueOf } from "./_doctor_facts.ts";
import type { DoctorRule } from "./doctor_report.ts";
import { contentKey } from "./_event_pairs.ts";
import { LEGACY_FILE } from "./_ticket_layout.ts";

/**
 * Ours, after all about links. A migration gives files new names, and so does who renames a folder
 * around a root. Git finds out by their contents which is which: of threads that are equal to the
 * letter, as tickets have that were made in the same second, it takes the wrong one, and puts there
 * what another branch added under the old name.
 */
export const MIXUP_RULES: readonly DoctorRule<StoreFacts>[] = [
  {
    code: "event_of_another_ticket",
    severity: "warning",
    number: null,
    check({ tickets }, report) {
      const ends = [...tickets].flatMap(([id, { folder, threadEnd }]) =>
        threadEnd === undefined ? [] : [{ id, folder, ...threadEnd }]
      );
      const grown = ends.filter(({ isGrown }) => isGrown);
      const byEnd = Map.groupBy(grown, ({ begin, lastAt }) => nameOf(begin, lastAt));
      for (const { id, begin, untoldAt } of ends) {
        if (untoldAt === undefined) continue;
        for (const other of byEnd.get(nameOf(begin, untoldAt)) ?? []) {
          report({
            ticket: other.id,
            file: `${other.folder}/thread.md`,
            line: other.line,
            message:
              `This event looks like one of ${id}, which was changed at the same time and whose` +
              " thread begins the same way: git can confuse such threads when it merges a migration" +
              " or a renamed folder. If it did, move what belongs there into that thread by hand," +
              " before `--fix` or a change of this ticket treats it as its own",
          });
        }
      }
    },
  },
];

/** What the rule has to know of a ticket; `undefined` where it does not say when it was changed. */
export function threadEndOf(facts: TicketFacts): ThreadEnd | undefined {
  const { artifacts, item, relations, plans } = facts;
  const updatedAt = valueOf(item)?.fields.updatedAt;
  const events = eventsOf(facts);
  const [first, last] = [events[0], events.at(-1)];
  if (!first || !last?.at || !updatedAt) return undefined;
  // A copy: a part of the thread would keep all of it in memory.
  const begin = JSON.stringify(contentKey(first.raw));
  // These change the item as well, and are in no thread.
  const records = [...relations && valueOf(relations) || [], ...plans && valueOf(plans) || []];
  const isTold = last.at === updatedAt || records.some(({ at }) => at === updatedAt);
  const untoldAt = isTold ? undefined : updatedAt;
  // Who appends an event changes the item with it. Only a migrated ticket is doubted even then.
  const isDoubtful = last.at !== updatedAt || artifacts.some(({ path }) => path === LEGACY_FILE);
  const isGrown = last !== first && isDoubtful;
  return { begin, isGrown, lastAt: last.at, line: last.line, untoldAt };
}

function nameOf(begin: string, time: string): string {
  return `${time} ${begin}`;
}
