/**
 * Tickets that wait for each other.
 *
 * Source: tickets specification, section 8 rule 15, and section 12 row 12.
 *
 * @module
 */

import { type Relation, waitOf } from "./relation_view.ts";

/** Who waits (key) for whom (values). */
export type DependencyEdges = ReadonlyMap<string, readonly string[]>;

/** What relations say about who waits for whom. */
export function dependencyEdges(relations: readonly Relation[]): Map<string, string[]> {
  const edges = new Map<string, string[]>();
  for (const relation of relations) {
    const wait = waitOf(relation);
    if (wait === undefined) continue;
    const { waiter, blocker } = wait;
    const list = edges.get(waiter);
    if (list) list.push(blocker);
    else edges.set(waiter, [blocker]);
  }
  return edges;
}

/**
 * One cycle for each group of tickets that wait for each other: a shortest one through the smallest
 * id of the group, which it begins and ends with. Sorted by that id.
 *
 * Takes time in proportion to the edges, whatever their shape.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findDependencyCycles } from "./_cycles.ts";
 *
 * const edges = new Map([["b", ["a"]], ["a", ["b", "c"]], ["c", []]]);
 * assertEquals(findDependencyCycles(edges), [["a", "b", "a"]]);
 * ```
 */
export function findDependencyCycles(edges: DependencyEdges): string[][] {
  return strongComponents(edges)
    .map((component) => cycleThrough(smallest(component), new Set(component), edges))
    .filter((cycle) => cycle !== undefined)
    .sort((a, b) => (a[0] ?? "") < (b[0] ?? "") ? -1 : 1);
}

/** What the search knows of a ticket that it has come to. */
interface Visit {
  readonly id: string;
  readonly index: number;
  /** Smallest index that this ticket is known to lead back to. */
  low: number;
  /** How many of its edges have been followed. */
  followed: number;
  isOpen: boolean;
}

/**
 * Tarjan's search for groups in which everything leads to everything, with a stack of its own: a
 * chain of 10,000 tickets would overflow that of the runtime.
 */
function strongComponents(edges: DependencyEdges): string[][] {
  const visits = new Map<string, Visit>();
  const components: string[][] = [];
  const open: Visit[] = [];
  const path: Visit[] = [];

  const enter = (id: string) => {
    const visit = { id, index: visits.size, low: visits.size, followed: 0, isOpen: true };
    visits.set(id, visit);
    open.push(visit);
    path.push(visit);
  };

  for (const start of edges.keys()) {
    if (!visits.has(start)) enter(start);
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const next = edges.get(visit.id)?.[visit.followed];
      if (next === undefined) {
        path.pop();
        const parent = path.at(-1);
        if (parent) parent.low = Math.min(parent.low, visit.low);
        if (visit.low === visit.index) components.push(closeComponent(open, visit));
        continue;
      }
      visit.followed += 1;
      const seen = visits.get(next);
      if (seen === undefined) enter(next);
      else if (seen.isOpen) visit.low = Math.min(visit.low, seen.index);
    }
  }
  return components;
}

function closeComponent(open: Visit[], root: Visit): string[] {
  const members = open.splice(open.lastIndexOf(root));
  for (const member of members) member.isOpen = false;
  return members.map((member) => member.id);
}

/** A shortest way from a ticket back to itself within its group, by breadth. */
function cycleThrough(
  start: string,
  component: ReadonlySet<string>,
  edges: DependencyEdges,
): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const id of queue) { // grows while it is gone through
    const targets = (edges.get(id) ?? []).filter((target) => component.has(target)).sort();
    for (const target of targets) {
      if (target === start) return [...wayTo(id, start, cameFrom), start];
      if (cameFrom.has(target)) continue;
      cameFrom.set(target, id);
      queue.push(target);
    }
  }
  return undefined; // a ticket by itself that does not wait for itself
}

function wayTo(id: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way = [id];
  for (let at = id; at !== start;) {
    const before = cameFrom.get(at);
    if (before === undefined) throw new Error(`Cannot trace a cycle: nothing leads to "${at}"`);
    way.push(before);
    at = before;
  }
  return way.reverse();
}

function smallest(ids: readonly string[]): string {
  return ids.reduce((least, id) => id < least ? id : least);
}
