import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { PodError } from "../../lib/pod/mod.ts";
import type { EventOf, Method, RewindTargetId } from "../../lib/protocol/mod.ts";
import { replaySegment, textMessage } from "../../lib/session/mod.ts";
import { appendText, readText } from "./_files.ts";
import { answer, callTools, hang, respond, say, ScriptedEngine } from "./_scripted_engine.ts";
import { RawClient } from "./_raw_client.ts";
import { TestPod, textInput } from "./_test_pod.ts";

const LIST: Method = { method: "list_rewind_targets" };

async function targetsOf(pod: TestPod): Promise<EventOf<"rewind_targets">["data"]> {
  await pod.send(LIST);
  return (await pod.events.next("rewind_targets")).data;
}

function rewindTo(target: RewindTargetId, expected_head_entries: number): Method {
  return { method: "rewind_to", params: { target, expected_head_entries } };
}

/** A Pod with two finished runs, the second with a tool. */
async function twoRuns(root?: string): Promise<TestPod> {
  const engine = new ScriptedEngine(say("one"), (_turn, sink) => {
    callTools(sink, "c1");
    answer(sink, "c1");
    respond(sink, "two");
    return { kind: "finished" };
  }, say("three"));
  const pod = await TestPod.start(engine, root === undefined ? {} : { root });
  await pod.runToEnd("first");
  await pod.runToEnd("second");
  return pod;
}

Deno.test("PodController rewind_list: newest first, with previews and warnings", async () => {
  await using pod = await twoRuns();
  const { head_entries, targets } = await targetsOf(pod);
  assertEquals(head_entries, (await pod.kinds()).length);
  assertEquals(targets.map((target) => [target.preview, target.turn_index, target.eligible]), [
    ["second", 2, true],
    ["first", 1, true],
  ]);
  assert(targets.every((target) => target.warning !== undefined));
  assertEquals(targets[0]!.truncate_entries, targets[0]!.id.user_input_entry_index - 1);
});

Deno.test("PodController rewind_apply, rewind_snapshot, W22: cut before the invoke, everybody agrees", async () => {
  await using pod = await twoRuns();
  const old = pod.logs()[0]!;
  const left = readText(old);
  const { head_entries, targets } = await targetsOf(pod);
  await pod.send(rewindTo(targets[0]!.id, head_entries));
  const { data } = await pod.events.next("rewind_applied");
  assertEquals(await pod.events.settled(), "idle");
  assertEquals(data.input, textInput("second"));
  assertEquals(data.summary, {
    truncated_to_entries: targets[0]!.truncate_entries,
    discarded_entries: head_entries - targets[0]!.truncate_entries,
    tool_side_effect_warning: true,
  });
  assertEquals(data.entries.length, targets[0]!.truncate_entries);
  const { client, snapshot } = await pod.connect();
  await using _client = client;
  assertEquals(snapshot.data.entries, data.entries);
  assertEquals(readText(old), left);
  const { history } = await replaySegment(pod.logs().at(-1)!);
  assertEquals(history, [textMessage("user", "first"), textMessage("assistant", "one")]);
  await pod.runToEnd("third");
  const after = await replaySegment(pod.logs().at(-1)!);
  assertEquals(after.history.length, 4);
  assertEquals(after.turnCount, 2);
});

Deno.test("PodController rewind_stale: a moved head is invalid_request and changes nothing", async () => {
  await using pod = await twoRuns();
  const { head_entries, targets } = await targetsOf(pod);
  await pod.runToEnd("third");
  const kinds = await pod.kinds();
  await pod.send(rewindTo(targets[0]!.id, head_entries));
  const { data } = await pod.events.next("error");
  assertEquals(data.code, "invalid_request");
  assertStringIncludes(data.message, "session head changed");
  assertEquals(await pod.kinds(), kinds);
  const other = { ...targets[0]!.id, segment_id: "01980000-0000-7000-8000-0000000000ff" };
  for (const bad of [other, { ...targets[0]!.id, user_input_entry_index: 0 }]) {
    await pod.send(rewindTo(bad, kinds.length));
    assertEquals((await pod.events.next("error")).data.code, "invalid_request");
  }
});

Deno.test("PodController does not rewind a log that another program has changed", async () => {
  await using pod = await twoRuns();
  const { head_entries, targets } = await targetsOf(pod);
  appendText(pod.logs()[0]!, "\n");
  await pod.send(rewindTo(targets[0]!.id, head_entries));
  const { data } = await pod.events.next("error");
  assertEquals(data.code, "invalid_request");
  assertStringIncludes(data.message, "session head changed");
});

Deno.test("PodController P9: replies carry the id of their Method", async () => {
  await using pod = await twoRuns();
  await pod.send({ ...LIST, id: "list" });
  const { id, data } = await pod.events.next("rewind_targets");
  assertEquals(id, "list");
  await pod.send({ ...rewindTo(data.targets[0]!.id, data.head_entries), id: "rewind" });
  assertEquals((await pod.events.next("rewind_applied")).id, "rewind");
});

Deno.test("PodController compact_idle: a new segment, the pointer, and the snapshot on it", async () => {
  const engine = new ScriptedEngine(say("one"));
  engine.compact = (request) => {
    request.begin();
    return Promise.resolve({ kind: "compacted", history: [textMessage("system", "summary")] });
  };
  const kept: string[] = [];
  await using pod = await TestPod.start(engine, {
    savePointer: (pointer) => Promise.resolve(void kept.push(pointer.segmentId)),
  });
  await pod.runToEnd();
  const names = pod.events.names().length;
  const old = pod.logs()[0]!;
  const left = readText(old);
  await pod.send({ method: "compact", id: "c" });
  const done = await pod.events.next("compact_done");
  assertEquals(done.id, "c");
  assertEquals(pod.events.names().slice(names), [
    "compact_start",
    "segment_rotated",
    "compact_done",
  ]);
  assertEquals(kept.at(-1), done.data.new_segment_id);
  assertEquals(readText(old), left);
  const { client, snapshot } = await pod.connect();
  await using _client = client;
  const [start] = snapshot.data.entries as { compacted_from: unknown; history: unknown }[];
  assertEquals(snapshot.data.entries.length, 1);
  assertEquals(start!.history, [textMessage("system", "summary")]);
  assertEquals(start!.compacted_from, {
    segment_id: old.split("/").at(-1)!.replace(".jsonl", ""),
    at_turn_index: 1,
  });
});

Deno.test("PodController compact_skips: unable, empty or small gives one alert and nothing else", async () => {
  const engine = new ScriptedEngine(say("one"));
  await using pod = await TestPod.start(engine);
  await pod.send({ method: "compact" });
  await pod.events.next("alert");
  engine.compact = () => Promise.resolve({ kind: "skipped", reason: "It is small" });
  await pod.send({ method: "compact" });
  await pod.events.next("alert");
  await pod.runToEnd();
  const before = pod.events.names().length;
  await pod.send({ method: "compact" });
  const { data } = await pod.events.next("alert");
  assertEquals([data.level, data.source, data.message], ["warn", "compactor", "It is small"]);
  assertEquals(pod.events.names().slice(before), ["alert"]);
  assertEquals(pod.logs().length, 1);
});

Deno.test("PodController compaction that fails: compact_failed, one alert, one error, same session", async () => {
  const engine = new ScriptedEngine(say("one"), say("two"));
  engine.compact = () => Promise.reject(new Error("no summary"));
  await using pod = await TestPod.start(engine);
  await pod.runToEnd();
  const before = pod.events.names().length;
  await pod.send({ method: "compact" });
  await pod.events.next("error");
  assertEquals(pod.events.names().slice(before), [
    "compact_start",
    "compact_failed",
    "alert",
    "error{internal}",
  ]);
  await pod.runToEnd();
  assertEquals(pod.logs().length, 1);
});

Deno.test("PodController compaction that was announced and then skipped ends for the clients too", async () => {
  const engine = new ScriptedEngine(say("one"));
  engine.compact = (request) => {
    request.begin();
    return Promise.resolve({ kind: "skipped", reason: "It is small" });
  };
  await using pod = await TestPod.start(engine);
  await pod.runToEnd();
  await pod.send({ method: "compact" });
  assertEquals((await pod.events.next("compact_failed")).data.error, "It is small");
});

Deno.test("PodController compaction before a run: a failure does not stop the run", async () => {
  const engine = new ScriptedEngine(say("one"), say("two"));
  await using pod = await TestPod.start(engine);
  await pod.runToEnd();
  engine.isCompactionDue = () => true;
  engine.compact = () => Promise.reject(new Error("no summary"));
  await pod.run();
  await pod.events.next("compact_failed");
  assertEquals((await pod.events.next("run_end")).data.result, "finished");
});

Deno.test("PodController W17: during a compaction cancel, shutdown and notes are served at once", async () => {
  const engine = new ScriptedEngine(say("one"), say("noted"));
  const compacting = Promise.withResolvers<void>();
  engine.compact = (request) => {
    request.begin();
    compacting.resolve();
    return new Promise(() => {});
  };
  await using pod = await TestPod.start(engine);
  await pod.runToEnd();
  await pod.send({ method: "compact" });
  await compacting.promise;
  await pod.send({ method: "notify", params: { message: "built" } });
  await pod.send({ method: "pause" });
  assertEquals((await pod.events.next("error")).data.code, "not_running");
  await pod.send({ method: "cancel" });
  assertEquals((await pod.events.next("compact_failed")).data.error, "Cancelled");
  await pod.events.settled();
  assertEquals(engine.kinds, ["run", "notification"]);
});

Deno.test("PodController holds a run during a compaction, and answers held runs when it leaves", async () => {
  const engine = new ScriptedEngine(say("one"), say("held"));
  let finish = Promise.withResolvers<void>();
  engine.compact = async ({ history, begin }) => {
    begin();
    await finish.promise;
    return { kind: "compacted", history: [...history] };
  };
  await using pod = await TestPod.start(engine);
  await pod.runToEnd();
  await pod.send({ method: "compact" });
  await pod.run("held");
  assertEquals(pod.handle.status, "idle");
  finish.resolve();
  await pod.events.next("compact_done");
  await pod.events.settled();
  finish = Promise.withResolvers();
  await pod.send({ method: "compact" });
  await pod.send({ method: "run", params: { input: textInput("lost") }, id: "lost" });
  await pod.send({ method: "shutdown" });
  const error = await pod.events.next("error");
  assertEquals([error.id, error.data.code], ["lost", "invalid_request"]);
  await pod.events.next("shutdown");
});

Deno.test("PodController completions_private: the asking client alone, in order, while running", async () => {
  const engine = new ScriptedEngine(hang());
  engine.complete = (kind, prefix) =>
    Promise.resolve([{ value: `${kind}:${prefix}`, is_dir: false }]);
  await using pod = await TestPod.start(engine);
  await pod.runUntil("user_message");
  await using client = await RawClient.connect(pod.handle.socketPath);
  await client.until("snapshot");
  const before = pod.events.all.length;
  for (const prefix of ["a", "ab"]) {
    await client.send({ method: "list_completions", params: { kind: "file", prefix }, id: prefix });
  }
  for (const prefix of ["a", "ab"]) {
    assertEquals(await client.read(), {
      event: "completions",
      data: { kind: "file", entries: [{ value: `file:${prefix}`, is_dir: false }] },
      id: prefix,
    });
  }
  assertEquals(pod.events.all.length, before);
});

Deno.test("PodController P16: a listing that hangs, fails or throws gives an empty list", async () => {
  const engine = new ScriptedEngine();
  await using pod = await TestPod.start(engine, { limits: { completionMs: 5 } });
  await using client = await RawClient.connect(pod.handle.socketPath);
  await client.until("snapshot");
  const failing: (() => Promise<never>)[] = [
    () => new Promise(() => {}),
    () => Promise.reject(new Error("no folder")),
    () => {
      throw new Error("no folder at all");
    },
  ];
  for (const complete of failing) {
    engine.complete = complete;
    await client.ping();
  }
  const noted = pod.developerLog();
  assertStringIncludes(noted, "no folder");
  assertStringIncludes(noted, "It took over 5 ms");
});

Deno.test("PodController P15: a client that asks for many completions still gets each in order", async () => {
  const engine = new ScriptedEngine();
  let running = 0;
  engine.complete = async (_kind, prefix) => {
    assertEquals(++running, 1);
    await Promise.resolve();
    running--;
    return [{ value: prefix, is_dir: false }];
  };
  await using pod = await TestPod.start(engine);
  await using client = await RawClient.connect(pod.handle.socketPath);
  await client.until("snapshot");
  const ask = (prefix: string): Method => ({
    method: "list_completions",
    params: { kind: "file", prefix },
  });
  const lines = Array.from({ length: 200 }, (_, index) => JSON.stringify(ask(`${index}`)));
  await client.write(`${lines.join("\n")}\n`);
  for (let index = 0; index < 200; index++) {
    const event = await client.read();
    assertEquals(event?.event === "completions" && event.data.entries[0]?.value, `${index}`);
  }
});

Deno.test("PodController shutdown_idle: told, reported, and nothing is left", async () => {
  const told: string[] = [];
  await using pod = await TestPod.start(new ScriptedEngine(say("hi")), {
    report: (event) => Promise.resolve(void told.push(event.kind)),
  });
  await pod.runToEnd();
  await using client = await RawClient.connect(pod.handle.socketPath);
  await client.until("snapshot");
  await client.send({ method: "shutdown" });
  assertEquals((await client.rest()).map((event) => event.event), ["shutdown"]);
  client.close();
  assertEquals(await pod.handle.done, { reason: "shutdown" });
  assertEquals(told, ["turn_ended", "shut_down"]);
  await assertRejects(() => Deno.stat(pod.handle.runtimeDir), Deno.errors.NotFound);
});

Deno.test("PodController shutdown_running, W20: the turn ends, its status, then shutdown last", async () => {
  const engine = new ScriptedEngine(
    hang((_turn, sink) => sink.emit({ event: "text_delta", data: { text: "He" } })),
  );
  await using pod = await TestPod.start(engine);
  await pod.runUntil("text_delta");
  await pod.send({ method: "shutdown" });
  await pod.handle.done;
  await pod.events.ended;
  assertEquals(pod.events.names().slice(-3), ["error{internal}", "status{idle}", "shutdown"]);
  assertEquals((await pod.kinds()).at(-1), "run_errored");
});

Deno.test("PodController P26: while it leaves, requests are answered to their sender", async () => {
  const reporting = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  await using pod = await TestPod.start(new ScriptedEngine(), {
    report: () => {
      reporting.resolve();
      return gate.promise;
    },
  });
  await using client = await RawClient.connect(pod.handle.socketPath);
  await client.until("snapshot");
  await pod.send({ method: "shutdown" });
  await reporting.promise;
  await client.until("shutdown");
  await client.send({ method: "run", params: { input: textInput("late") } });
  const event = await client.read();
  assert(event?.event === "error");
  assertStringIncludes(event.data.message, "shutting down");
  await assertRejects(() => pod.run("late"), PodError, "shutting down");
  await assertRejects(() => RawClient.connect(pod.handle.socketPath), Deno.errors.NotFound);
  gate.resolve();
  client.close();
});

Deno.test("PodHandle.subscribe() ends with the Pod, with its signal, and after the end at once", async () => {
  await using pod = await TestPod.start(new ScriptedEngine());
  const abort = new AbortController();
  const cut = Array.fromAsync(pod.handle.subscribe({ signal: abort.signal }));
  const whole = Array.fromAsync(pod.handle.subscribe());
  const cancelled = pod.handle.subscribe();
  await cancelled.cancel();
  abort.abort();
  assert((await cut).length <= 1);
  assertEquals(await Array.fromAsync(pod.handle.subscribe({ signal: abort.signal })), []);
  await pod.stop();
  assertEquals((await whole).map((event) => event.event), ["snapshot", "shutdown"]);
  const late = await Array.fromAsync(pod.handle.subscribe());
  assertEquals(late.map((event) => event.event), ["snapshot", "shutdown"]);
});

Deno.test("PodHandle.subscribe() P7: a reader that stays behind starts over with a snapshot", async () => {
  const said = Promise.withResolvers<void>();
  const engine = new ScriptedEngine((_turn, sink) => {
    for (let number = 0; number < 100; number++) {
      sink.emit({ event: "text_delta", data: { text: "x".repeat(100) } });
    }
    respond(sink, "done");
    said.resolve();
    return { kind: "finished" };
  });
  await using pod = await TestPod.start(engine, { limits: { clientQueueBytes: 500 } });
  const reader = pod.handle.subscribe().getReader();
  assertEquals((await reader.read()).value?.event, "snapshot");
  await pod.run();
  await said.promise;
  await pod.stop();
  const names: string[] = [];
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    names.push(next.value.event);
  }
  assertEquals(names, ["snapshot", "shutdown"]);
});
