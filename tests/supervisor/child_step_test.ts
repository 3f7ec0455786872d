import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type ChildInput, isAtRest, isUp } from "../../lib/supervisor/child_state.ts";
import { ChildWorld, POLICY, READY_POLICY } from "./_child_world.ts";

Deno.test("stepChild() starts, runs and is shut down", () => {
  const world = new ChildWorld().comeUp();
  assertEquals(world.state.phase, "running");
  assertEquals(world.state.pid, 1_001);
  world.input({ type: "stop" });
  assertEquals([world.state.phase, world.live?.stop], ["stopping", "asked"]);
  world.over(143, 10, "SIGTERM");
  assertEquals(world.state.phase, "exited");
  assertEquals(world.ends, [
    { type: "ended_for_good", isAsked: true, code: 143, signal: "SIGTERM", isGivenUp: false },
  ]);
  assertEquals(world.events, [
    { event: "child_started", data: { child: "web", pid: 1_001, incarnation: 1 } },
    { event: "child_exited", data: { child: "web", pid: 1_001, code: 143, signal: "SIGTERM" } },
  ]);
});

Deno.test("stepChild() with a ready line is up once it was seen", () => {
  const world = new ChildWorld(READY_POLICY);
  world.input({ type: "start" });
  world.spawned();
  assertEquals([world.state.phase, isUp(world.state)], ["starting", false]);
  assertEquals(world.timers.get("ready"), { incarnation: 1, ms: 500 });
  world.ready();
  assertEquals([world.state.phase, isUp(world.state), world.timers.size], ["ready", true, 0]);
  assertEquals(world.eventNames, ["child_started", "child_ready"]);
  world.ready();
  assertEquals(world.events.length, 2, "a second ready line says nothing new");
});

Deno.test("stepChild() counts a ready time-out as failed incarnation, which it stops first", () => {
  const world = new ChildWorld(READY_POLICY);
  world.input({ type: "start" });
  world.spawned();
  world.fire("ready");
  assertEquals([world.state.phase, world.live?.stop], ["stopping", "asked"]);
  world.over(0);
  assertEquals(world.state.phase, "backoff", "on-failure, although it obeyed with 0");
  assertEquals(world.events.slice(1), [
    {
      event: "error",
      data: { message: 'Cannot wait for "web": not ready within 500 ms' },
    },
    { event: "child_exited", data: { child: "web", pid: 1_001, code: 0, signal: null } },
    { event: "child_restarting", data: { child: "web", reason: "not_ready", delayMs: 100 } },
  ]);
});

Deno.test("stepChild() that gives a never ready child up ends it with 124 when it obeyed with 0", () => {
  const world = new ChildWorld({ ...READY_POLICY, restart: "never" });
  world.input({ type: "start" });
  world.spawned();
  world.fire("ready");
  world.over(0);
  assertEquals(world.ends, [
    { type: "ended_for_good", isAsked: false, code: 124, signal: null, isGivenUp: false },
  ]);
});

Deno.test("scenario 4: 50 requests at once lead to exactly two incarnations", () => {
  for (const policy of [POLICY, READY_POLICY]) {
    const world = new ChildWorld(policy).comeUp();
    for (let request = 0; request < 50; request++) world.restart();
    world.calmDown();
    assertEquals(world.state.incarnation, 3);
    assertEquals([...world.settled.values()], Array(50).fill("started"));
    assert(isUp(world.state));
  }
});

Deno.test("stepChild() lets a restart become ready before the one more restart begins", () => {
  const world = new ChildWorld(READY_POLICY).comeUp();
  const first = world.restart();
  world.over();
  world.spawned();
  const second = world.restart();
  assertEquals([world.state.phase, world.live?.stop], ["starting", "none"]);
  world.ready();
  assertEquals([...world.settled], [[first, "started"]]);
  assertEquals([world.state.phase, world.live?.stop], ["stopping", "asked"]);
  world.calmDown();
  assertEquals(world.settled.get(second), "started");
  assertEquals(world.state.incarnation, 3);
});

Deno.test("stepChild() serves a restart and the one behind it by one incarnation after a crash", () => {
  const world = new ChildWorld(READY_POLICY).comeUp();
  const first = world.restart();
  world.over();
  world.spawned();
  const second = world.restart();
  world.over(3);
  assertEquals([world.state.phase, world.spawning], ["starting", 3], "no wait: it was asked for");
  world.calmDown();
  assertEquals([...world.settled], [[first, "started"], [second, "started"]]);
  assertEquals(world.state.incarnation, 3);
});

Deno.test("stepChild() keeps who waits through the back-off of an incarnation that failed", () => {
  const world = new ChildWorld(READY_POLICY).comeUp();
  const waiter = world.restart();
  world.over();
  world.spawned();
  world.over(3);
  assertEquals([world.state.phase, world.open], ["backoff", 1]);
  world.fire("backoff");
  world.spawned();
  world.ready();
  assertEquals(world.settled.get(waiter), "started");
});

Deno.test("stepChild() rejects who waits when the child is given up or ends before it was up", () => {
  for (
    const [restart, code, phase] of [["on-failure", 3, "given_up"], ["never", 0, "exited"]] as const
  ) {
    const world = new ChildWorld({ ...READY_POLICY, restart }).comeUp();
    const waiter = world.restart();
    for (world.over(); !isAtRest(world.state);) {
      if (world.timers.has("backoff")) world.fire("backoff");
      world.spawned();
      world.over(code);
    }
    assertEquals([world.state.phase, world.settled.get(waiter)], [phase, "given_up"]);
  }
});

Deno.test("scenario 3: restart, then shutdown: no new incarnation comes, who waits is told", () => {
  const world = new ChildWorld().comeUp();
  const waiters = [world.restart(), world.restart()];
  world.input({ type: "stop" });
  assertEquals(waiters.map((id) => world.settled.get(id)), ["shutting_down", "shutting_down"]);
  world.over(143, 10, "SIGTERM");
  assertEquals([world.state.phase, world.state.incarnation], ["exited", 1]);
  assertEquals(world.ends.map((end) => end.isAsked), [true]);
});

Deno.test("stepChild() closed while it runs lives on, and does not come back", () => {
  const world = new ChildWorld().comeUp();
  assertEquals(world.input({ type: "close" }), []);
  assertEquals([world.state.phase, world.live?.stop], ["running", "none"]);
  assertEquals(world.settled.get(world.restart()), "shutting_down");
  world.over(3);
  assertEquals(world.state.phase, "exited");
  assertEquals(world.ends[0]?.isAsked, true);
});

Deno.test("stepChild() closed in its back-off ends with its last code", () => {
  const world = new ChildWorld().comeUp();
  world.over(3);
  world.input({ type: "close" });
  assertEquals([world.state.phase, world.timers.size], ["exited", 0]);
  assertEquals(world.ends[0]?.code, 3);
});

Deno.test("stepChild() closed before its turn never starts", () => {
  const world = new ChildWorld();
  const waiter = world.restart();
  world.input({ type: "stop" });
  assertEquals([world.state.phase, world.settled.get(waiter)], ["idle", "shutting_down"]);
  assertEquals(world.input({ type: "start" }), []);
  assertEquals(world.ends.length, 1);
});

Deno.test("stepChild() stopped while it is spawned stops it as soon as it runs", () => {
  for (const isForced of [false, true]) {
    const world = new ChildWorld(READY_POLICY);
    world.input({ type: "start" });
    assertEquals(world.input({ type: "stop", isForced }), []);
    world.spawned();
    assertEquals([world.state.phase, world.live?.stop], [
      "stopping",
      isForced ? "forced" : "asked",
    ]);
    world.over(137, 1, "SIGKILL");
    assertEquals(world.state.phase, "exited");
  }
});

Deno.test("stepChild() stopped while it is spawned is at rest when that fails", () => {
  const world = new ChildWorld();
  world.input({ type: "start" });
  world.input({ type: "stop" });
  world.spawnFailed();
  assertEquals([world.state.phase, world.ends[0]?.isAsked], ["exited", true]);
});

Deno.test("stepChild() kills on the second, forced stop, once", () => {
  const world = new ChildWorld().comeUp();
  world.input({ type: "stop" });
  assertEquals(world.input({ type: "stop" }), []);
  assertEquals(world.input({ type: "stop", isForced: true }), [
    { type: "stop_incarnation", incarnation: 1, isForced: true },
  ]);
  assertEquals(world.input({ type: "stop", isForced: true }), []);
});

Deno.test("stepChild() turns the stop of a restart into a shutdown's, also a forced one", () => {
  const world = new ChildWorld().comeUp();
  world.restart();
  assertEquals(world.live?.stop, "asked");
  world.input({ type: "stop", isForced: true });
  assertEquals(world.live?.stop, "forced");
  world.over(137, 10, "SIGKILL");
  assertEquals(world.state.phase, "exited");
});

Deno.test("scenario 9: in a crash loop the back-off grows to its cap, then the child is given up", () => {
  const world = new ChildWorld().comeUp();
  const delays = [];
  for (world.over(3); world.timers.has("backoff"); world.over(3)) {
    delays.push(world.timers.get("backoff")?.ms);
    world.fire("backoff");
    world.spawned();
  }
  assertEquals(delays, [100, 200, 350]);
  assertEquals([world.state.phase, world.state.incarnation], ["given_up", 4]);
  assertEquals(world.ends, [
    { type: "ended_for_good", isAsked: false, code: 3, signal: null, isGivenUp: true },
  ]);
  assertEquals(world.events.at(-1), { event: "child_given_up", data: { child: "web" } });
});

Deno.test("stepChild() that ran healthily begins its back-off anew", () => {
  const world = new ChildWorld().comeUp();
  world.over(3);
  world.fire("backoff");
  world.spawned();
  world.over(3, 1_000);
  assertEquals(world.timers.get("backoff")?.ms, 100);
});

Deno.test("stepChild() does not call an incarnation healthy that never was ready", () => {
  const world = new ChildWorld(READY_POLICY).comeUp();
  world.over(3);
  world.fire("backoff");
  world.spawned();
  world.over(3, 5_000);
  assertEquals(world.timers.get("backoff")?.ms, 200);
});

Deno.test("stepChild() counts a failed spawn as failed incarnation with its code", () => {
  const world = new ChildWorld();
  world.input({ type: "start" });
  world.spawnFailed(126);
  assertEquals(world.state.lastExit, { code: 126, signal: null, at: 1_001 });
  assertEquals(world.events, [
    { event: "error", data: { message: "no such program" } },
    { event: "child_restarting", data: { child: "web", reason: "spawn_failed", delayMs: 100 } },
  ]);
  while (world.timers.has("backoff")) {
    world.fire("backoff");
    world.spawnFailed(127);
  }
  assertEquals([world.state.phase, world.state.incarnation], ["given_up", 4]);
  assertEquals(world.ends[0]?.code, 127);
});

Deno.test("stepChild() restarted by hand comes back from rest and back-off with a clean history", () => {
  for (const last of ["exited", "given_up", "backoff"]) {
    const world = new ChildWorld().comeUp();
    world.over(3);
    if (last !== "backoff") {
      world.fire("backoff");
      world.spawned();
      world.over(last === "exited" ? 0 : 3);
      if (last === "given_up") {
        for (; world.timers.has("backoff"); world.over(3)) {
          world.fire("backoff");
          world.spawned();
        }
      }
    }
    assertEquals(world.state.phase, last);
    const waiter = world.restart();
    assertEquals([world.state.phase, world.timers.size], ["starting", 0]);
    world.spawned();
    assertEquals(world.settled.get(waiter), "started");
    world.over(3);
    assertEquals(world.timers.get("backoff")?.ms, 100, `after ${last}`);
  }
});

Deno.test("stepChild() restarted by hand while it is live begins its back-off anew", () => {
  for (const phase of ["ready", "stopping"]) {
    const world = new ChildWorld(READY_POLICY).comeUp();
    world.over(3);
    world.fire("backoff");
    world.spawned();
    if (phase === "ready") world.ready();
    else world.fire("ready");
    assertEquals([world.state.phase, world.state.history.consecutive], [phase, 1]);
    world.restart();
    world.over(143, 10, "SIGTERM");
    world.spawned();
    world.over(3);
    assertEquals(world.timers.get("backoff")?.ms, 100, phase);
  }
});

Deno.test("stepChild() serves a restart that comes before its turn by its first incarnation", () => {
  const world = new ChildWorld();
  const waiter = world.restart();
  assertEquals([world.state.phase, world.open], ["waiting", 1]);
  world.comeUp();
  assertEquals([world.state.incarnation, world.settled.get(waiter)], [1, "started"]);
});

Deno.test("stepChild() restarted during the stop of a ready time-out comes back at once", () => {
  const world = new ChildWorld(READY_POLICY);
  world.input({ type: "start" });
  world.spawned();
  world.fire("ready");
  world.restart();
  world.over(143, 10, "SIGTERM");
  assertEquals(world.spawning, 2);
  world.calmDown();
  assertEquals(world.state.incarnation, 2);
});

Deno.test("stepChild() serves a queued restart when the incarnation before it is not ready in time", () => {
  const world = new ChildWorld({ ...READY_POLICY, restart: "never" }).comeUp();
  const first = world.restart();
  world.over();
  world.spawned();
  const second = world.restart();
  world.fire("ready");
  const third = world.restart();
  world.over(143, 10, "SIGTERM");
  world.spawned();
  world.ready();
  assertEquals([...world.settled], [[first, "started"], [second, "started"]]);
  world.calmDown();
  assertEquals([world.settled.get(third), world.state.incarnation], ["started", 4]);
});

Deno.test("stepChild() ignores inputs of incarnations that are not the present one", () => {
  const world = new ChildWorld(READY_POLICY).comeUp();
  world.restart();
  world.over();
  world.spawned();
  const before = world.state;
  for (const incarnation of [1, 3]) {
    for (const input of inputsOf(incarnation)) assertEquals(world.input(input), [], input.type);
  }
  assertEquals(world.state, before);
});

/** One input of each kind that belongs to an incarnation. */
function inputsOf(incarnation: number): ChildInput[] {
  return [
    { type: "spawned", incarnation, pid: 7 },
    { type: "spawn_failed", incarnation, code: 127, message: "late" },
    { type: "ready", incarnation },
    { type: "ready_overdue", incarnation },
    { type: "over", incarnation, code: 9, signal: null, ranMs: 0 },
    { type: "backoff_over", incarnation },
  ];
}

const anyPolicy = fc.record({
  hasReadyLine: fc.boolean(),
  restart: fc.constantFrom("never" as const, "on-failure" as const, "always" as const),
  maxRestarts: fc.integer({ min: 1, max: 3 }),
}).map(({ hasReadyLine, ...rest }) => ({ ...(hasReadyLine ? READY_POLICY : POLICY), ...rest }));

/** What happens next; what cannot happen in the present state does not. */
const anyAct = fc.oneof(
  { arbitrary: fc.constantFrom("start", "restart", "anonymous_restart", "spawned"), weight: 6 },
  { arbitrary: fc.constantFrom("spawn_failed", "ready", "over", "healthy_over"), weight: 6 },
  { arbitrary: fc.constantFrom("ok_over", "backoff", "overdue", "late", "answer"), weight: 6 },
  { arbitrary: fc.constantFrom("close", "stop", "force"), weight: 1 },
);

const anySchedule = fc.array(anyAct, { maxLength: 60 });

function act(world: ChildWorld, what: string): void {
  const { state, spawning, live, timers } = world;
  if (what === "start") world.input({ type: "start" });
  if (what === "restart") world.restart();
  if (what === "anonymous_restart") world.input({ type: "restart" });
  if (what === "spawned" || what === "answer") spawning !== undefined && world.spawned();
  if (what === "spawn_failed" && spawning !== undefined) world.spawnFailed();
  if (what === "ready" && live) world.ready();
  if (what === "over" && live) world.over(3);
  if (what === "ok_over" && live) world.over(0);
  if (what === "healthy_over" && live) world.over(1, 2_000);
  if (what === "backoff" && timers.has("backoff")) world.fire("backoff");
  if (what === "overdue" && timers.has("ready")) world.fire("ready");
  if (what === "close") world.input({ type: "close" });
  if (what === "stop") world.input({ type: "stop" });
  if (what === "force") world.input({ type: "stop", isForced: true });
  if (what === "late") {
    for (const input of inputsOf(state.incarnation - 1)) assertEquals(world.input(input), []);
  }
}

Deno.test("stepChild(): whatever happens, a shutdown ends it and nothing is left", () => {
  fc.assert(
    fc.property(anyPolicy, anySchedule, fc.boolean(), (policy, schedule, isForced) => {
      const world = new ChildWorld(policy);
      for (const what of schedule) act(world, what);
      const incarnations = world.state.incarnation;
      world.input({ type: "stop", isForced });
      assertEquals(world.open, 0, "a shutdown leaves nobody waiting");
      if (world.spawning !== undefined) world.spawned();
      if (world.live) {
        assert(world.live.stop !== "none");
        world.over(143, 10, "SIGTERM");
      }
      assert(isAtRest(world.state));
      assertEquals(world.state.incarnation, incarnations);
      const ends = world.ends.length;
      assert(ends > 0);
      for (const what of schedule) act(world, what);
      for (const input of inputsOf(incarnations)) assertEquals(world.input(input), []);
      assertEquals([world.state.incarnation, world.ends.length], [incarnations, ends]);
      const seen = (name: string) => world.eventNames.filter((event) => event === name).length;
      assertEquals(seen("child_started"), seen("child_exited"));
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("stepChild(): from wherever it is, 50 requests lead to at most two incarnations", () => {
  fc.assert(
    fc.property(anyPolicy, anySchedule, (policy, schedule) => {
      const world = new ChildWorld(policy);
      for (const what of schedule) act(world, what);
      fc.pre(!world.state.isClosed);
      const { phase, incarnation } = world.state;
      const waiters = Array.from({ length: 50 }, () => world.restart());
      world.input({ type: "start" });
      world.calmDown();
      assert(isUp(world.state), world.state.phase);
      assertEquals(new Set(waiters.map((id) => world.settled.get(id))), new Set(["started"]));
      const isFirstAsNew = phase === "waiting" || phase === "starting";
      assertEquals(world.state.incarnation - incarnation, isFirstAsNew ? 1 : 2, phase);
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("stepChild(): no more automatic restarts in a row than allowed, and none too long", () => {
  fc.assert(
    fc.property(anyPolicy, fc.array(fc.constantFrom("over", "overdue")), (policy, crashes) => {
      const world = new ChildWorld({ ...policy, restart: "always" });
      world.input({ type: "start" });
      for (const crash of crashes) {
        if (world.spawning !== undefined) world.spawned();
        if (crash === "overdue" && world.timers.has("ready")) world.fire("ready");
        if (world.live) world.over(0);
        assert((world.timers.get("backoff")?.ms ?? 0) <= policy.backoff.maxMs);
        if (world.timers.has("backoff")) world.fire("backoff");
      }
      assertEquals(world.state.phase === "given_up", crashes.length > policy.maxRestarts);
      assert(world.state.incarnation <= policy.maxRestarts + 1);
    }),
  );
});
