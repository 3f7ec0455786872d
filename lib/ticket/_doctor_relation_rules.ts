/** @module */

import { dependencyEdges, findDependencyCycles } from "./_cycles.ts";
import type { LinkedTicket, StoreFacts, TicketFacts } from "./_doctor_facts.ts";
import { conflictLine } from "./_doctor_text.ts";
import { type IdMap, PresentIds } from "./_id_map.ts";
import { ambiguityOf } from "./_lookup.ts";
import { type Relation, waitOf } from "./relation_view.ts";
import { PLANS_FILE, RELATIONS_FILE } from "./_ticket_layout.ts";
import type { DoctorRule, Finding } from "./doctor_report.ts";

/** Rules 12 and 13: the files that link one ticket to others. */
export const LINK_FILE_RULES: readonly DoctorRule<TicketFacts>[] = [
  fileRule("relations_unreadable", 12, RELATIONS_FILE, "relations"),
  fileRule("plan_unreadable", 13, PLANS_FILE, "plans"),
];

/** Rules 14 to 16: where the links lead. */
export const LINK_RULES: readonly DoctorRule<StoreFacts>[] = [
  {
    code: "relation_target_missing",
    severity: "error",
    number: 14,
    check({ tickets, idsMeantBy }, report) {
      for (const [id, { folder, relations, relationsText }] of tickets) {
        const missing = [...relations.entries()].filter(([, { target }]) => !tickets.has(target));
        if (missing.length === 0) continue;
        const lines = linesOfTargets(relationsText);
        const names = namesOfTargets(relations, idsMeantBy);
        for (const [index, { kind, target }] of missing) {
          const meant = idsMeantBy(target);
          const isDoubled = (names.get(`${kind} ${meant[0]}`) ?? 0) > 1;
          report({
            ticket: id,
            file: `${folder}/${RELATIONS_FILE}`,
            line: lines[index] ?? null,
            message: `The relation ${id} ${kind} ${target} ${
              faultOfTarget(meant, { id, isDoubled })
            }`,
          });
        }
      }
    },
  },
  {
    code: "dependency_cycle",
    severity: "error",
    number: 15,
    check(facts, report) {
      for (const cycle of facts.cycles.slice(0, MAX_CYCLES)) {
        report({
          ticket: cycle[0]!,
          ...placeOfWait(facts, cycle[0]!, cycle[1]!),
          message: `Tickets wait for each other in a circle: ${pathText(cycle)}; remove one of` +
            " these relations with `yoi ticket relation remove`",
        });
      }
    },
  },
  {
    code: "more_dependency_cycles",
    severity: "warning",
    number: 16,
    check({ cycles }, report) {
      const rest = cycles.length - MAX_CYCLES;
      if (rest <= 0) return;
      report({
        message: `${rest} further circles of waiting tickets are not listed: resolve the first ` +
          `${MAX_CYCLES} and look again`,
      });
    },
  },
];

/** Ours, about links; they come after all numbered rules. */
export const EXTRA_LINK_RULES: readonly DoctorRule<StoreFacts>[] = [
  {
    code: "plan_unknown_ticket",
    severity: "warning",
    number: null,
    check({ tickets, idsMeantBy }, report) {
      for (const [id, { folder, plans, plansText }] of tickets) {
        const lines = plans.length === 0 ? [] : linesOfRecords(plansText);
        for (const [index, { relatedTicket }] of plans.entries()) {
          if (relatedTicket === null || idsMeantBy(relatedTicket).length === 1) continue;
          report({
            ticket: id,
            file: `${folder}/${PLANS_FILE}`,
            line: lines[index] ?? null,
            message:
              `The plan names ${JSON.stringify(relatedTicket)}, which is not a ticket of this` +
              " root, so it has no effect: correct the id in this line, or remove the line",
          });
        }
      }
    },
  },
  {
    code: "plan_id_repeated",
    severity: "warning",
    number: null,
    check({ tickets }, report) {
      for (const [id, { folder, plans, plansText }] of tickets) {
        const lines = plans.length === 0 ? [] : linesOfRecords(plansText);
        const seen = new Set<string>();
        for (const [index, record] of plans.entries()) {
          if (seen.has(record.id)) {
            report({
              ticket: id,
              file: `${folder}/${PLANS_FILE}`,
              line: lines[index] ?? null,
              message:
                `An earlier record of this plan has the id ${JSON.stringify(record.id)}, too,` +
                " as merged branches leave it: give this one another number at its end",
            });
          }
          seen.add(record.id);
        }
      }
    },
  },
];

/**
 * What the rules about links look at. Cycles are those among tickets that can be read, each group of
 * tickets that wait for each other once.
 */
export function storeFactsOf(
  tickets: ReadonlyMap<string, LinkedTicket>,
  map: IdMap,
): StoreFacts {
  const readSlugs = () => Map.groupBy([...tickets.keys()], (id) => tickets.get(id)?.slug ?? "");
  const names = new PresentIds(map, (id) => tickets.has(id), readSlugs);
  const isReadable = (id: string) => tickets.get(id)?.isReadable === true;
  const relations = [...tickets.values()]
    .flatMap((ticket) => ticket.isReadable ? ticket.relations : [])
    .map((relation) => ({ ...relation, target: names.of(relation.target) ?? relation.target }))
    .filter(({ target }) => isReadable(target));
  return {
    tickets,
    idsMeantBy: (name) => names.meantBy(name),
    cycles: findDependencyCycles(dependencyEdges(relations)),
  };
}

/** How many names for one ticket the relations of a kind use, by kind and id. */
function namesOfTargets(
  relations: readonly Relation[],
  idsMeantBy: StoreFacts["idsMeantBy"],
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { kind, target } of relations) {
    for (const id of idsMeantBy(target)) {
      counts.set(`${kind} ${id}`, (counts.get(`${kind} ${id}`) ?? 0) + 1);
    }
  }
  return counts;
}

/** What is wrong with a target that is no ticket's id, and what to do about it. */
function faultOfTarget(
  meant: readonly string[],
  { id, isDoubled }: { readonly id: string; readonly isDoubled: boolean },
): string {
  const [present, ...others] = meant;
  const remedy = "remove it with `yoi ticket relation remove`";
  if (present === undefined) {
    return `names no ticket of this root: ${remedy}, or restore the ticket`;
  }
  if (others.length > 0) {
    return `names several tickets, ${ambiguityOf(meant)}: ${remedy}, and add one that names an id`;
  }
  if (present === id) return `names the ticket itself by another of its names: ${remedy}`;
  if (isDoubled) return `is also there under another name of ${present}: ${remedy}`;
  return `names ${present} by an old id or a slug, which other programs do not know: ` +
    "`yoi ticket migrate` renames it";
}

/** The relation that makes one ticket wait for another: either of the two can own it. */
function placeOfWait(
  { tickets, idsMeantBy }: StoreFacts,
  waiter: string,
  blocker: string,
): Pick<Finding, "file" | "line"> {
  for (const owner of [waiter, blocker]) {
    const { folder, relations, relationsText } = tickets.get(owner)!;
    const index = relations.findIndex((relation) => {
      const [target, ...others] = idsMeantBy(relation.target);
      if (target === undefined || others.length > 0) return false;
      const wait = waitOf({ ...relation, target });
      return wait?.waiter === waiter && wait.blocker === blocker;
    });
    if (index < 0) continue;
    const line = linesOfTargets(relationsText)[index] ?? null;
    return { file: `${folder}/${RELATIONS_FILE}`, line };
  }
  return { file: tickets.get(waiter)!.folder };
}

/** Cycles that are listed one by one. */
const MAX_CYCLES = 32;
/** Tickets of a cycle that are named. */
const MAX_NAMED = 64;

function fileRule(
  code: string,
  number: number,
  file: string,
  name: "relations" | "plans",
): DoctorRule<TicketFacts> {
  return {
    code,
    severity: "error",
    number,
    looksAtOldTickets: true,
    check(facts, report) {
      const reading = facts[name];
      if (reading === undefined || "value" in reading) return;
      // Who restores such a file from version control loses what one of the sides wrote.
      const markers = conflictLine(facts[`${name}Text`] ?? "");
      report({
        file,
        line: markers ?? reading.line,
        message: `Cannot read the ticket's ${name}: ${
          markers === undefined
            ? `${reading.fault}; correct the file, or restore it from version control`
            : "the file holds the markers of an unfinished merge; keep the right lines and remove" +
              " the markers"
        }`,
      });
    },
  };
}

function pathText(cycle: readonly string[]): string {
  if (cycle.length <= MAX_NAMED + 1) return cycle.join(" -> ");
  const named = cycle.slice(0, MAX_NAMED).join(" -> ");
  return `${named} -> … (${cycle.length - 1 - MAX_NAMED} more) -> ${cycle[0]}`;
}

/** 1-based line of each record: of each line that is not blank. */
function linesOfRecords(text: string): number[] {
  return text.split("\n").flatMap((line, index) => line.trim() === "" ? [] : [index + 1]);
}

/** 1-based line of each relation's target, in the order of the file. */
function linesOfTargets(text: string): number[] {
  return text.split("\n").flatMap((line, index) =>
    Array.from(line.matchAll(/"target"\s*:/g), () => index + 1)
  );
}
