import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type ChildrenPort } from "../../lib/pod/mod.ts";
import { NOTE_CAPACITY, notificationBody, podEventLine } from "../../lib/pod/notes.ts";
import type { Method, PodEvent } from "../../lib/protocol/mod.ts";
import { messageText } from "../../lib/session/mod.ts";
import { hang, respond, say, ScriptedEngine } from "./_scripted_engine.ts";
import { RawClient } from "./_raw_client.ts";
import { TestPod } from "./_test_pod.ts";

function notify(message: string, auto_run = true): Method {
  return { method: "notify", params: { message, auto_run } };
}

function report(event: PodEvent): Method {
  return { method: "pod_event", params: event };
}

/** Children that note what they were told. */
class FakeChildren implements ChildrenPort {
  readonly applied: PodEvent[] = [];
  readonly standings = new Map([["child", "known" as const]]);
  passOn: PodEvent | undefined;

  standing(event: PodEvent): ReturnType<ChildrenPort["standing"]> {
    const name = event.kind === "scope_sub_delegated" ? event.parent_pod : event.pod_name;
    return this.standings.get(name) ?? "stranger";
  }

  apply(event: PodEvent): Promise<PodEvent | undefined> {
    this.applied.push(event);
    return Promise.resolve(this.passOn);
  }
}

const talk = hang((_turn, sink) => sink.emit({ event: "text_delta", data: { text: "He" } }));

Deno.test("PodController notify_idle: one turn, the text in the log and in the history", async () => {
  const engine = new ScriptedEngine(say("noted"));
  await using pod = await TestPod.start(engine);
  await pod.send(notify("build is green"));
  await pod.events.settled();
  assertEquals(engine.kinds, ["notification"]);
  assertEquals(pod.events.names().slice(0, 5), [
    "status{running}",
    "segment_rotated",
    "invoke_start{notify}",
    "turn_start",
    "system_item",
  ]);
  assert(!pod.events.names().includes("user_message"));
  const item = (await pod.entries()).find((entry) => entry.kind === "system_item");
  assert(item?.kind === "system_item" && item.item.kind === "notification");
  assertEquals(item.item.message, "build is green");
  assertEquals(item.item.body, notificationBody("build is green"));
});

Deno.test("PodController notify_weak: nothing happens until the next run, which carries it", async () => {
  const engine = new ScriptedEngine(say("ok"));
  await using pod = await TestPod.start(engine);
  const before = pod.events.all.length;
  await pod.send(notify("step 2", false));
  assertEquals([pod.handle.status, engine.kinds], ["idle", []]);
  await pod.runToEnd("go");
  assertEquals(engine.kinds, ["run"]);
  const names = pod.events.all.slice(before).map((event) => event.event);
  assert(names.indexOf("system_item") > names.indexOf("user_message"));
});

Deno.test("PodController notify_running, notify_last_call, W5: queued, then delivered by a turn of its own", async () => {
  const gate = Promise.withResolvers<void>();
  const engine = new ScriptedEngine(async (_turn, sink) => {
    respond(sink, "last words");
    await gate.promise;
    return { kind: "finished" };
  }, say("noted"));
  await using pod = await TestPod.start(engine);
  await pod.runUntil("text_done");
  await pod.send(notify("built"));
  gate.resolve();
  await pod.events.next("run_end");
  await pod.events.next("system_item");
  assertEquals(await pod.events.settled(), "idle");
  assertEquals(engine.kinds, ["run", "notification"]);
  assert(!pod.events.names().some((name) => name.startsWith("error")));
});

Deno.test("PodController notify_paused: stays paused, and the resumed turn takes it", async () => {
  const engine = new ScriptedEngine(talk, say("noted"));
  await using pod = await TestPod.start(engine);
  await pod.runUntil("text_delta");
  await pod.send({ method: "pause" });
  await pod.events.settled();
  await pod.send(notify("built"));
  assertEquals(pod.handle.status, "paused");
  await pod.send({ method: "resume" });
  await pod.events.next("system_item");
  await pod.events.settled();
  assertEquals(engine.kinds, ["run", "resume"]);
});

Deno.test("PodController notify_fifo_cap, W35: the oldest are dropped, the rest in order, one alert", async () => {
  const engine = new ScriptedEngine(say("ok"));
  await using pod = await TestPod.start(engine);
  for (let number = 1; number <= NOTE_CAPACITY + 5; number++) {
    await pod.send(notify(`n${number}`, false));
  }
  await pod.runToEnd();
  const messages = (await pod.entries()).flatMap((entry) =>
    entry.kind === "system_item" && entry.item.kind === "notification" ? [entry.item.message] : []
  );
  assertEquals(messages, Array.from({ length: NOTE_CAPACITY }, (_, index) => `n${index + 6}`));
  assertEquals(pod.events.names().filter((name) => name === "alert").length, 1);
});

Deno.test("notificationBody() notify_body: the marker, the message, and that it does not block", () => {
  const body = notificationBody("build is green");
  assertStringIncludes(body, "[Notification]\nbuild is green\n");
  assertStringIncludes(body, "not a blocking request");
});

Deno.test("podEventLine() event_text: each line names the Pod, and the message", () => {
  assertStringIncludes(podEventLine({ kind: "turn_ended", pod_name: "w" }), "`w` finished");
  const errored = podEventLine({ kind: "errored", pod_name: "w", message: "no key" });
  assertStringIncludes(errored, "`w`");
  assertStringIncludes(errored, "no key");
  assertStringIncludes(podEventLine({ kind: "shut_down", pod_name: "w" }), "`w` shut down");
});

Deno.test("PodController drain_only_at_head: notes enter the history only when the engine takes them", async () => {
  const gate = Promise.withResolvers<void>();
  const engine = new ScriptedEngine(async (_turn, sink) => {
    sink.takeNotes();
    sink.emit({ event: "text_delta", data: { text: "He" } });
    await gate.promise;
    const before = sink.history.length;
    assertEquals(before, 1);
    sink.takeNotes();
    const taken = sink.history.slice(before);
    sink.takeNotes();
    assertEquals(sink.history.length, before + taken.length);
    assertEquals(taken.map((item) => item.kind === "message" && messageText(item)), [
      notificationBody("one"),
      notificationBody("two"),
    ]);
    return { kind: "finished" };
  });
  await using pod = await TestPod.start(engine);
  await pod.runUntil("text_delta");
  await pod.send(notify("one"));
  await pod.send(notify("two"));
  gate.resolve();
  assertEquals((await pod.events.next("run_end")).data.result, "finished");
});

Deno.test("PodController pod_event_idle: one turn of its own kind, in the log and on the socket", async () => {
  const children = new FakeChildren();
  const engine = new ScriptedEngine(say("noted"));
  await using pod = await TestPod.start(engine, { children });
  await using client = await RawClient.connect(pod.handle.socketPath);
  await client.until("snapshot");
  await client.send(report({ kind: "turn_ended", pod_name: "child" }));
  const item = (await client.until("system_item")).at(-1);
  assert(item?.event === "system_item");
  assertEquals((item.data.item as { kind: string }).kind, "pod_event");
  await pod.events.settled();
  assertEquals(engine.kinds, ["notification"]);
  assert(pod.events.names().includes("invoke_start{pod_event}"));
  assertEquals(children.applied, [{ kind: "turn_ended", pod_name: "child" }]);
});

Deno.test("PodController pod_event_running, pod_event_paused: one entry, taken by the next turn", async () => {
  const children = new FakeChildren();
  const engine = new ScriptedEngine(talk, say("noted"));
  await using pod = await TestPod.start(engine, { children });
  await pod.runUntil("text_delta");
  await pod.send(report({ kind: "turn_ended", pod_name: "child" }));
  await pod.send({ method: "pause" });
  await pod.events.settled();
  await pod.send(report({ kind: "errored", pod_name: "child", message: "no key" }));
  assertEquals(pod.handle.status, "paused");
  assertEquals(children.applied.length, 2);
  await pod.send({ method: "resume" });
  await pod.events.settled();
  const bodies = (await pod.entries()).flatMap((entry) =>
    entry.kind === "system_item" ? [entry.item.body] : []
  );
  assertEquals(bodies.length, 2);
  assertStringIncludes(bodies[1]!, "no key");
});

Deno.test("PodController sub_delegated_idle, sub_delegated_climbs: no turn, no entry, passed on upward", async () => {
  const children = new FakeChildren();
  const event: PodEvent = {
    kind: "scope_sub_delegated",
    parent_pod: "child",
    sub_pod: "grandchild",
    sub_socket: "/run/grandchild/sock",
    scope: [],
  };
  children.passOn = { ...event, parent_pod: "agent" };
  const told: PodEvent[] = [];
  const sent = Promise.withResolvers<void>();
  await using pod = await TestPod.start(new ScriptedEngine(), {
    children,
    report: (reported) => {
      told.push(reported);
      sent.resolve();
      return Promise.resolve();
    },
  });
  await pod.send(report(event));
  await sent.promise;
  assertEquals(told, [{ ...event, parent_pod: "agent" }]);
  assertEquals(children.applied, [event]);
  assertEquals([pod.handle.status, pod.events.names()], ["idle", []]);
});

Deno.test("PodController sub_delegated_twice, shut_down_child: repeats reach the registries, and harm nothing", async () => {
  const children = new FakeChildren();
  await using pod = await TestPod.start(new ScriptedEngine(say("noted"), say("noted")), {
    children,
  });
  const lent: PodEvent = {
    kind: "scope_sub_delegated",
    parent_pod: "child",
    sub_pod: "grandchild",
    sub_socket: "/run/grandchild/sock",
    scope: [],
  };
  const gone: PodEvent = { kind: "shut_down", pod_name: "child" };
  const ended: PodEvent = { kind: "turn_ended", pod_name: "child" };
  for (const event of [lent, lent]) await pod.send(report(event));
  assertEquals(pod.handle.status, "idle");
  await pod.send(report(gone));
  for (const event of [gone, ended]) await pod.send(report(event));
  for (let notes = 0; notes < 3; notes++) await pod.events.next("system_item");
  await pod.events.settled();
  assertEquals(children.applied, [lent, lent, gone, gone, ended]);
  const noted = (await pod.entries()).filter((entry) => entry.kind === "system_item");
  assertEquals(noted.length, 3);
});

Deno.test("PodController W37: the end of a child this Pod stopped wakes nobody", async () => {
  const children = new FakeChildren();
  children.standings.set("child", "stopped_here" as never);
  await using pod = await TestPod.start(new ScriptedEngine(say("ok")), { children });
  await pod.send(report({ kind: "shut_down", pod_name: "child" }));
  assertEquals(pod.handle.status, "idle");
  await pod.runToEnd();
  assert(pod.events.names().includes("system_item"));
});

Deno.test("PodController P25: the report of a stranger is refused to the sender alone", async () => {
  const children = new FakeChildren();
  await using pod = await TestPod.start(new ScriptedEngine(), { children });
  await using client = await RawClient.connect(pod.handle.socketPath);
  await client.until("snapshot");
  const before = pod.events.all.length;
  await client.send(report({ kind: "turn_ended", pod_name: "somebody" }));
  const error = await client.read();
  assert(error?.event === "error");
  assertEquals(error.data.code, "invalid_request");
  assertStringIncludes(error.data.message, '"somebody"');
  assertEquals(children.applied, []);
  await client.ping();
  assertEquals(pod.events.all.length, before);
});

Deno.test("PodController W39: a registry that hangs does not hold up the turn", async () => {
  const children = new FakeChildren();
  children.apply = () => new Promise(() => {});
  await using pod = await TestPod.start(new ScriptedEngine(say("noted")), {
    children,
    limits: { taskMs: 1 },
  });
  await pod.send(report({ kind: "turn_ended", pod_name: "child" }));
  assertEquals((await pod.events.next("run_end")).data.result, "finished");
});

Deno.test("PodController W30: the text of every notification is in the log as the model saw it", async () => {
  const engine = new ScriptedEngine(say("ok"));
  await using pod = await TestPod.start(engine);
  await pod.send(notify("line\nbreaks \ud83d\ude00 [Notification]", false));
  await pod.runToEnd();
  const entry = (await pod.entries()).find((candidate) => candidate.kind === "system_item");
  assert(entry?.kind === "system_item");
  assertStringIncludes(entry.item.body, "line\nbreaks \ud83d\ude00 [Notification]");
});

Deno.test("PodController P26: an empty notification is ignored", async () => {
  const engine = new ScriptedEngine(say("never"));
  await using pod = await TestPod.start(engine);
  await pod.send(notify(""));
  assertEquals([pod.handle.status, engine.kinds], ["idle", []]);
});
