import { assertEquals, assertStrictEquals } from "@std/assert";
import type { ControlEvent } from "../../lib/supervisor/control_protocol.ts";
import { Observers } from "../../lib/supervisor/observers.ts";
import { FakeClock } from "./_supervised.ts";

Deno.test("Observers.lineTeller() tells a line as one event to all who want lines", () => {
  const observers = new Observers((error) => {
    throw error;
  });
  const told: ControlEvent[] = [];
  using _quiet = observers.add((event) => told.push(event));
  using _one = observers.add((event) => told.push(event), { lines: true });
  using _other = observers.add((event) => told.push(event), { lines: true });
  const teller = observers.lineTeller("web", 7, "stdout", new FakeClock());
  teller.push(new TextEncoder().encode("hello\n"));
  assertEquals(told.length, 2);
  assertStrictEquals(told[0], told[1]);
});
