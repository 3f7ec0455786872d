import { assertEquals } from "@std/assert";
import {
  initialChild,
  isAtRest,
  isLive,
  isUp,
  statusOf,
} from "../../lib/supervisor/child_state.ts";
import { ChildWorld, READY_POLICY } from "./_child_world.ts";

Deno.test("statusOf() tells a child's life in the words of the status", () => {
  const world = new ChildWorld(READY_POLICY);
  const seen = () => statusOf(world.state);
  assertEquals(seen(), { name: "web", state: "starting", incarnation: 0, restarts: 0 });
  world.input({ type: "start" });
  assertEquals(seen(), { name: "web", state: "starting", incarnation: 1, restarts: 0 });
  world.spawned();
  const live = { name: "web", pid: 1_001, incarnation: 1, restarts: 0, startedAt: 1_001 };
  assertEquals(seen(), { ...live, state: "starting" });
  world.ready();
  assertEquals(seen(), { ...live, state: "ready" });
  world.over(3);
  const lastExit = { code: 3, signal: null, at: 1_003 };
  const { pid: _, ...ended } = live;
  assertEquals(seen(), { ...ended, state: "backoff", lastExit });
  world.fire("backoff");
  assertEquals(seen(), { name: "web", state: "starting", incarnation: 2, restarts: 1, lastExit });
});

Deno.test("statusOf() of a child that a shutdown kept from starting is exited", () => {
  assertEquals(statusOf({ ...initialChild("web"), phase: "idle" }).state, "exited");
});

Deno.test("isUp(), isLive() and isAtRest() sort the phases", () => {
  const sorted = [
    "waiting",
    "starting",
    "running",
    "ready",
    "stopping",
    "backoff",
    "exited",
    "given_up",
    "idle",
  ].map((phase) => {
    const state = { ...initialChild("web"), phase } as Parameters<typeof isUp>[0];
    return [isUp(state), isLive(state), isAtRest(state)].map(Number).join("");
  });
  assertEquals(sorted, ["000", "010", "110", "110", "010", "000", "001", "001", "001"]);
});
