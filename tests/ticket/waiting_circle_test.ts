import { assertEquals } from "@std/assert";
import { waitingCircle } from "../../lib/ticket/waiting_circle.ts";

const dependsOn = (ticketId: string, target: string) =>
  ({ ticketId, kind: "depends_on", target }) as const;

Deno.test("waitingCircle() finds the way back to who waits, whatever else there is", () => {
  const added = dependsOn("c", "a");
  const chain = [dependsOn("a", "b"), dependsOn("b", "c")];
  assertEquals(waitingCircle(added, [...chain, added]), ["c", "a", "b", "c"]);
  assertEquals(waitingCircle(added, [dependsOn("a", "b"), added]), undefined);
  // One that was there before and does not hold the new relation.
  const other = [dependsOn("a", "x"), dependsOn("x", "y"), dependsOn("y", "x")];
  assertEquals(waitingCircle(added, [...other, added]), undefined);
  assertEquals(waitingCircle({ ...added, kind: "related" }, chain), undefined);
});

Deno.test("waitingCircle() takes a chain of 10,000 tickets", () => {
  const chain = Array.from({ length: 10_000 }, (_, n) => dependsOn(`${n}`, `${n + 1}`));
  const added = dependsOn("10000", "0");
  assertEquals(waitingCircle(added, [...chain, added])?.length, 10_002);
});
