import { assert, assertEquals } from "@std/assert";
import type { Segment } from "../../lib/protocol/mod.ts";
import { replaySegment, textMessage } from "../../lib/session/mod.ts";
import { appendText, readText } from "./_files.ts";
import { answer, callTools, respond, say, ScriptedEngine } from "./_scripted_engine.ts";
import { linesOf } from "./_journal.ts";
import { nameOf, namesWithout, TestPod, textInput } from "./_test_pod.ts";

Deno.test("PodController run_events: the events of a run reach a client and a subscriber", async () => {
  await using pod = await TestPod.start(new ScriptedEngine(say("hi there")));
  const { client } = await pod.connect();
  await using _client = client;
  await pod.runToEnd();
  const names: string[] = [];
  for await (const event of client) {
    names.push(nameOf(event));
    if (names.at(-1) === "status{idle}") break;
  }
  assertEquals(names, [
    "status{running}",
    "segment_rotated",
    "invoke_start{user_send}",
    "user_message",
    "turn_start",
    "llm_call_start",
    "text_delta",
    "text_done",
    "usage",
    "llm_call_end",
    "turn_end",
    "run_end{finished}",
    "status{idle}",
  ]);
  assertEquals(pod.events.names(), names);
});

Deno.test("PodController run_ends_idle: run_end, then idle, and no other status in between", async () => {
  await using pod = await TestPod.start(new ScriptedEngine(say("hi")));
  await pod.runToEnd();
  const names = pod.events.names();
  assertEquals(names.slice(-2), ["run_end{finished}", "status{idle}"]);
  assertEquals(names.filter((name) => name.startsWith("status")), [
    "status{running}",
    "status{idle}",
  ]);
  assertEquals(pod.handle.status, "idle");
});

Deno.test("PodController run_history: the log replays to the submission and the answer", async () => {
  await using pod = await TestPod.start(new ScriptedEngine(say("hi there")));
  await pod.runToEnd("hello");
  assertEquals(await pod.kinds(), [
    "segment_start",
    "invoke",
    "user_input",
    "assistant_item",
    "turn_end",
    "llm_usage",
    "run_completed",
  ]);
  const { history, turnCount, endedAbruptly } = await replaySegment(pod.logs()[0]!);
  assertEquals(history, [textMessage("user", "hello"), textMessage("assistant", "hi there")]);
  assertEquals([turnCount, endedAbruptly], [1, false]);
});

Deno.test("PodController canonical_order, W1, P4: one ordered stream on every connection", async () => {
  const engine = new ScriptedEngine((_turn, sink) => {
    callTools(sink, "c1");
    answer(sink, "c1");
    respond(sink, "done");
    return { kind: "finished" };
  });
  engine.resolveInput = () =>
    Promise.resolve({
      alerts: [{ level: "warn", source: "pod", message: 'Cannot read "b.md"' }],
      attachments: [{ kind: "file_attachment", path: "a.md", body: "[File: a.md]" }],
    });
  await using pod = await TestPod.start(engine);
  await pod.send({ method: "notify", params: { message: "built", auto_run: false } });
  await pod.runToEnd();
  assertEquals(pod.events.names(), [
    "status{running}",
    "segment_rotated",
    "invoke_start{user_send}",
    "user_message",
    "alert",
    "system_item",
    "turn_start",
    "system_item",
    "tool_call_start",
    "tool_call_done",
    "turn_end",
    "tool_result",
    "turn_start",
    "llm_call_start",
    "text_delta",
    "text_done",
    "usage",
    "llm_call_end",
    "turn_end",
    "run_end{finished}",
    "status{idle}",
  ]);
  assertEquals(await pod.kinds(), [
    "segment_start",
    "invoke",
    "user_input",
    "system_item",
    "system_item",
    "assistant_item",
    "tool_result",
    "assistant_item",
    "turn_end",
    "llm_usage",
    "run_completed",
  ]);
});

Deno.test("PodController commits before it tells: what a client heard is in the file", async () => {
  const inFile: boolean[] = [];
  const engine = new ScriptedEngine((_turn, sink) => {
    sink.commit({ kind: "assistant_item", item: textMessage("assistant", "heard") });
    inFile.push(linesOf(pod.logs()[0]!).at(-1)!.includes("heard"));
    return { kind: "finished" };
  });
  await using pod = await TestPod.start(engine);
  await pod.runToEnd();
  assertEquals(inFile, [true]);
});

Deno.test("PodController user_message_once: identical segments once, none for a rejected run", async () => {
  const engine = new ScriptedEngine(async (_turn, sink) => {
    await pod.send({ method: "run", params: { input: textInput("again") } });
    respond(sink, "hi");
    return { kind: "finished" };
  });
  await using pod = await TestPod.start(engine);
  const input: Segment[] = [
    { kind: "text", content: "look at " },
    { kind: "file_ref", path: "a.md" },
    { kind: "paste", id: 1, chars: 3, lines: 1, content: "abc" },
  ];
  await pod.send({ method: "run", params: { input } });
  await pod.events.settled();
  const messages = pod.events.all.filter((event) => event.event === "user_message");
  assertEquals(messages.map((event) => event.data.segments), [input]);
});

Deno.test("PodController paste_inlined: the model sees the content, the log keeps the typed segment", async () => {
  const engine = new ScriptedEngine(say("hi"));
  await using pod = await TestPod.start(engine);
  const paste: Segment = { kind: "paste", id: 1, chars: 9, lines: 2, content: "two\nlines" };
  await pod.send({
    method: "run",
    params: { input: [{ kind: "text", content: "see: " }, paste] },
  });
  await pod.events.settled();
  assertEquals(engine.histories[0], [textMessage("user", "see: two\nlines")]);
  const entry = (await pod.entries()).find((candidate) => candidate.kind === "user_input");
  assertEquals(entry?.kind === "user_input" && entry.segments[1], paste);
});

Deno.test("PodController file_ref_missing: an alert, the literal text, and the run goes on", async () => {
  const engine = new ScriptedEngine(say("hi"));
  engine.resolveInput = () =>
    Promise.resolve({ alerts: [{ level: "warn", source: "pod", message: 'no "x.md"' }] });
  await using pod = await TestPod.start(engine);
  await pod.send({ method: "run", params: { input: [{ kind: "file_ref", path: "x.md" }] } });
  await pod.events.settled();
  assertEquals(engine.histories[0], [textMessage("user", "@x.md")]);
  assertEquals(namesWithout(pod.events.all).filter((name) => name === "alert"), ["alert"]);
  assert(pod.events.names().includes("run_end{finished}"));
});

Deno.test("PodController W31: resolves everything before the first entry", async () => {
  const engine = new ScriptedEngine(say("hi"));
  engine.resolveInput = () => Promise.reject(new Error('no workflow "x"'));
  await using pod = await TestPod.start(engine);
  await pod.runToEnd();
  assertEquals(await pod.kinds(), ["segment_start"]);
  assertEquals(pod.events.names(), [
    "status{running}",
    "segment_rotated",
    "error{internal}",
    "status{idle}",
  ]);
  delete engine.resolveInput;
  await pod.runToEnd("next");
  assertEquals(engine.histories[0], [textMessage("user", "next")]);
});

Deno.test("PodController provider_stream_error, provider_error_once, W10: one error, logged, idle", async () => {
  const engine = new ScriptedEngine((_turn, sink) => {
    sink.emit({ event: "turn_start", data: { turn: 0 } });
    sink.emit({ event: "text_delta", data: { text: "He" } });
    return { kind: "failed", code: "provider_error", message: "529 overloaded" };
  });
  await using pod = await TestPod.start(engine);
  await pod.runToEnd();
  const errors = pod.events.all.filter((event) => event.event === "error");
  assertEquals(errors.map((event) => event.data), [
    { code: "provider_error", message: "529 overloaded" },
  ]);
  assertEquals(pod.events.names().slice(-2), ["error{provider_error}", "status{idle}"]);
  assertEquals((await pod.kinds()).slice(-2), ["turn_end", "run_errored"]);
  const last = (await pod.entries()).at(-1);
  assertEquals(last?.kind === "run_errored" && [last.interrupted, last.message], [
    true,
    "529 overloaded",
  ]);
});

Deno.test("PodController limit_reached: run_end says so, the log too, and the Pod is idle", async () => {
  const engine = new ScriptedEngine((_turn, sink) => {
    callTools(sink, "c1");
    answer(sink, "c1");
    return { kind: "limit_reached" };
  });
  await using pod = await TestPod.start(engine);
  await pod.runToEnd();
  assertEquals(pod.events.names().slice(-2), ["run_end{limit_reached}", "status{idle}"]);
  const last = (await pod.entries()).at(-1);
  assertEquals(last?.kind === "run_completed" && [last.interrupted, last.result], [
    false,
    "limit_reached",
  ]);
});

Deno.test("PodController first_run_metadata: the pointer is kept before the first entry", async () => {
  const kept: string[] = [];
  const engine = new ScriptedEngine(say("hi"), say("again"));
  await using pod = await TestPod.start(engine, {
    savePointer: (pointer) => {
      kept.push(pointer.segmentId);
      assertEquals(linesOf(pod.logs()[0]!).length, 1);
      return Promise.resolve();
    },
  });
  assertEquals(kept, []);
  await pod.runToEnd();
  await pod.runToEnd();
  assertEquals(kept, [pod.pointer.segmentId]);
  assertEquals(pod.events.names().filter((name) => name === "segment_rotated").length, 1);
});

Deno.test("PodController foreign_writer_forks: a new segment, the other file as it was left", async () => {
  const engine = new ScriptedEngine(say("one"), say("two"));
  await using pod = await TestPod.start(engine);
  await pod.runToEnd();
  const path = pod.logs()[0]!;
  appendText(path, '{"kind":"extension","ts":1,"domain":"x","payload":1}\n');
  const left = readText(path);
  await pod.runToEnd();
  assertEquals(readText(path), left);
  assertEquals(pod.logs().length, 2);
  const start = (await pod.entries())[0];
  assert(start?.kind === "segment_start");
  assertEquals(start.forked_from, {
    segment_id: path.split("/").at(-1)!.replace(".jsonl", ""),
    at_turn_index: 1,
  });
  assertEquals(start.history, [textMessage("user", "hello"), textMessage("assistant", "one")]);
  assertEquals(start.turn_count, 1);
  assertEquals(pod.events.names().filter((name) => name === "segment_rotated").length, 2);
});

Deno.test("PodController W29: what a session starts with is rendered until it succeeds", async () => {
  const engine = new ScriptedEngine(say("hi"));
  engine.startSession = () => Promise.reject(new Error("no template"));
  await using pod = await TestPod.start(engine);
  await pod.runToEnd();
  assertEquals(pod.events.names(), ["status{running}", "error{internal}", "status{idle}"]);
  engine.startSession = () =>
    Promise.resolve({
      systemPrompt: "Be kind",
      config: {
        max_tokens: 5,
        temperature: 1,
        top_p: null,
        top_k: null,
        stop_sequences: [],
        reasoning: null,
      },
    });
  await pod.runToEnd();
  const start = (await pod.entries())[0];
  assertEquals(start?.kind === "segment_start" && start.system_prompt, "Be kind");
  assertEquals(start?.kind === "segment_start" && start.config.max_tokens, 5);
});

Deno.test("PodController repeats the id of a run on what it directly causes (P9, W34)", async () => {
  await using pod = await TestPod.start(new ScriptedEngine(say("hi")));
  await pod.send({ method: "run", params: { input: textInput("x") }, id: "r-1" });
  await pod.events.settled();
  const marked = pod.events.all.filter((event) => event.id === "r-1");
  assertEquals(marked.map(nameOf), [
    "invoke_start{user_send}",
    "user_message",
    "run_end{finished}",
  ]);
});

Deno.test("PodController W24: turn numbers go on over runs, and every run starts with them", async () => {
  await using pod = await TestPod.start(new ScriptedEngine(say("one"), say("two")));
  await pod.runToEnd();
  await pod.runToEnd();
  const turns = pod.events.all.flatMap((event) =>
    event.event === "turn_start" ? [event.data.turn] : []
  );
  assertEquals(turns, [0, 1]);
  const ends = (await pod.entries()).flatMap((entry) =>
    entry.kind === "turn_end" ? [entry.turn_count] : []
  );
  assertEquals(ends, [1, 2]);
});
