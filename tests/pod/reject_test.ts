import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Event, EventOf, Method } from "../../lib/protocol/mod.ts";
import { hang, respond, say, ScriptedEngine } from "./_scripted_engine.ts";
import { RawClient } from "./_raw_client.ts";
import { TestPod, textInput } from "./_test_pod.ts";

const PAUSE: Method = { method: "pause" };
const CANCEL: Method = { method: "cancel" };

/** A Pod that was paused behind some text. */
async function pausedPod(...more: ConstructorParameters<typeof ScriptedEngine>): Promise<TestPod> {
  const pod = await TestPod.start(new ScriptedEngine(hang(talk), ...more));
  await pod.runUntil("text_delta");
  await pod.send(PAUSE);
  assertEquals(await pod.events.settled(), "paused");
  return pod;
}

const talk: Parameters<typeof hang>[0] = (_turn, sink) =>
  sink.emit({ event: "text_delta", data: { text: "He" } });

/** Sends a Method and gives the error that answers it. */
async function errorOf(pod: TestPod, method: Method): Promise<EventOf<"error">["data"]> {
  await pod.send(method);
  return (await pod.events.next("error")).data;
}

Deno.test("PodController double_run: already_running, and the first turn is unaffected", async () => {
  const gate = Promise.withResolvers<void>();
  const engine = new ScriptedEngine(async (_turn, sink) => {
    await gate.promise;
    respond(sink, "hi");
    return { kind: "finished" };
  });
  await using pod = await TestPod.start(engine);
  await pod.runUntil("user_message");
  const entries = await pod.kinds();
  const method: Method = { method: "run", params: { input: textInput("again") } };
  assertEquals((await errorOf(pod, method)).code, "already_running");
  assertEquals(await pod.kinds(), entries);
  gate.resolve();
  assertEquals((await pod.events.next("run_end")).data.result, "finished");
});

Deno.test("PodController resume_not_paused: idle gives not_paused, running already_running", async () => {
  await using pod = await TestPod.start(new ScriptedEngine(hang()));
  assertEquals((await errorOf(pod, { method: "resume" })).code, "not_paused");
  await pod.runUntil("user_message");
  assertEquals((await errorOf(pod, { method: "resume" })).code, "already_running");
});

Deno.test("PodController cancel_not_running: idle and paused; paused stays paused", async () => {
  await using pod = await pausedPod();
  assertEquals((await errorOf(pod, CANCEL)).code, "not_running");
  assertEquals(pod.handle.status, "paused");
  await using idle = await TestPod.start(new ScriptedEngine());
  assertEquals((await errorOf(idle, CANCEL)).code, "not_running");
});

Deno.test("PodController pause_idle: not_running", async () => {
  await using pod = await TestPod.start(new ScriptedEngine());
  assertEquals((await errorOf(pod, PAUSE)).code, "not_running");
});

Deno.test("PodController pause_paused, P26: the sender alone is told the status", async () => {
  await using pod = await pausedPod();
  const before = pod.events.all.length;
  await using client = await RawClient.connect(pod.handle.socketPath);
  await client.until("snapshot");
  await client.send({ ...PAUSE, id: "p" });
  assertEquals(await client.read(), { event: "status", data: { status: "paused" }, id: "p" });
  pod.handle.alert("warn", "pod", "behind it");
  await pod.events.next("alert");
  assertEquals(pod.events.all.length, before + 1);
});

Deno.test("PodController compact_running: already_running, and the message names compact", async () => {
  await using pod = await TestPod.start(new ScriptedEngine(hang()));
  await pod.runUntil("user_message");
  const { code, message } = await errorOf(pod, { method: "compact" });
  assertEquals(code, "already_running");
  assertStringIncludes(message, "compact");
});

Deno.test("PodController compact_paused, rewind_paused: invalid_request", async () => {
  await using pod = await pausedPod();
  assertEquals((await errorOf(pod, { method: "compact" })).code, "invalid_request");
  const target = { segment_id: pod.pointer.segmentId, user_input_entry_index: 2 };
  const rewind: Method = { method: "rewind_to", params: { target, expected_head_entries: 3 } };
  assertEquals((await errorOf(pod, rewind)).code, "invalid_request");
  assertEquals(pod.handle.status, "paused");
});

Deno.test("PodController discovery_running: already_running for all three", async () => {
  const asked: string[] = [];
  const ask = (name: string) => () => Promise.resolve(void asked.push(name));
  const discovery = {
    listPods: ask("list"),
    restorePod: ask("restore"),
    registerPeer: ask("peer"),
  };
  await using pod = await TestPod.start(new ScriptedEngine(hang()), { discovery });
  await pod.runUntil("user_message");
  for (const method of discoveryMethods()) {
    assertEquals((await errorOf(pod, method)).code, "already_running");
  }
  assertEquals(asked, []);
});

Deno.test("PodController answers discovery by its port, and says so when it has none", async () => {
  await using without = await TestPod.start(new ScriptedEngine());
  for (const method of discoveryMethods()) {
    const { code, message } = await errorOf(without, method);
    assertEquals(code, "invalid_request");
    assertStringIncludes(message, "without discovery");
  }
  const discovery = {
    listPods: () => Promise.resolve([{ pod_name: "agent" }]),
    restorePod: (name: string) => Promise.reject(new Error(`no Pod "${name}"`)),
    registerPeer: () => Promise.resolve(1n),
  };
  await using pod = await TestPod.start(new ScriptedEngine(), { discovery });
  await pod.send({ method: "list_pods", id: "l" });
  const listed = await pod.events.next("pods_listed");
  assertEquals([listed.data.pods, listed.id], [[{ pod_name: "agent" }], "l"]);
  assertEquals(await errorOf(pod, { method: "restore_pod", params: { name: "x" } }), {
    code: "invalid_request",
    message: 'no Pod "x"',
  });
  const unencodable: Method = { method: "register_peer", params: { name: "x" } };
  assertEquals((await errorOf(pod, unencodable)).code, "internal");
});

Deno.test("PodController W17: a slow discovery holds up nothing", async () => {
  const asked = Promise.withResolvers<void>();
  const result = Promise.withResolvers<unknown>();
  const discovery = {
    listPods: () => {
      asked.resolve();
      return result.promise;
    },
    restorePod: () => Promise.resolve({}),
    registerPeer: () => Promise.resolve({}),
  };
  await using pod = await TestPod.start(new ScriptedEngine(say("hi")), { discovery });
  await pod.send({ method: "list_pods" });
  await asked.promise;
  await pod.runToEnd();
  assert(!pod.events.names().includes("pods_listed"));
  result.resolve([]);
  await pod.events.next("pods_listed");
});

Deno.test("PodController W44: an empty run is invalid_request in every phase that could run it", async () => {
  await using pod = await pausedPod();
  const method: Method = { method: "run", params: { input: [] } };
  assertEquals((await errorOf(pod, method)).code, "invalid_request");
  assertEquals(pod.handle.status, "paused");
});

Deno.test("PodController bad_workflow, W13: input the engine refuses changes nothing, also paused", async () => {
  const engine = new ScriptedEngine(hang(talk), say("resumed"));
  engine.admit = ([segment]) =>
    segment?.kind === "workflow_invoke"
      ? { code: "invalid_request", message: 'no workflow "x"' }
      : undefined;
  const reports: string[] = [];
  await using pod = await TestPod.start(engine, {
    report: (event) => Promise.resolve(void reports.push(event.kind)),
  });
  await pod.runUntil("text_delta");
  await pod.send(PAUSE);
  await pod.events.settled();
  const entries = await pod.kinds();
  const error = await errorOf(pod, {
    method: "run",
    params: { input: [{ kind: "workflow_invoke", slug: "x" }] },
  });
  assertEquals(error, { code: "invalid_request", message: 'no workflow "x"' });
  assertEquals(pod.handle.status, "paused");
  assertEquals(await pod.kinds(), entries);
  await pod.send({ method: "resume" });
  assertEquals((await pod.events.next("run_end")).data.result, "finished");
  await pod.stop();
  assertEquals(reports, ["turn_ended", "shut_down"]);
});

Deno.test("PodController invalid_json, invalid_schema: that client alone is told and stays usable", async () => {
  await using pod = await TestPod.start(new ScriptedEngine(say("hi")));
  await using client = await RawClient.connect(pod.handle.socketPath);
  await client.until("snapshot");
  const before = pod.events.all.length;
  const lines = [
    "{oops",
    "[]",
    '{"method":"fly"}',
    '{"method":"run"}',
    '{"method":"__proto__"}',
    '{"method":"toString"}',
    '{"method":"run","params":{"input":[{"kind":"text"}]}}',
    `{"method":"notify","params":{"message":"x","extra":${"[".repeat(500)}${"]".repeat(500)}}}x`,
  ];
  for (const line of lines) {
    await client.write(`${line}\n`);
    const event: Event | undefined = await client.read();
    assert(event?.event === "error", line);
    assertEquals(event.data.code, "invalid_request");
    assertStringIncludes(event.data.message, "invalid method");
  }
  await client.write(new Uint8Array([0x7b, 0xff, 0xfe, 0x0a]));
  assertEquals((await client.read())?.event, "error");
  await client.write("\n  \r\n");
  await client.write('{"method":"run","params":{"input":[{"kind":"text","content":"ok"}]}}\r\n');
  await client.until("run_end");
  await pod.events.settled();
  assert(!pod.events.all.slice(before).some((event) => event.event === "error"));
});

Deno.test("PodController silent_disconnect: nobody hears of a client that just leaves", async () => {
  await using pod = await TestPod.start(new ScriptedEngine());
  const before = pod.events.all.length;
  const client = await RawClient.connect(pod.handle.socketPath);
  await client.until("snapshot");
  client.close();
  await using second = await RawClient.connect(pod.handle.socketPath);
  await second.until("snapshot");
  await second.endWriting();
  assertEquals(await second.rest(), []);
  assertEquals(pod.events.all.length, before);
  assertEquals(pod.developerLog(), "");
});

Deno.test("PodController long_line_under_load, W7, P1: a line in pieces arrives whole while events stream", async () => {
  const engine = new ScriptedEngine(async (turn, sink) => {
    let number = 0;
    while (!turn.signal.aborted) {
      sink.emit({ event: "text_delta", data: { text: `${number++} ` } });
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    return { kind: "aborted" };
  }, say("done"));
  await using pod = await TestPod.start(engine);
  await pod.runUntil("text_delta");
  await using client = await RawClient.connect(pod.handle.socketPath);
  await client.until("text_delta");
  const content = "é".repeat(500_000);
  const reading = client.until("system_item");
  const line = new TextEncoder().encode(
    `${JSON.stringify({ method: "notify", params: { message: content } })}\n`,
  );
  for (let start = 0; start < line.length; start += 30_001) {
    await client.write(line.subarray(start, start + 30_001));
  }
  await client.send({ method: "cancel" });
  const [item] = (await reading).slice(-1);
  assert(item?.event === "system_item");
  assertEquals((item.data.item as { message: string }).message, content);
  await pod.events.next("run_end");
});

Deno.test("PodController P6: a line over the cap is skipped and answered, the next one is read", async () => {
  await using pod = await TestPod.start(new ScriptedEngine());
  await using client = await RawClient.connect(pod.handle.socketPath);
  await client.until("snapshot");
  const part = new Uint8Array(1024 * 1024).fill(0x78);
  for (let count = 0; count < 33; count++) await client.write(part);
  await client.write("\n");
  const event = await client.read();
  assert(event?.event === "error");
  assertStringIncludes(event.data.message, "invalid method");
  await client.ping();
});

function discoveryMethods(): Method[] {
  return [
    { method: "list_pods" },
    { method: "restore_pod", params: { name: "x" } },
    { method: "register_peer", params: { name: "x" } },
  ];
}
