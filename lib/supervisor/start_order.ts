/**
 * Which child waits for which.
 *
 * Source: supervisor specification, section 4, rule 5.
 *
 * @module
 */

/** A child, as far as the order of starts is concerned. */
export interface OrderedChild {
  /** Its name. */
  readonly name: string;
  /** Names of the children that it starts after. */
  readonly startAfter: readonly string[];
}

/**
 * The children that must be up before `name` starts, each once, in the order of `startAfter`. At a
 * shutdown they stop after it.
 */
export function dependenciesOf(children: readonly OrderedChild[], name: string): string[] {
  const child = children.find((other) => other.name === name);
  return [...new Set(child?.startAfter)];
}

/**
 * The children that start after `name`, in the order of `children`. At a shutdown all of them are
 * over before `name` is stopped.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { dependenciesOf, dependentsOf } from "./start_order.ts";
 *
 * const children = [{ name: "web", startAfter: ["db"] }, { name: "db", startAfter: [] }];
 * assertEquals(dependenciesOf(children, "web"), ["db"]);
 * assertEquals(dependentsOf(children, "db"), ["web"]);
 * ```
 */
export function dependentsOf(children: readonly OrderedChild[], name: string): string[] {
  return children.filter((child) => child.startAfter.includes(name)).map((child) => child.name);
}

/**
 * A circle of children that would wait for each other: each starts after the next, and the last
 * starts after the first. Names that no child has are passed over.
 *
 * @returns The circle, each name once, or `undefined` when the children can be started in an order.
 */
export function findCycle(children: readonly OrderedChild[]): string[] | undefined {
  const startAfter = new Map(children.map((child) => [child.name, child.startAfter]));
  const cleared = new Set<string>();
  for (const { name } of children) {
    const cycle = findCycleFrom(name, startAfter, cleared);
    if (cycle) return cycle;
  }
  return undefined;
}

/** Walks depth first with a list of its own: a chain of children may be longer than the call stack. */
function findCycleFrom(
  root: string,
  startAfter: ReadonlyMap<string, readonly string[]>,
  cleared: Set<string>,
): string[] | undefined {
  const path = new Map([[root, (startAfter.get(root) ?? []).values()]]);
  const names = [root];
  for (let name = names.at(-1); name !== undefined; name = names.at(-1)) {
    const next = path.get(name)?.next();
    if (!next || next.done) {
      cleared.add(name);
      path.delete(name);
      names.pop();
    } else if (path.has(next.value)) {
      return names.slice(names.indexOf(next.value));
    } else if (!cleared.has(next.value)) {
      path.set(next.value, (startAfter.get(next.value) ?? []).values());
      names.push(next.value);
    }
  }
  return undefined;
}
