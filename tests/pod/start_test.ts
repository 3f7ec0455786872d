import { assertEquals, assertRejects } from "@std/assert";
import type { Event } from "../../lib/protocol/mod.ts";
import { modeOf, namesIn, readText } from "./_files.ts";
import { hang, respond, say, ScriptedEngine } from "./_scripted_engine.ts";
import { RawClient } from "./_raw_client.ts";
import { TestPod } from "./_test_pod.ts";

Deno.test("PodController starts_idle: status, runtime files, and nothing left behind", async () => {
  const pod = await TestPod.start(new ScriptedEngine(), { manifest: 'model = "script"\n' });
  const { runtimeDir, socketPath } = pod.handle;
  assertEquals(pod.handle.status, "idle");
  assertEquals(JSON.parse(readText(`${runtimeDir}/status.json`)), {
    pod_name: "agent",
    segment_id: "",
    state: "idle",
  });
  assertEquals(readText(`${runtimeDir}/pid`), String(Deno.pid));
  assertEquals(readText(`${runtimeDir}/manifest.toml`), 'model = "script"\n');
  assertEquals(readText(`${runtimeDir}/spawned_pods.json`), "[]");
  assertEquals(namesIn(`${runtimeDir}/bash-output`), []);
  assertEquals(modeOf(socketPath), 0o600);
  assertEquals(modeOf(runtimeDir), 0o700);
  await pod.stop();
  await assertRejects(() => Deno.stat(runtimeDir), Deno.errors.NotFound);
  await pod[Symbol.asyncDispose]();
});

Deno.test("PodController tells a new client alerts, then the snapshot, then live events", async () => {
  await using pod = await TestPod.start(new ScriptedEngine(say("hi")), {
    scopeSummary: "write: .",
  });
  pod.handle.alert("warn", "agents_md", "look out");
  await using client = await RawClient.connect(pod.handle.socketPath);
  const [alert, snapshot] = await client.until("snapshot");
  assertEquals(alert?.event, "alert");
  assertEquals(snapshot?.event === "snapshot" && snapshot.data, {
    entries: [],
    greeting: {
      pod_name: "agent",
      cwd: pod.root,
      provider: "unknown",
      model: "script",
      scope_summary: "write: .",
      tools: ["Glob", "Read"],
      context_window: 1000,
      context_tokens: 0,
      protocol: 1,
      features: ["method_id", "event_seq", "open_blocks", "resync"],
    },
    status: "idle",
  });
  await pod.run();
  assertEquals((await client.read())?.event, "status");
  await pod.events.settled();
});

Deno.test("PodController P10: events carry rising numbers, beginning at the snapshot's", async () => {
  await using pod = await TestPod.start(new ScriptedEngine(say("one"), say("two")));
  await pod.runToEnd();
  await using client = await RawClient.connect(pod.handle.socketPath);
  const [snapshot] = await client.until("snapshot");
  await pod.runToEnd();
  const live = await client.until("run_end");
  const numbers = live.map((event) => event.seq);
  assertEquals(numbers, numbers.map((_, index) => snapshot!.seq! + index + 1));
});

Deno.test("PodController attach_in_flight: status running, and the submission is in the snapshot", async () => {
  await using pod = await TestPod.start(new ScriptedEngine(hang()));
  await pod.runUntil("user_message");
  const { client, snapshot } = await pod.connect();
  await using _client = client;
  assertEquals(snapshot.data.status, "running");
  assertEquals(kindsOf(snapshot.data.entries), ["segment_start", "invoke", "user_input"]);
  await pod.send({ method: "cancel" });
  await pod.events.settled();
});

Deno.test("PodController W36, P5: a client that attaches in a response gets its open blocks", async () => {
  const engine = new ScriptedEngine(hang((_turn, sink) => {
    sink.emit({ event: "turn_start", data: { turn: 0 } });
    sink.emit({ event: "llm_call_start", data: { llm_call: 0 } });
    sink.emit({ event: "thinking_start" });
    sink.emit({ event: "thinking_delta", data: { text: "hm" } });
    sink.emit({ event: "thinking_done", data: { text: "hm" } });
    sink.emit({ event: "text_delta", data: { text: "Hel" } });
    sink.emit({ event: "text_delta", data: { text: "lo" } });
    sink.emit({ event: "tool_call_start", data: { id: "c1", name: "Read" } });
    sink.emit({ event: "tool_call_args_delta", data: { id: "c1", json: '{"a' } });
  }));
  await using pod = await TestPod.start(engine);
  await pod.runUntil("tool_call_args_delta");
  await using client = await RawClient.connect(pod.handle.socketPath);
  await client.until("snapshot");
  const open = [];
  for (let count = 0; count < 6; count++) open.push(await client.read());
  assertEquals(open, [
    { event: "thinking_start" },
    { event: "thinking_delta", data: { text: "hm" } },
    { event: "thinking_done", data: { text: "hm" } },
    { event: "text_delta", data: { text: "Hello" } },
    { event: "tool_call_start", data: { id: "c1", name: "Read" } },
    { event: "tool_call_args_delta", data: { id: "c1", json: '{"a' } },
  ] as Event[]);
  await pod.send({ method: "cancel" });
  await pod.events.settled();
  await using late = await RawClient.connect(pod.handle.socketPath);
  await late.until("snapshot");
  await late.ping();
});

Deno.test("PodController alerts_replay_once: kept alerts before the snapshot, later ones live", async () => {
  await using pod = await TestPod.start(new ScriptedEngine(), { now: () => 1234 });
  pod.handle.alert("warn", "pod", "one");
  pod.handle.alert("error", "worker", "two");
  await using client = await RawClient.connect(pod.handle.socketPath);
  const first = await client.until("snapshot");
  assertEquals(alertsOf(first), ["one", "two"]);
  assertEquals(first[0], {
    event: "alert",
    data: { level: "warn", source: "pod", message: "one", timestamp_ms: 1234 },
  });
  pod.handle.alert("warn", "pod", "three");
  assertEquals(alertsOf(await client.until("alert")), ["three"]);
  assertEquals(alertsOf([...pod.events.all]), ["one", "two", "three"]);
});

Deno.test("PodController alert_cap: the newest 512 alerts are kept", async () => {
  await using pod = await TestPod.start(new ScriptedEngine());
  for (let number = 1; number <= 562; number++) pod.handle.alert("warn", "pod", `${number}`);
  await using client = await RawClient.connect(pod.handle.socketPath);
  const alerts = alertsOf(await client.until("snapshot"));
  assertEquals([alerts.length, alerts[0], alerts.at(-1)], [512, "51", "562"]);
});

Deno.test("PodController W33, P22: status.json and the greeting follow the segment", async () => {
  const seen: string[] = [];
  const statusFile = () => JSON.parse(readText(`${pod.handle.runtimeDir}/status.json`));
  const engine = new ScriptedEngine((_turn, sink) => {
    const { state, segment_id } = statusFile();
    seen.push(state, segment_id === sink.segmentId ? "this segment" : segment_id);
    respond(sink, "hi");
    return { kind: "finished" };
  });
  engine.compact = () => Promise.resolve({ kind: "compacted", history: [] });
  await using pod = await TestPod.start(engine);
  await pod.runToEnd();
  assertEquals(seen, ["running", "this segment"]);
  const { client, snapshot } = await pod.connect();
  await using _client = client;
  assertEquals(snapshot.data.greeting.context_tokens, 15);
  const before = statusFile().segment_id;
  await pod.send({ method: "compact" });
  const { data } = await pod.events.next("compact_done");
  assertEquals(statusFile(), {
    pod_name: "agent",
    segment_id: data.new_segment_id,
    state: "idle",
  });
  assertEquals(before === data.new_segment_id, false);
});

Deno.test("PodController attaches two clients that see the same, byte for byte", async () => {
  await using pod = await TestPod.start(new ScriptedEngine(say("hi"), say("again")));
  await using one = await RawClient.connect(pod.handle.socketPath);
  await using two = await RawClient.connect(pod.handle.socketPath);
  await Promise.all([one.until("snapshot"), two.until("snapshot")]);
  await pod.runToEnd();
  await pod.runToEnd();
  await pod.stop();
  const [first, second] = await Promise.all([one.rest(), two.rest()]);
  assertEquals(first, second);
  assertEquals(first.at(-1)?.event, "shutdown");
  const start = pod.events.all.findIndex((event) => event.event === "snapshot") + 1;
  assertEquals(pod.events.all.slice(start), first);
});

function alertsOf(events: readonly (Event | undefined)[]): string[] {
  return events.flatMap((event) => event?.event === "alert" ? [event.data.message] : []);
}

function kindsOf(entries: readonly unknown[]): string[] {
  return entries.map((entry) => (entry as { kind: string }).kind);
}
