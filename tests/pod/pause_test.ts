import { assert, assertEquals } from "@std/assert";
import { INTERRUPT_NOTE, INTERRUPTED_RESULT } from "../../lib/pod/mod.ts";
import type { Method } from "../../lib/protocol/mod.ts";
import { type Item, replaySegment, textMessage } from "../../lib/session/mod.ts";
import { appendText, readText } from "./_files.ts";
import {
  answer,
  callTools,
  hang,
  respond,
  say,
  ScriptedEngine,
  type TurnScript,
} from "./_scripted_engine.ts";
import { RawClient } from "./_raw_client.ts";
import { TestPod, textInput } from "./_test_pod.ts";

const PAUSE: Method = { method: "pause" };
const CANCEL: Method = { method: "cancel" };
const RESUME: Method = { method: "resume" };

/** Says a piece of text and waits for the abort. */
const talk = hang((_turn, sink) => sink.emit({ event: "text_delta", data: { text: "He" } }));

/** Calls tools, answers some, and waits for the abort. */
function callAndHang(calls: string[], answered: string[] = []): TurnScript {
  return hang((_turn, sink) => {
    callTools(sink, ...calls);
    for (const id of answered) answer(sink, id);
    sink.emit({ event: "llm_call_start", data: { llm_call: 1 } });
  });
}

Deno.test("PodController pause_resume: paused, then finished; only the resumed answer is kept", async () => {
  const engine = new ScriptedEngine(talk, say("resumed"));
  await using pod = await TestPod.start(engine);
  await pod.runUntil("text_delta");
  await pod.send(PAUSE);
  assertEquals((await pod.events.next("run_end")).data.result, "paused");
  assertEquals(await pod.events.settled(), "paused");
  assertEquals(pod.statusFile().state, "paused");
  assertEquals((await pod.kinds()).slice(-2), ["turn_end", "run_errored"]);
  await pod.send(RESUME);
  assertEquals((await pod.events.next("run_end")).data.result, "finished");
  assertEquals(engine.kinds, ["run", "resume"]);
  const { history } = await replaySegment(pod.logs()[0]!);
  assertEquals(history, [textMessage("user", "hello"), textMessage("assistant", "resumed")]);
  const invokes = pod.events.all.filter((event) => event.event === "invoke_start");
  assertEquals(invokes.length, 1);
});

Deno.test("PodController pause_then_run: closure, note, then the new message", async () => {
  const engine = new ScriptedEngine(callAndHang(["c1"]), say("ok"));
  await using pod = await TestPod.start(engine);
  await pod.runUntil("llm_call_start");
  await pod.send(PAUSE);
  await pod.events.settled();
  await pod.runToEnd("never mind");
  assertEquals(engine.histories[1], [
    textMessage("user", "hello"),
    { kind: "tool_call", call_id: "c1", name: "Read", arguments: "{}" },
    { kind: "tool_result", call_id: "c1", summary: INTERRUPTED_RESULT },
    textMessage("system", INTERRUPT_NOTE),
    textMessage("user", "never mind"),
  ]);
  assert(INTERRUPT_NOTE.includes("interrupted by the user"));
  const names = pod.events.names();
  const second = names.lastIndexOf("status{running}");
  assertEquals(names.slice(second, second + 5), [
    "status{running}",
    "tool_result",
    "system_item",
    "invoke_start{user_send}",
    "user_message",
  ]);
});

Deno.test("PodController orphan_order: closed in history order, answered ones untouched", async () => {
  const engine = new ScriptedEngine(callAndHang(["c1", "c2", "c3"], ["c2"]), say("ok"));
  await using pod = await TestPod.start(engine);
  await pod.runUntil("llm_call_start");
  await pod.send(CANCEL);
  await pod.events.settled();
  await pod.runToEnd();
  const results = resultsIn(engine.histories[1] as Item[]);
  assertEquals(results, [
    ["c2", "result of c2"],
    ["c1", INTERRUPTED_RESULT],
    ["c3", INTERRUPTED_RESULT],
  ]);
});

Deno.test("PodController orphan_order: no closure and no note after a turn that ended by itself", async () => {
  const engine = new ScriptedEngine(say("one"), say("two"));
  await using pod = await TestPod.start(engine);
  await pod.runToEnd();
  await pod.runToEnd();
  const kinds = await pod.kinds();
  assert(!kinds.includes("tool_result") && !kinds.includes("system_item"));
});

Deno.test("PodController interrupt_log, orphan_live, W11: each closure in the log and live, one note", async () => {
  const engine = new ScriptedEngine(callAndHang(["c1", "c2"]), say("ok"));
  await using pod = await TestPod.start(engine);
  await pod.runUntil("llm_call_start");
  await pod.send(CANCEL);
  await pod.events.settled();
  await pod.runToEnd();
  const added = (await pod.kinds()).slice((await pod.kinds()).indexOf("run_errored") + 1);
  assertEquals(added.slice(0, 5), [
    "tool_result",
    "tool_result",
    "system_item",
    "invoke",
    "user_input",
  ]);
  const live = pod.events.all.flatMap((event) => event.event === "tool_result" ? [event.data] : []);
  assertEquals(live, [
    { id: "c1", summary: INTERRUPTED_RESULT, is_error: false },
    { id: "c2", summary: INTERRUPTED_RESULT, is_error: false },
  ]);
});

for (const method of [CANCEL, PAUSE]) {
  Deno.test(`PodController ${method.method}_empty: rolled back, idle, the input is gone`, async () => {
    const engine = new ScriptedEngine(hang(), say("next"));
    await using pod = await TestPod.start(engine);
    await pod.runUntil("user_message", "secret");
    const first = pod.logs()[0]!;
    const left = readText(first);
    await pod.send(method);
    assertEquals((await pod.events.next("run_end")).data.result, "rolled_back");
    assertEquals(await pod.events.settled(), "idle");
    assertEquals(await pod.kinds(), ["segment_start"]);
    assertEquals(readText(first), left);
    await using client = await RawClient.connect(pod.handle.socketPath);
    const [snapshot] = await client.until("snapshot");
    assert(!JSON.stringify(snapshot).includes("secret"));
    await pod.runToEnd("next");
    assertEquals(engine.histories[1], [textMessage("user", "next")]);
  });
}

Deno.test("PodController rollback_last_only: the finished turn before it is kept", async () => {
  const engine = new ScriptedEngine(say("kept"), hang());
  await using pod = await TestPod.start(engine);
  await pod.runToEnd("first");
  await pod.runUntil("user_message", "second");
  await pod.send(CANCEL);
  await pod.events.settled();
  const { history, turnCount } = await replaySegment(pod.logs().at(-1)!);
  assertEquals(history, [textMessage("user", "first"), textMessage("assistant", "kept")]);
  assertEquals(turnCount, 1);
});

Deno.test("PodController no_rollback_after_text: paused, and the submission is kept", async () => {
  const engine = new ScriptedEngine(hang((_turn, sink) => {
    sink.emit({ event: "text_done", data: { text: "Hello" } });
  }));
  await using pod = await TestPod.start(engine);
  await pod.runUntil("text_done");
  await pod.send(PAUSE);
  assertEquals(await pod.events.settled(), "paused");
  assert((await pod.kinds()).includes("user_input"));
});

Deno.test("PodController cancel_after_output: one error, idle, an interrupted run in the log", async () => {
  await using pod = await TestPod.start(new ScriptedEngine(talk));
  await pod.runUntil("text_delta");
  await pod.send(CANCEL);
  assertEquals((await pod.events.next("error")).data, { code: "internal", message: "Cancelled" });
  assertEquals(await pod.events.settled(), "idle");
  assert(!pod.events.names().some((name) => name.startsWith("run_end")));
  const last = (await pod.entries()).at(-1);
  assertEquals(last?.kind === "run_errored" && [last.interrupted, last.message], [
    true,
    "Cancelled",
  ]);
});

Deno.test("PodController stale_cancel: a cancel that a finishing turn swallows hits no later one", async () => {
  const gate = Promise.withResolvers<void>();
  const finishAnyway: TurnScript = async (_turn, sink) => {
    respond(sink, "done");
    await gate.promise;
    return { kind: "finished" };
  };
  await using pod = await TestPod.start(new ScriptedEngine(finishAnyway, say("two")));
  await pod.runUntil("text_done");
  await pod.send(CANCEL);
  gate.resolve();
  assertEquals((await pod.events.next("run_end")).data.result, "finished");
  await pod.events.settled();
  await pod.run();
  assertEquals((await pod.events.next("run_end")).data.result, "finished");
});

Deno.test("PodController cancel_right_after_run: rolled back, never lost", async () => {
  const engine = new ScriptedEngine(say("never"));
  await using pod = await TestPod.start(engine);
  await using client = await RawClient.connect(pod.handle.socketPath);
  await client.until("snapshot");
  const run: Method = { method: "run", params: { input: textInput("x") } };
  await client.write(`${JSON.stringify(run)}\n${JSON.stringify(CANCEL)}\n`);
  assertEquals((await pod.events.next("run_end")).data.result, "rolled_back");
  assertEquals(await pod.events.settled(), "idle");
  assertEquals(engine.kinds, []);
});

Deno.test("PodController cancel_during_prepare: a compaction before the run is ended with it", async () => {
  const engine = new ScriptedEngine(say("one"), say("never"));
  let isDue = false;
  engine.isCompactionDue = () => isDue;
  const compacting = Promise.withResolvers<void>();
  engine.compact = (request) => {
    request.begin();
    compacting.resolve();
    return new Promise(() => {});
  };
  await using pod = await TestPod.start(engine);
  await pod.runToEnd();
  isDue = true;
  await pod.run("two");
  await compacting.promise;
  await pod.send(CANCEL);
  assertEquals((await pod.events.next("run_end")).data.result, "rolled_back");
  assertEquals(await pod.events.settled(), "idle");
  assert(pod.events.names().includes("compact_failed"));
  assertEquals(engine.kinds, ["run"]);
});

Deno.test("PodController pause_then_cancel, W14: the stronger one wins, in either order", async () => {
  for (const methods of [[PAUSE, CANCEL], [CANCEL, PAUSE]]) {
    await using pod = await TestPod.start(new ScriptedEngine(talk));
    await pod.runUntil("text_delta");
    for (const method of methods) await pod.send(method);
    assertEquals((await pod.events.next("error")).data.message, "Cancelled");
    assertEquals(await pod.events.settled(), "idle");
  }
});

Deno.test("PodController notify_after_cancel, W3: the cancelled call is closed, not executed", async () => {
  const engine = new ScriptedEngine(callAndHang(["c1"]), say("noted"));
  await using pod = await TestPod.start(engine);
  await pod.runUntil("llm_call_start");
  await pod.send(CANCEL);
  await pod.events.settled();
  await pod.send({ method: "notify", params: { message: "built" } });
  await pod.events.settled();
  assertEquals(engine.kinds, ["run", "notification"]);
  assertEquals(resultsIn(engine.histories[1] as Item[]), [["c1", INTERRUPTED_RESULT]]);
  assert(!JSON.stringify(engine.histories[1]).includes(INTERRUPT_NOTE));
});

Deno.test("PodController crash_restore, W4: closures and note come before the new message", async () => {
  const root = await Deno.makeTempDir({ prefix: "yoi-" });
  {
    await using first = await TestPod.start(new ScriptedEngine(callAndHang(["c1"])), { root });
    await first.runUntil("llm_call_start");
    // What the crash leaves: the log as it is now.
    await Deno.copyFile(first.logs()[0]!, `${root}/crashed.jsonl`);
  }
  const path = crashedCopy(root);
  const engine = new ScriptedEngine(say("ok"));
  await using pod = await TestPod.start(engine, { root, restore: pointerOf(path) });
  assertEquals(pod.handle.status, "idle");
  const alerts = pod.events.all.filter((event) => event.event === "alert");
  assertEquals(alerts.length, 1);
  assertEquals(engine.kinds, []);
  await pod.runToEnd("what now");
  assertEquals(engine.histories[0]!.slice(-3), [
    { kind: "tool_result", call_id: "c1", summary: INTERRUPTED_RESULT },
    textMessage("system", INTERRUPT_NOTE),
    textMessage("user", "what now"),
  ]);
  await pod.stop();
  await Deno.remove(root, { recursive: true });
});

Deno.test("PodController partial_batch, W9: completed results stay, the missing ones are resumed", async () => {
  const engine = new ScriptedEngine(callAndHang(["c1", "c2"], ["c1"]), (_turn, sink) => {
    answer(sink, "c2");
    respond(sink, "ok");
    return { kind: "finished" };
  });
  await using pod = await TestPod.start(engine);
  await pod.runUntil("llm_call_start");
  await pod.send(PAUSE);
  await pod.events.settled();
  await pod.send(RESUME);
  await pod.events.settled();
  assertEquals(resultsIn(engine.histories[1] as Item[]), [["c1", "result of c1"]]);
  const { history } = await replaySegment(pod.logs()[0]!);
  assertEquals(resultsIn(history), [["c1", "result of c1"], ["c2", "result of c2"]]);
});

Deno.test("PodController rollback_keeps_notifications, W6: a drained note comes again", async () => {
  const engine = new ScriptedEngine(
    hang((_turn, sink) => {
      sink.takeNotes();
      sink.emit({ event: "llm_call_start", data: { llm_call: 0 } });
    }),
    say("ok"),
  );
  await using pod = await TestPod.start(engine);
  await pod.send({ method: "notify", params: { message: "built", auto_run: false } });
  await pod.runUntil("llm_call_start");
  await pod.send(CANCEL);
  await pod.events.settled();
  assertEquals(await pod.kinds(), ["segment_start"]);
  await pod.runToEnd("next");
  const entry = (await pod.entries()).find((candidate) => candidate.kind === "system_item");
  assert(entry?.kind === "system_item" && entry.item.kind === "notification");
  assertEquals(entry.item.message, "built");
});

Deno.test("PodController W12: one interrupt note, also when the run behind it is rolled back", async () => {
  const engine = new ScriptedEngine(talk, hang(), say("ok"));
  await using pod = await TestPod.start(engine);
  await pod.runUntil("text_delta");
  await pod.send(CANCEL);
  await pod.events.settled();
  await pod.runUntil("user_message", "second");
  await pod.send(CANCEL);
  await pod.events.settled();
  await pod.runToEnd("third");
  const notes = (engine.histories.at(-1) as Item[]).filter((item) =>
    JSON.stringify(item).includes(INTERRUPT_NOTE)
  );
  assertEquals(notes.length, 1);
});

Deno.test("PodController W32: looks at the log before it writes the interruption into it", async () => {
  const engine = new ScriptedEngine(callAndHang(["c1"]), say("ok"));
  await using pod = await TestPod.start(engine);
  await pod.runUntil("llm_call_start");
  await pod.send(CANCEL);
  await pod.events.settled();
  const path = pod.logs()[0]!;
  appendText(path, '{"kind":"extension","ts":1,"domain":"x","payload":1}\n');
  const left = readText(path);
  await pod.runToEnd("next");
  assertEquals(readText(path), left);
  assertEquals((await pod.kinds()).slice(0, 5), [
    "segment_start",
    "tool_result",
    "system_item",
    "invoke",
    "user_input",
  ]);
});

Deno.test("PodController says once that a turn was interrupted, also over a fork", async () => {
  const engine = new ScriptedEngine(talk, say("ok"));
  await using pod = await TestPod.start(engine);
  await pod.runUntil("text_delta");
  await pod.send(CANCEL);
  await pod.events.settled();
  appendText(pod.logs()[0]!, "\n");
  await pod.runToEnd("next");
  assertEquals((await pod.kinds()).slice(0, 3), ["segment_start", "system_item", "invoke"]);
});

Deno.test("PodController notify: a cancelled notification turn is not started over", async () => {
  const engine = new ScriptedEngine(hang(), say("never"));
  await using pod = await TestPod.start(engine);
  await pod.send({ method: "notify", params: { message: "built" } });
  await pod.events.next("invoke_start");
  await pod.send(CANCEL);
  await pod.events.settled();
  assertEquals([pod.handle.status, engine.kinds], ["idle", ["notification"]]);
});

/** Call ids and summaries of the tool results in a history. */
function resultsIn(history: readonly Item[]): [string, string][] {
  return history.flatMap((item) =>
    item.kind === "tool_result" ? [[item.call_id, item.summary] as [string, string]] : []
  );
}

/** Puts the log that a crash left where a restore looks for it. */
function crashedCopy(root: string): string {
  const [session] = [...Deno.readDirSync(`${root}/sessions`)];
  const path = `${root}/sessions/${session!.name}/01980000-0000-7000-8000-00000000000c.jsonl`;
  Deno.renameSync(`${root}/crashed.jsonl`, path);
  return path;
}

function pointerOf(path: string): { sessionId: string; segmentId: string } {
  const [file, sessionId] = path.split("/").reverse();
  return { sessionId: sessionId!, segmentId: file!.replace(".jsonl", "") };
}
