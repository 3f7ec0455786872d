import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertLess,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { identify, isAlive, liveGroupMembers } from "../../lib/process/identity.ts";
import { Supervisor } from "../../lib/supervisor/supervisor.ts";
import type { ChildConfig } from "../../lib/supervisor/supervisor_config.ts";
import { SupervisorError } from "../../lib/supervisor/supervisor_error.ts";
import {
  DEAF,
  FakeClock,
  MemorySink,
  OBEDIENT,
  openDescriptors,
  Recorder,
  shell,
} from "./_supervised.ts";

Deno.test("scenario 1: three children are started and shut down, descriptors as before", async () => {
  const round = async () => {
    await using supervisor = Supervisor.start({
      children: [
        shell("a", "echo up; exec sleep 600", { readyLine: "up" }),
        shell("b", OBEDIENT, { startAfter: ["a"] }),
        shell("c", OBEDIENT),
      ],
    });
    await supervisor.started;
    assertEquals(supervisor.status().children.map(({ state }) => state), [
      "ready",
      "running",
      "running",
    ]);
    return supervisor.status().children.map(({ pid }) => pid!);
  };
  await round(); // what the runtime opens once for all time
  const before = await openDescriptors();
  const pids = await round();
  assertEquals(await openDescriptors(), before);
  assertEquals(pids.flatMap(liveGroupMembers), []);
});

Deno.test("scenario 2: 200 restarts leave no descriptor and never two live incarnations", async () => {
  const heard = new Recorder();
  const sink = new MemorySink();
  const two: number[] = [];
  const script = `i=0; while [ $i -lt 20 ]; do i=$((i+1)); echo "$$ line $i"; done; exec sleep 600`;
  await using supervisor = Supervisor.start({
    children: [shell("web", script, { readyLine: "line 20" })],
  }, {
    stdout: sink,
    onEvent(event) {
      heard.listen(event);
      if (event.event !== "child_started") return;
      const previous = heard.of("child_started").at(-2);
      if (previous && liveGroupMembers(previous.pid).length > 0) two.push(event.data.incarnation);
    },
  });
  await supervisor.started;
  await supervisor.restart("web");
  const before = await openDescriptors();
  for (let round = 1; round <= 200; round++) await supervisor.restart("web");
  assertEquals(await openDescriptors(), before);
  assertEquals(two, []);
  await supervisor.shutdown();

  const pids = heard.of("child_started").map(({ pid }) => pid);
  assertEquals(pids.length, 202);
  assertEquals(heard.of("child_exited").map(({ pid }) => pid), pids);
  const expected = pids.flatMap((pid) =>
    Array.from({ length: 20 }, (_, index) => `web | ${pid} line ${index + 1}`)
  );
  assertEquals((await sink.text()).trimEnd().split("\n"), expected);
});

Deno.test("scenario 3: a shutdown while a restart stops the old one starts nothing", async () => {
  const heard = new Recorder();
  await using supervisor = Supervisor.start({
    children: [shell("web", DEAF, { readyLine: "deaf", stopTimeoutMs: 100 })],
  }, { onEvent: heard.listen });
  await supervisor.started;
  const restart = supervisor.restart("web");
  const more = supervisor.restart("web");
  assertEquals(supervisor.status().children[0]!.state, "stopping");
  const shutdown = supervisor.shutdown();
  const refused = await Promise.all([restart, more].map((wait) => assertRejects(() => wait)));
  assertEquals(refused.map((error) => (error as SupervisorError).code), [
    "shutting_down",
    "shutting_down",
  ]);
  await shutdown;
  assertEquals(heard.story(), ["web started", "web ready", "web restarting", "web exited"]);
  assertEquals(await supervisor.done, { code: 0, reason: { kind: "asked" } });
});

Deno.test("scenario 4: 50 restarts requested at once are two incarnations", async () => {
  const heard = new Recorder();
  await using supervisor = Supervisor.start({ children: [shell("web", OBEDIENT)] }, {
    onEvent: heard.listen,
  });
  await supervisor.started;
  await Promise.all(Array.from({ length: 50 }, () => supervisor.restart("web")));
  assertEquals(supervisor.status().children[0]!.incarnation, 3);
  await supervisor.shutdown();
  assertEquals(heard.of("child_started").length, 3);
});

Deno.test("scenario 5: a child that ignores SIGTERM is killed after stopTimeoutMs", async () => {
  const heard = new Recorder();
  await using supervisor = Supervisor.start({
    children: [shell("web", DEAF, { readyLine: "deaf", stopTimeoutMs: 50 })],
  }, { onEvent: heard.listen });
  await supervisor.started;
  await supervisor.shutdown();
  const [exit] = heard.of("child_exited");
  assertEquals([exit!.code, exit!.signal], [137, "SIGKILL"]);
  assertEquals((await supervisor.done).code, 0);
});

Deno.test("scenario 5: a child that ends by itself in the instant of the stop", async () => {
  for (let round = 0; round < 20; round++) {
    const heard = new Recorder();
    await using supervisor = Supervisor.start({ children: [shell("web", "echo bye; exit 7")] });
    using _lines = supervisor.observe(heard.listen, { lines: true });
    await heard.nth("line", 1);
    await supervisor.shutdown();
    const [exit] = heard.of("child_exited");
    // It was faster, or the signal was.
    assert(exit!.code === 7 || exit!.signal === "SIGTERM");
    assertEquals(heard.of("error"), []);
  }
});

Deno.test("scenario 6: a process outside the group that holds stdout delays no restart and no stop", async () => {
  const heard = new Recorder();
  const holders = [];
  const script = `setsid sh -c 'echo $$; exec sleep 600' & wait`;
  await using supervisor = Supervisor.start({ children: [shell("web", script)] });
  using _lines = supervisor.observe(heard.listen, { lines: true });
  holders.push(identify(Number((await heard.nth("line", 1)).line))!);
  await supervisor.restart("web");
  holders.push(identify(Number((await heard.nth("line", 2)).line))!);
  await supervisor.shutdown();
  assertEquals(holders.map(isAlive), [true, true]);
  for (const { pid } of holders) Deno.kill(pid, "SIGKILL");
  assertEquals(heard.of("error"), []);
});

Deno.test("scenario 7: 200 MB for a slow reader are all there, in bounded memory", async () => {
  const last = 22_000_000;
  const bytes = 200_000_000;
  const seen = { bytes: 0, lines: 0, largest: 0, torn: 0, writes: 0 };
  const baseRss = Deno.memoryUsage().rss;
  let maxRss = 0;
  const decoder = new TextDecoder();
  const all = Promise.withResolvers<void>();
  const sink = {
    async write(chunk: Uint8Array) {
      const first = parseInt(decoder.decode(chunk.subarray(0, 32)).slice("web | ".length));
      if (chunk.at(-1) !== 10 || first !== seen.lines + 1) seen.torn++;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) seen.lines++;
      seen.bytes += chunk.length;
      seen.largest = Math.max(seen.largest, chunk.length);
      maxRss = Math.max(maxRss, Deno.memoryUsage().rss);
      // A reader that is behind all the time: the child is much faster.
      if (seen.writes++ % 4 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      if (seen.lines === last) all.resolve();
    },
  };
  await using supervisor = Supervisor.start({
    children: [shell("web", `seq ${last}; exec sleep 600`)],
  }, { stdout: sink });
  await all.promise;
  assertEquals([seen.lines, seen.torn], [last, 0]);
  assert(seen.bytes > bytes);
  assertLess(seen.largest, 1024 * 1024);
  assertLess(maxRss - baseRss, 128 * 1024 * 1024);
  await supervisor.shutdown();
});

Deno.test("scenario 7: a reader that takes nothing any more does not block a stop", async () => {
  const heard = new Recorder();
  const stuck = Promise.withResolvers<void>();
  const full = Promise.withResolvers<void>();
  let writes = 0;
  const sink = {
    write() {
      if (++writes < 10) return Promise.resolve();
      full.resolve();
      return stuck.promise;
    },
  };
  await using supervisor = Supervisor.start({
    children: [shell("web", "exec yes"), shell("log", "exec yes")],
  }, { stdout: sink, onEvent: heard.listen });
  await full.promise;
  await supervisor.restart();
  await supervisor.shutdown();
  assertEquals(heard.of("error"), []);
  assertEquals(writes, 10);
  stuck.resolve();
});

Deno.test("scenario 8: strange output", async () => {
  const stdout = new MemorySink();
  const stderr = new MemorySink();
  const heard = new Recorder();
  await using supervisor = Supervisor.start({
    children: [
      shell("no-newline", "printf 'no newline'"),
      shell("long", "head -c 1048576 /dev/zero | tr '\\0' x; echo"),
      shell("invalid", "printf 'a\\377\\376b\\n'"),
      shell("closed", "exec >&-; echo closed >&2; exec sleep 600", { readyLine: "closed" }),
      shell("silent", "exit 3"),
    ],
  }, { stdout, stderr, onEvent: heard.listen });
  await supervisor.started;
  for (const name of ["no-newline", "long", "invalid", "silent"]) {
    await heard.nth("child_exited", 1, name);
  }
  const { children } = supervisor.status();
  assertEquals(children.map(({ state }) => state), [
    "exited",
    "exited",
    "exited",
    "ready",
    "exited",
  ]);
  assertEquals(children[4]!.lastExit?.code, 3);
  await supervisor.shutdown();

  const lines = latin1(await stdout.bytes()).split("\n");
  const of = (name: string) =>
    lines.filter((line) => line.startsWith(`${name} | `)).map((line) =>
      line.slice(name.length + 3)
    );
  assertEquals(of("no-newline"), ["no newline"]);
  assertEquals(of("invalid"), ["a\xff\xfeb"]);
  assertEquals(of("long").join("").length, 1024 * 1024);
  assertEquals(of("silent"), []);
  assertEquals(await stderr.text(), "closed | closed\n");
});

Deno.test("scenario 9: a crash loop backs off to the cap, is given up, and takes the supervisor down", async () => {
  const heard = new Recorder();
  const clock = new FakeClock();
  const backoff = { initialMs: 100, maxMs: 500, factor: 2, resetAfterMs: 30_000 };
  const loop: Partial<ChildConfig> = { restart: "on-failure", backoff, maxRestarts: 5 };
  await using supervisor = Supervisor.start({
    children: [shell("web", "exit 3", { ...loop, critical: true }), shell("log", OBEDIENT)],
  }, { onEvent: heard.listen, clock });
  for (let round = 1; round <= 5; round++) {
    const { delayMs } = await heard.nth("child_restarting", round);
    clock.advance(delayMs - 1);
    assertEquals(supervisor.status().children[0]!.state, "backoff");
    clock.advance(1);
  }
  const { code, reason } = await supervisor.done;
  assertEquals([code, reason.kind], [3, "critical_child"]);
  assertEquals(heard.of("child_restarting").map(({ delayMs }) => delayMs), [
    100,
    200,
    400,
    500,
    500,
  ]);
  assertEquals(heard.of("child_given_up"), [{ child: "web" }]);
  assertEquals(heard.of("child_started", "web").length, 6);
  assertEquals(clock.size, 0);
});

Deno.test("scenario 10: a child that cannot be spawned is told clearly and leaves nothing", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/script`, "#!/bin/sh\n", { mode: 0o644 });
  const cases = [
    { command: [`${folder}/nothing`], code: 127, text: "no such program" },
    { command: [`${folder}/script`], code: 126, text: "not executable" },
    { command: ["true"], cwd: `${folder}/gone`, code: 127, text: "no such folder" },
  ];
  const run = async () => {
    for (const { code, text, ...child } of cases) {
      const heard = new Recorder();
      await using supervisor = Supervisor.start({
        children: [{ name: "web", restart: "never", critical: true, ...child }],
      }, { onEvent: heard.listen });
      const error = await assertRejects(() => supervisor.started);
      assertInstanceOf(error, SupervisorError);
      assertEquals(error.code, "given_up");
      assertEquals((await supervisor.done).code, code);
      const message = heard.of("error").map((data) => data.message).join();
      assertStringIncludes(message, `"web"`);
      assertStringIncludes(message, `"${child.command[0]}"`);
      assertStringIncludes(message, text);
      assertEquals(supervisor.status().children[0]!.lastExit?.code, code);
    }
  };
  await run();
  const before = await openDescriptors();
  await run();
  assertEquals(await openDescriptors(), before);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("scenario 10: a spawn that fails is restarted like any failure, and counts", async () => {
  const folder = await Deno.makeTempDir();
  const program = `${folder}/late`;
  const heard = new Recorder();
  await using supervisor = Supervisor.start({
    children: [{
      name: "web",
      command: [program],
      stopTimeoutMs: 100,
      backoff: { initialMs: 1, maxMs: 1 },
      maxRestarts: 1_000_000,
    }],
  }, { onEvent: heard.listen });
  await heard.nth("child_restarting", 3);
  assertEquals(heard.of("child_restarting")[0]!.reason, "spawn_failed");
  await Deno.writeTextFile(`${program}.tmp`, "#!/bin/sh\nexec sleep 600\n", { mode: 0o755 });
  await Deno.rename(`${program}.tmp`, program);
  await supervisor.started;
  await supervisor.shutdown();
  await Deno.remove(folder, { recursive: true });
});

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}
