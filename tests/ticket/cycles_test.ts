import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { dependencyEdges, findDependencyCycles } from "../../lib/ticket/_cycles.ts";
import { type Relation, RELATION_KINDS } from "../../lib/ticket/relation_view.ts";

function edges(text: string): Map<string, string[]> {
  const map = new Map<string, string[]>();
  for (const edge of text.split(" ").filter((word) => word !== "")) {
    const [from = "", to = ""] = edge.split(">");
    map.set(from, [...map.get(from) ?? [], to]);
  }
  return map;
}

Deno.test("findDependencyCycles() begins and ends with the smallest id", () => {
  assertEquals(findDependencyCycles(edges("c>a a>b b>c")), [["a", "b", "c", "a"]]);
  assertEquals(findDependencyCycles(edges("b>a a>b")), [["a", "b", "a"]]);
  assertEquals(findDependencyCycles(edges("a>a")), [["a", "a"]]);
});

Deno.test("findDependencyCycles() finds nothing where nothing waits for itself", () => {
  assertEquals(findDependencyCycles(new Map()), []);
  assertEquals(findDependencyCycles(edges("a>b a>c b>d c>d d>e x>a")), []);
});

Deno.test("findDependencyCycles() reports a group once, by a shortest way", () => {
  const group = edges("a>b b>c c>d d>a c>a b>d d>b");
  assertEquals(findDependencyCycles(group), [["a", "b", "c", "a"]]);
});

Deno.test("findDependencyCycles() reports each group, sorted, however they hang together", () => {
  const both = edges("y>z z>y y>b b>a a>b q>y q>a");
  assertEquals(findDependencyCycles(both), [["a", "b", "a"], ["y", "z", "y"]]);
});

Deno.test("findDependencyCycles() takes a chain of 200,000 tickets and a full mesh", () => {
  const length = 200_000;
  const chain = new Map(
    Array.from({ length }, (_, index) => [`${index}`.padStart(6, "0"), [
      `${(index + 1) % length}`.padStart(6, "0"),
    ]]),
  );
  assertEquals(findDependencyCycles(chain)[0]?.length, length + 1);
  const ids = Array.from({ length: 300 }, (_, index) => `${index}`.padStart(3, "0"));
  const mesh = new Map(ids.map((id) => [id, ids.filter((other) => other !== id)]));
  assertEquals(findDependencyCycles(mesh), [["000", "001", "000"]]);
});

Deno.test("findDependencyCycles() agrees with asking every ticket whether it reaches itself", () => {
  const id = fc.constantFrom(..."abcdefg");
  fc.assert(fc.property(fc.array(fc.tuple(id, id), { maxLength: 14 }), (pairs) => {
    const graph = edges(pairs.map(([from, to]) => `${from}>${to}`).join(" "));
    const cycles = findDependencyCycles(graph);
    const reached = (start: string) => {
      const seen = new Set<string>();
      const queue = [...graph.get(start) ?? []];
      for (const next of queue) {
        if (seen.has(next)) continue;
        seen.add(next);
        queue.push(...graph.get(next) ?? []);
      }
      return seen;
    };
    const onCycle = [..."abcdefg"].filter((one) => reached(one).has(one));
    const groups = new Set(
      onCycle.map((one) =>
        onCycle.filter((other) =>
          one === other || reached(one).has(other) && reached(other).has(one)
        ).join("")
      ),
    );
    assertEquals(cycles.map(([first]) => first), [...groups].map((group) => group[0]).sort());
    for (const cycle of cycles) {
      assertEquals(cycle.at(-1), cycle[0]);
      assertEquals(new Set(cycle).size, cycle.length - 1);
      assert(cycle.every((one) => one >= cycle[0]!));
      cycle.slice(1).forEach((to, index) => assert(graph.get(cycle[index]!)?.includes(to)));
    }
  }));
});

Deno.test("dependencyEdges() leads from the one that waits to the one it waits for", () => {
  const relations = RELATION_KINDS.map(({ kind }): Relation => ({
    ticketId: "owner",
    kind,
    target: "target",
    note: null,
    author: "i",
    at: "t",
  }));
  assertEquals([...dependencyEdges(relations)], [["owner", ["target"]], ["target", ["owner"]]]);
});
