/** @module */

import { type Relation, waitOf } from "./relation_view.ts";

/**
 * The circle of tickets, each waiting for the next, that a relation closes: in that order, and the
 * first one again at the end. `undefined` when the relation closes no circle.
 *
 * @param relations All relations of the root, with or without this one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { waitingCircle } from "@yoi/yoi/tickets";
 *
 * const one = { ticketId: "a", kind: "depends_on", target: "b" } as const;
 * const other = { ticketId: "a", kind: "blocks", target: "b" } as const;
 * assertEquals(waitingCircle(one, [one, other]), ["a", "b", "a"]);
 * ```
 */
export function waitingCircle(
  relation: Pick<Relation, "ticketId" | "kind" | "target">,
  relations: readonly Pick<Relation, "ticketId" | "kind" | "target">[],
): readonly string[] | undefined {
  const added = waitOf(relation);
  if (added === undefined) return undefined;
  const waits = relations.flatMap((one) => waitOf(one) ?? []);
  const blockersOf = Map.groupBy(waits, ({ waiter }) => waiter);
  const cameFrom = new Map([[added.blocker, added.waiter]]);
  for (const waiter of cameFrom.keys()) { // grows while it is gone through
    if (waiter === added.waiter) return wayTo(waiter, added.blocker, cameFrom);
    for (const { blocker } of blockersOf.get(waiter) ?? []) {
      if (!cameFrom.has(blocker)) cameFrom.set(blocker, waiter);
    }
  }
  return undefined;
}

function wayTo(end: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way = [end];
  for (let at = end; at !== start;) {
    at = cameFrom.get(at)!;
    way.push(at);
  }
  return [end, ...way.reverse()];
}
