import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { dependenciesOf, dependentsOf, findCycle } from "../../lib/supervisor/start_order.ts";

/** Children from lines such as `web: db cache`. */
function childrenOf(...lines: string[]): { name: string; startAfter: string[] }[] {
  return lines.map((line) => {
    const [name = "", after = ""] = line.split(":");
    return { name, startAfter: after.split(" ").filter((word) => word !== "") };
  });
}

Deno.test("dependenciesOf() and dependentsOf() are each other's reverse", () => {
  const children = childrenOf("web: db cache db", "db:", "cache: db");
  assertEquals(dependenciesOf(children, "web"), ["db", "cache"]);
  assertEquals(dependentsOf(children, "db"), ["web", "cache"]);
  assertEquals([dependenciesOf(children, "db"), dependentsOf(children, "web")], [[], []]);
  assertEquals([dependenciesOf(children, "x"), dependentsOf(children, "x")], [[], []]);
});

Deno.test("findCycle() finds a circle, and only what belongs to it", () => {
  assertEquals(findCycle([]), undefined);
  assertEquals(findCycle(childrenOf("a: b c", "b: c", "c:")), undefined);
  assertEquals(findCycle(childrenOf("a: a")), ["a"]);
  assertEquals(findCycle(childrenOf("a: b", "b: c", "c: b")), ["b", "c"]);
  assertEquals(findCycle(childrenOf("x:", "a: x b", "b: x c", "c: x a")), ["a", "b", "c"]);
  assertEquals(findCycle(childrenOf("a: nobody toString __proto__")), undefined);
});

Deno.test("findCycle() walks long chains and wide diamonds", () => {
  const chain = Array.from({ length: 50_000 }, (_, index) => `c${index}: c${index + 1}`);
  assertEquals(findCycle(childrenOf(...chain)), undefined);
  assertEquals(findCycle(childrenOf(...chain, "c50000: c0"))?.length, 50_001);
  const layers = Array.from(
    { length: 40 },
    (
      _,
      layer,
    ) => [`l${layer}: l${layer + 1} r${layer + 1}`, `r${layer}: l${layer + 1} r${layer + 1}`],
  ).flat();
  assertEquals(findCycle(childrenOf(...layers)), undefined, "without trying every path");
});

Deno.test("findCycle() says undefined exactly when there is an order of starts", () => {
  const size = 6;
  const edges = fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 10 });
  fc.assert(fc.property(edges, (edges) => {
    const children = Array.from({ length: size }, (_, from) => ({
      name: `${from}`,
      startAfter: edges.filter((edge) => edge[0] === from).map((edge) => `${edge[1]}`),
    }));
    const circle = findCycle(children);
    assertEquals(circle === undefined, canAllStart(children));
    circle?.forEach((name, index) => {
      const next = circle[(index + 1) % circle.length]!;
      assert(dependenciesOf(children, name).includes(next), `${name} starts after ${next}`);
    });
    assertEquals(new Set(circle).size, circle?.length ?? 0, "each name once");
  }));
});

/** Starts whatever can be started until nothing more can. */
function canAllStart(children: { name: string; startAfter: string[] }[]): boolean {
  const started = new Set<string>();
  for (let before = -1; before < started.size;) {
    before = started.size;
    for (const { name, startAfter } of children) {
      if (startAfter.every((other) => started.has(other))) started.add(name);
    }
  }
  return started.size === children.length;
}
