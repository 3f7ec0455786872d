import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { identify, isAlive, liveGroupMembers } from "../../lib/process/identity.ts";
import { Supervisor } from "../../lib/supervisor/supervisor.ts";
import { SupervisorError } from "../../lib/supervisor/supervisor_error.ts";
import { until } from "../process/_system.ts";
import { DEAF, FakeClock, OBEDIENT, Recorder, shell } from "./_supervised.ts";

Deno.test("Supervisor.start() refuses a configuration that cannot be run, and starts nothing", () => {
  const error = assertThrows(() => Supervisor.start({ children: [] }), SupervisorError);
  assertEquals(error.code, "invalid_config");
});

Deno.test("Supervisor: children start after those they need, and stop before them", async () => {
  const heard = new Recorder();
  await using supervisor = Supervisor.start({
    children: [
      shell("web", OBEDIENT, { startAfter: ["db", "cache"] }),
      shell("db", "echo up; exec sleep 600", { readyLine: "up" }),
      shell("cache", OBEDIENT, { startAfter: ["db"] }),
    ],
  }, { onEvent: heard.listen });
  await supervisor.started;
  assertEquals(heard.story(), ["db started", "db ready", "cache started", "web started"]);
  await supervisor.shutdown();
  assertEquals(heard.story().slice(4), ["web exited", "cache exited", "db exited"]);
});

Deno.test("Supervisor: children without a relation start and stop side by side", async () => {
  const folder = await Deno.makeTempDir();
  const heard = new Recorder();
  // Each waits for the other, at its start and at its end.
  const meet = (mine: string, other: string) =>
    `trap 'touch ${mine}.end; while [ ! -e ${other}.end ]; do sleep 0.01; done; exit 0' TERM
     touch ${mine}; while [ ! -e ${other} ]; do sleep 0.01; done; echo met
     while :; do sleep 0.01; done`;
  await using supervisor = Supervisor.start({
    children: [
      shell("a", meet("a", "b"), { readyLine: "met", cwd: folder }),
      shell("b", meet("b", "a"), { readyLine: "met", cwd: folder }),
    ],
  }, { onEvent: heard.listen });
  await supervisor.started;
  await supervisor.shutdown();
  assertEquals(heard.of("child_exited").map(({ code }) => code), [0, 0]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("Supervisor: what a dead child keeps from starting is told, and may start after a restart", async () => {
  const folder = await Deno.makeTempDir();
  const heard = new Recorder();
  await using supervisor = Supervisor.start({
    children: [
      shell("db", "[ -e go ] && echo up && exec sleep 600; exit 5", {
        readyLine: "up",
        cwd: folder,
      }),
      shell("web", OBEDIENT, { startAfter: ["db"] }),
      shell("log", OBEDIENT),
    ],
  }, { onEvent: heard.listen });
  const error = await assertRejects(() => supervisor.started);
  assertStringIncludes((error as Error).message, `Cannot start "db": it ended before it was up`);
  const [blocked] = heard.of("error");
  assertStringIncludes(blocked!.message, `Cannot start "web": "db" ended before it was up`);
  const refused = await assertRejects(() => supervisor.restart("web"), SupervisorError);
  assertEquals(refused.code, "given_up");
  await Deno.writeTextFile(`${folder}/go`, "");
  await supervisor.restart("db");
  await heard.nth("child_started", 1, "web");
  await supervisor.shutdown();
  assertEquals((await supervisor.done).code, 0);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("Supervisor: a critical child that can never start ends it, with the code of the other", async () => {
  await using supervisor = Supervisor.start({
    children: [
      shell("db", "exit 5", { readyLine: "up" }),
      shell("web", OBEDIENT, { startAfter: ["db"], critical: true }),
      shell("log", OBEDIENT),
    ],
  });
  const { code, reason } = await supervisor.done;
  assertEquals([code, reason.kind], [5, "critical_child"]);
});

Deno.test("Supervisor: is done by itself when all children have ended", async () => {
  const codes = [["exit 0", "exit 0"], ["exit 0", "exit 4"]];
  const done = await Promise.all(codes.map(async ([one, two]) => {
    await using supervisor = Supervisor.start({ children: [shell("a", one!), shell("b", two!)] });
    return await supervisor.done;
  }));
  assertEquals(done.map(({ code, reason }) => [code, reason.kind]), [[0, "all_ended"], [
    1,
    "all_ended",
  ]]);
});

Deno.test("Supervisor: a child that is not ready in time has failed", async () => {
  const heard = new Recorder();
  const clock = new FakeClock();
  await using supervisor = Supervisor.start({
    children: [
      shell("web", "trap 'exit 0' TERM; echo here; while :; do sleep 0.01; done", {
        readyLine: "there",
        readyTimeoutMs: 1_000,
        critical: true,
      }),
    ],
  }, { onEvent: heard.listen, clock });
  using _lines = supervisor.observe(heard.listen, { lines: true });
  await heard.nth("line", 1);
  clock.advance(1_000);
  assertEquals((await supervisor.done).code, 124);
});

Deno.test("Supervisor.shutdown({ now }) kills at once, also what is stopping gently", async () => {
  const heard = new Recorder();
  await using supervisor = Supervisor.start({
    children: [
      shell("a", DEAF, { readyLine: "deaf" }),
      shell("b", DEAF, { readyLine: "deaf", startAfter: ["a"] }),
    ],
  }, { onEvent: heard.listen });
  await supervisor.started;
  const gentle = supervisor.shutdown();
  const forced = supervisor.shutdown({ now: true, signal: "SIGINT" });
  await Promise.all([gentle, forced, supervisor.shutdown()]);
  assertEquals(heard.of("child_exited").map(({ signal }) => signal), ["SIGKILL", "SIGKILL"]);
  assertEquals((await supervisor.done).code, 130);
});

Deno.test("Supervisor: after shutdownTimeoutMs the rest is killed", async () => {
  const clock = new FakeClock();
  await using supervisor = Supervisor.start({
    shutdownTimeoutMs: 2_000,
    children: [
      shell("a", DEAF, { readyLine: "deaf" }),
      shell("b", DEAF, { readyLine: "deaf", startAfter: ["a"] }),
    ],
  }, { clock });
  await supervisor.started;
  const shutdown = supervisor.shutdown();
  clock.advance(1_999);
  assertEquals(supervisor.status().children.map(({ state }) => state), ["ready", "stopping"]);
  clock.advance(1);
  await shutdown;
  assertEquals(clock.size, 0);
  assertEquals((await supervisor.done).code, 0);
});

Deno.test("Supervisor: a signal of its owner shuts it down, also one that came before", async () => {
  const abort = new AbortController();
  await using supervisor = Supervisor.start({ children: [shell("web", OBEDIENT)] }, {
    signal: abort.signal,
  });
  await supervisor.started;
  abort.abort();
  assertEquals((await supervisor.done).code, 0);

  const heard = new Recorder();
  await using late = Supervisor.start({ children: [shell("web", OBEDIENT)] }, {
    signal: abort.signal,
    onEvent: heard.listen,
  });
  const refused = await assertRejects(() => late.started, SupervisorError);
  assertEquals(refused.code, "shutting_down");
  assertEquals((await late.done).code, 0);
  assertEquals(heard.events, []);
});

Deno.test("Supervisor: a listener that throws is a fault, which still ends every child", async () => {
  const heard = new Recorder();
  await using supervisor = Supervisor.start({ children: [shell("web", OBEDIENT)] }, {
    onEvent(event) {
      heard.listen(event);
      throw new Error("no more room");
    },
  });
  const { code, reason } = await supervisor.done;
  assertEquals([code, reason.kind], [70, "fault"]);
  assertEquals(liveGroupMembers(heard.of("child_started")[0]!.pid), []);
});

Deno.test("Supervisor: a crash is restarted; a process of its group is ended before", async () => {
  const heard = new Recorder();
  await using supervisor = Supervisor.start({
    children: [
      shell("web", "sleep 600 & echo $!; wait", {
        restart: "always",
        backoff: { initialMs: 1 },
        stopTimeoutMs: 50,
      }),
    ],
  }, { onEvent: heard.listen });
  using _lines = supervisor.observe(heard.listen, { lines: true });
  const { line, pid } = await heard.nth("line", 1);
  const helper = identify(Number(line))!;
  Deno.kill(pid, "SIGKILL");
  await heard.nth("line", 2);
  assert(!isAlive(helper));
  await supervisor.shutdown();
  await until(() => liveGroupMembers(pid).length === 0);
});
