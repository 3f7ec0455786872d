import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { isAlive, liveGroupMembers } from "../../lib/process/identity.ts";
import { Incarnation } from "../../lib/supervisor/incarnation.ts";
import { type OutputSink, SharedSink } from "../../lib/supervisor/output_sink.ts";
import { type ChildConfig, completeConfig } from "../../lib/supervisor/supervisor_config.ts";
import { SupervisorError } from "../../lib/supervisor/supervisor_error.ts";
import { DEAF, FakeClock, MemorySink, OBEDIENT, shell } from "./_supervised.ts";

function start(child: ChildConfig, sink: OutputSink = new MemorySink()) {
  const stdout = new SharedSink(sink);
  const clock = new FakeClock();
  const ready = Promise.withResolvers<void>();
  const failures: unknown[] = [];
  const incarnation = Incarnation.start(completeConfig({ children: [child] }).children[0]!, {
    sinks: { stdout, stderr: stdout },
    form: () => ({}),
    onReady: ready.resolve,
    onFailure: (error) => failures.push(error),
    clock,
  });
  return { incarnation, clock, ready: ready.promise, failures };
}

Deno.test("Incarnation: is over by itself, with its code and how long it ran", async () => {
  const sink = new MemorySink();
  const script = "echo ready >&2; read line; echo out; exit 3";
  const { incarnation, clock, ready } = start(shell("web", script, { readyLine: "ready" }), sink);
  clock.advance(1_234);
  await ready;
  assertEquals(await incarnation.over, { code: 3, signal: null, ranMs: 1_234 });
  assertEquals((await sink.text()).split("\n").sort(), ["", "out", "ready"]);
});

Deno.test("Incarnation.stop() asks with the child's signal, and knows which process it is", async () => {
  const script = `trap "exit 9" INT; echo up; while :; do sleep 0.01; done`;
  const child = shell("web", script, { readyLine: "up", stopSignal: "SIGINT" });
  const { incarnation, ready } = start(child);
  await ready;
  assertEquals(incarnation.identity?.pid, incarnation.pid);
  incarnation.stop();
  incarnation.stop();
  assertEquals((await incarnation.over).code, 9);
  assert(!isAlive(incarnation.identity!));
  incarnation.stop();
});

Deno.test("Incarnation.kill() cuts a gentle stop short", async () => {
  const { incarnation, ready, failures } = start(shell("web", DEAF, { readyLine: "deaf" }));
  await ready;
  incarnation.stop();
  incarnation.kill();
  assertEquals((await incarnation.over).signal, "SIGKILL");
  assertEquals(liveGroupMembers(incarnation.pid), []);
  assertEquals(failures, []);
});

Deno.test("Incarnation.over waits for the last write of a slow sink", async () => {
  const sink = new MemorySink();
  const slow = {
    async write(bytes: Uint8Array) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await sink.write(bytes);
    },
  };
  const { incarnation } = start(shell("web", "echo out; printf last"), slow);
  await incarnation.over;
  assertEquals(await sink.text(), "out\nlast\n");
});

Deno.test("Incarnation.over gives a sink up that takes nothing", async () => {
  const never = Promise.withResolvers<void>();
  const { incarnation, failures } = start(shell("web", "echo out; exec yes"), {
    write: () => never.promise,
  });
  incarnation.stop();
  await incarnation.over;
  assertEquals(failures, []);
  never.resolve();
});

Deno.test("Incarnation.start() says why there is no process", () => {
  const missing: ChildConfig = { name: "web", command: ["/nowhere/program"] };
  const error = assertThrows(() => start(missing), SupervisorError);
  assertEquals([error.code, error.exitCode], ["spawn_failed", 127]);
  assertStringIncludes(error.message, `Cannot start child "web": `);
  assertStringIncludes(error.message, `"/nowhere/program"`);
});

Deno.test("Incarnation: variables and folder of the child", async () => {
  const sink = new MemorySink();
  const child = shell("web", "echo $WORD; pwd", { env: { WORD: "here" }, cwd: "/" });
  await start(child, sink).incarnation.over;
  assertEquals(await sink.text(), "here\n/\n");
  const { incarnation } = start(shell("web", OBEDIENT));
  incarnation.kill();
  await incarnation.over;
});
