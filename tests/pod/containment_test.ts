import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { Engine } from "../../lib/engine/mod.ts";
import { PodError } from "../../lib/pod/mod.ts";
import type { Method } from "../../lib/protocol/mod.ts";
import { replaySegment, SegmentLog, SessionError, textMessage } from "../../lib/session/mod.ts";
import { appendText, namesIn, readText } from "./_files.ts";
import { hang, respond, say, ScriptedEngine } from "./_scripted_engine.ts";
import { RawClient } from "./_raw_client.ts";
import { TestPod } from "./_test_pod.ts";

/** Makes every append fail from the `skip`-th one on, until it is disposed. */
function breakAppends(skip = 0): Disposable {
  const append = SegmentLog.prototype.append;
  let left = skip;
  SegmentLog.prototype.append = function (entry) {
    if (left-- > 0) return append.call(this, entry);
    throw new SessionError("write_failed", `Cannot write "${this.path}": disk full`, {
      path: this.path,
    });
  };
  return { [Symbol.dispose]: () => void (SegmentLog.prototype.append = append) };
}

Deno.test("PodController W23: a log that cannot be written fails the turn, and tells nothing unwritten", async () => {
  const engine = new ScriptedEngine((_turn, sink) => {
    const broken = breakAppends();
    try {
      respond(sink, "lost");
    } finally {
      queueMicrotask(() => broken[Symbol.dispose]());
    }
    return { kind: "finished" };
  }, say("kept"));
  await using pod = await TestPod.start(engine);
  await pod.runToEnd("first");
  const error = pod.events.all.find((event) => event.event === "error");
  assert(error?.event === "error" && error.data.code === "internal");
  assertStringIncludes(error.data.message, "disk full");
  assert(!pod.events.names().some((name) => name.startsWith("run_end")));
  await pod.runToEnd("second");
  const { history } = await replaySegment(pod.logs().at(-1)!);
  assertEquals(history.filter((item) => item.kind === "message" && item.role !== "system"), [
    textMessage("user", "first"),
    textMessage("user", "second"),
    textMessage("assistant", "kept"),
  ]);
  assertEquals(engine.histories[1]!.length, 3);
});

Deno.test("PodController W23: an engine that swallows the failed write does not finish either", async () => {
  const engine = new ScriptedEngine((_turn, sink) => {
    using _broken = breakAppends();
    try {
      sink.commit({ kind: "assistant_item", item: textMessage("assistant", "lost") });
    } catch (error) {
      assert(error instanceof SessionError);
    }
    return { kind: "finished" };
  });
  await using pod = await TestPod.start(engine);
  await pod.runToEnd();
  assert(pod.events.names().includes("error{internal}"));
  assertEquals((await pod.kinds()).at(-1), "run_errored");
});

Deno.test("PodController W23: a log that fails at every entry of a turn leaves a Pod that says why", async () => {
  for (const skip of [0, 1, 2, 3]) {
    const engine = new ScriptedEngine(say("one"), say("two"));
    await using pod = await TestPod.start(engine);
    {
      using _broken = breakAppends(skip);
      await pod.runToEnd("first");
    }
    const error = pod.events.all.findLast((event) => event.event === "error");
    assertStringIncludes(error?.event === "error" ? error.data.message : "", "disk full");
    assertEquals(pod.handle.status, "idle");
    await using client = await RawClient.connect(pod.handle.socketPath);
    const [snapshot] = await client.until("snapshot");
    assert(snapshot?.event === "snapshot");
    const lines = readText(pod.logs().at(-1)!).trim().split("\n");
    assertEquals(snapshot.data.entries, lines.map((line) => JSON.parse(line)));
    await pod.run("second");
    assertEquals((await pod.events.next("run_end")).data.result, "finished");
    client.close();
  }
});

Deno.test("PodController goes on in a new file when the log is gone or was left unusable", async () => {
  const engine = new ScriptedEngine(say("one"), say("two"), say("three"));
  await using pod = await TestPod.start(engine);
  await pod.runToEnd("first");
  await Deno.remove(pod.logs()[0]!);
  await pod.runToEnd("second");
  assertEquals((await replaySegment(pod.logs()[0]!)).history.length, 4);
  const alert = pod.events.all.find((event) => event.event === "alert");
  assertStringIncludes(alert?.event === "alert" ? alert.data.message : "", "new file");
  const sync = SegmentLog.prototype.sync;
  try {
    SegmentLog.prototype.sync = function () {
      SegmentLog.prototype.sync = sync;
      return Promise.reject(new SessionError("write_failed", "I/O error", { path: this.path }));
    };
    await pod.runToEnd("third");
  } finally {
    SegmentLog.prototype.sync = sync;
  }
  assertEquals(pod.logs().length, 2);
  assertEquals((await replaySegment(pod.logs()[1]!)).history.length, 6);
});

Deno.test("PodController revokes a turn that ignores its abort; what it writes later changes nothing", async () => {
  const gate = Promise.withResolvers<void>();
  const late = Promise.withResolvers<unknown>();
  const engine = new ScriptedEngine(async (_turn, sink) => {
    sink.emit({ event: "text_delta", data: { text: "He" } });
    await gate.promise;
    for (
      const write of [
        () => sink.commit({ kind: "assistant_item", item: textMessage("assistant", "late") }),
        () => sink.emit({ event: "text_done", data: { text: "late" } }),
        () => sink.takeNotes(),
        () => sink.alert("warn", "late"),
      ]
    ) {
      try {
        write();
        late.resolve("written");
      } catch (error) {
        assert(error instanceof PodError && error.code === "revoked");
      }
    }
    late.resolve("refused");
    throw new Error("stray");
  }, say("next"));
  await using pod = await TestPod.start(engine, { limits: { abortMs: 1 } });
  await pod.runUntil("text_delta");
  await pod.send({ method: "cancel" });
  await pod.events.next("alert");
  assertEquals((await pod.events.next("error")).data.message, "Cancelled");
  await pod.events.settled();
  await pod.runToEnd("next");
  const before = [pod.events.all.length, (await pod.kinds()).length];
  gate.resolve();
  assertEquals(await late.promise, "refused");
  assertEquals([pod.events.all.length, (await pod.kinds()).length], before);
  assertStringIncludes(pod.developerLog(), "stray");
});

Deno.test("PodController W45: an engine that throws at once in runTurn fails the turn, no more", async () => {
  const engine: Engine = {
    describe: () => ({ provider: "unknown", model: "bad", tools: [], contextWindow: 0 }),
    runTurn: () => {
      throw new Error("no engine");
    },
  };
  await using pod = await TestPod.start(engine);
  await pod.runToEnd();
  assertEquals(pod.events.names().slice(-2), ["error{internal}", "status{idle}"]);
  assertEquals((await pod.kinds()).at(-1), "run_errored");
});

Deno.test("PodController W45: an engine that gives no outcome fails the turn", async () => {
  const engine = new ScriptedEngine(() => undefined as never, say("next"));
  await using pod = await TestPod.start(engine);
  await pod.runToEnd();
  assert(pod.events.names().includes("error{internal}"));
  assertEquals((await pod.kinds()).at(-1), "run_errored");
  await pod.run();
  assertEquals((await pod.events.next("run_end")).data.result, "finished");
});

Deno.test("PodController W45: admit, describe, isCompactionDue, resolveInput, compact that throw", async () => {
  const bad = (): never => {
    throw new Error("broken");
  };
  const engine = new ScriptedEngine(say("one"), say("two"));
  await using pod = await TestPod.start(engine);
  engine.admit = bad;
  await pod.run();
  assertEquals((await pod.events.next("error")).data, {
    code: "internal",
    message: "Cannot run: broken",
  });
  assertEquals(pod.handle.status, "idle");
  delete engine.admit;
  for (const name of ["startSession", "resolveInput", "isCompactionDue"] as const) {
    engine[name] = bad;
    await pod.runToEnd();
    delete engine[name];
    const error = pod.events.all.findLast((event) => event.event === "error");
    assertEquals(error?.event === "error" && error.data.message, "broken", name);
  }
  await pod.runToEnd();
  engine.compact = bad;
  await pod.send({ method: "compact" });
  assertEquals((await pod.events.next("compact_failed")).data.error, "broken");
  engine.describe = bad;
  const { client, snapshot } = await pod.connect();
  await using _client = client;
  assertEquals(snapshot.data.greeting.model, "unknown");
});

Deno.test("PodController: a usage that is no count fails the turn instead of spoiling the log", async () => {
  const engine = new ScriptedEngine((_turn, sink) => {
    sink.usage({ historyLength: 1, inputTokens: Number.NaN, outputTokens: 1 });
    return { kind: "finished" };
  });
  await using pod = await TestPod.start(engine);
  await pod.runToEnd();
  assertStringIncludes(lastError(pod), "inputTokens is NaN");
  assertEquals((await replaySegment(pod.logs()[0]!)).diagnostics, []);
});

Deno.test("PodController: an entry that nobody could read back fails the turn instead", async () => {
  const engine = new ScriptedEngine((_turn, sink) => {
    sink.commit({ kind: "assistant_item", item: { kind: "message" } as never });
    return { kind: "finished" };
  });
  await using pod = await TestPod.start(engine);
  await pod.runToEnd();
  assertStringIncludes(lastError(pod), "item");
  assertEquals((await pod.kinds()).at(-1), "run_errored");
});

Deno.test("PodController: a pointer that cannot be kept fails the run, and the next one tries again", async () => {
  let kept = 0;
  let isBroken = true;
  await using pod = await TestPod.start(new ScriptedEngine(say("one")), {
    savePointer: () => {
      if (isBroken) throw new Error("disk full");
      kept++;
      return Promise.resolve();
    },
  });
  await pod.runToEnd();
  assertStringIncludes(lastError(pod), "Cannot keep the session pointer: disk full");
  assertEquals(await pod.kinds(), ["segment_start"]);
  isBroken = false;
  await pod.run();
  assertEquals((await pod.events.next("run_end")).data.result, "finished");
  assertEquals([kept, pod.logs().length], [1, 1]);
});

Deno.test("PodController: a pointer that is never kept does not hold up cancel, shutdown or the end", async () => {
  const never = () => new Promise<void>(() => {});
  await using pod = await TestPod.start(new ScriptedEngine(), {
    savePointer: never,
    limits: { pointerMs: 30 },
  });
  await pod.run();
  await pod.events.next("segment_rotated");
  await pod.send({ method: "cancel" });
  assertEquals((await pod.events.next("run_end")).data.result, "rolled_back");
});

Deno.test("PodController: a rollback stands even when its pointer cannot be kept", async () => {
  let calls = 0;
  const engine = new ScriptedEngine(hang(), say("next"));
  await using pod = await TestPod.start(engine, {
    savePointer: () => ++calls === 2 ? Promise.reject(new Error("disk full")) : Promise.resolve(),
  });
  await pod.runUntil("user_message", "gone");
  await pod.send({ method: "cancel" });
  assertEquals((await pod.events.next("run_end")).data.result, "rolled_back");
  await pod.events.settled();
  assert(pod.events.names().includes("alert"));
  await pod.runToEnd("next");
  assertEquals(engine.histories[1], [textMessage("user", "next")]);
  assertEquals(calls, 3);
});

Deno.test("PodController: a children port that throws or rejects is noted, and no more", async () => {
  const event: Method = { method: "pod_event", params: { kind: "turn_ended", pod_name: "w" } };
  let standing: () => "known" = () => {
    throw new Error("no registry");
  };
  await using pod = await TestPod.start(new ScriptedEngine(say("noted")), {
    children: {
      standing: () => standing(),
      apply: () => Promise.reject(new Error("no disk")),
    },
  });
  await pod.send(event);
  assertEquals((await pod.events.next("error")).data.code, "invalid_request");
  standing = () => "known";
  await pod.send(event);
  await pod.events.settled();
  assertStringIncludes(pod.developerLog(), "no registry");
  assertStringIncludes(pod.developerLog(), "no disk");
});

Deno.test("PodController: a runtime folder that is removed under it does not stop the Pod", async () => {
  await using pod = await TestPod.start(new ScriptedEngine(say("one"), say("two")));
  await Deno.remove(pod.handle.runtimeDir, { recursive: true });
  await pod.runToEnd();
  await pod.runToEnd();
  assertEquals(pod.events.names().filter((name) => name === "status{idle}").length, 2);
  const alerts = pod.events.all.flatMap((event) =>
    event.event === "alert" ? [event.data.message] : []
  );
  assertEquals(alerts.length, 1);
  assertStringIncludes(alerts[0]!, "Cannot keep status.json");
});

Deno.test("PodController: a reply to a client that is gone is nobody's failure", async () => {
  const engine = new ScriptedEngine();
  const asked = Promise.withResolvers<void>();
  const listing = Promise.withResolvers<{ value: string; is_dir: boolean }[]>();
  engine.complete = () => {
    asked.resolve();
    return listing.promise;
  };
  await using pod = await TestPod.start(engine);
  const client = await RawClient.connect(pod.handle.socketPath);
  await client.until("snapshot");
  await client.send({ method: "list_completions", params: { kind: "file", prefix: "" } });
  await asked.promise;
  client.close();
  listing.resolve([{ value: "a", is_dir: false }]);
  const { client: next } = await pod.connect();
  await next.close();
  assertEquals(pod.developerLog(), "");
});

Deno.test("PodController W19: an engine that cannot let go does not keep the Pod; its failure is told", async () => {
  const hanging = new ScriptedEngine();
  Object.assign(hanging, { [Symbol.asyncDispose]: () => new Promise<void>(() => {}) });
  const pod = await TestPod.start(hanging, { limits: { engineMs: 1 } });
  await pod[Symbol.asyncDispose]();
  const failing = new ScriptedEngine();
  Object.assign(failing, { [Symbol.asyncDispose]: () => Promise.reject(new Error("stuck")) });
  const other = await TestPod.start(failing);
  await assertRejects(() => other.handle[Symbol.asyncDispose](), Error, "stuck");
  await assertRejects(() => Deno.stat(other.handle.runtimeDir), Deno.errors.NotFound);
  await Deno.remove(other.root, { recursive: true });
});

Deno.test("PodController: a log that cannot be restored from fails the start and leaves nothing", async () => {
  const root = await Deno.makeTempDir({ prefix: "yoi-" });
  const sessionId = "01980000-0000-7000-8000-000000000001";
  const segmentId = "01980000-0000-7000-8000-000000000002";
  const restore = { sessionId, segmentId };
  await Deno.mkdir(`${root}/sessions/${sessionId}`, { recursive: true });
  const path = `${root}/sessions/${sessionId}/${segmentId}.jsonl`;
  const start = () => TestPod.start(new ScriptedEngine(), { root, restore });
  assertEquals((await assertRejects(start, SessionError)).code, "not_found");
  await Deno.writeTextFile(path, "");
  assertEquals((await assertRejects(start, SessionError)).code, "empty");
  await Deno.writeTextFile(path, "{oops\n{}\n");
  assertEquals((await assertRejects(start, SessionError)).code, "corrupt");
  assertEquals(namesIn(`${root}/run`), ["locks"]);
  await Deno.remove(root, { recursive: true });
});

Deno.test("PodController restores a log with a torn end, says so, and answers on", async () => {
  const root = await Deno.makeTempDir({ prefix: "yoi-" });
  const first = await TestPod.start(new ScriptedEngine(say("one")), { root });
  await first.runToEnd("first");
  await first.stop();
  const restore = first.pointer;
  appendText(first.logs()[0]!, '{"kind":"user_in');
  const engine = new ScriptedEngine(say("two"));
  await using pod = await TestPod.start(engine, { root, restore });
  const alerts = pod.events.all.flatMap((event) => event.event === "alert" ? [event.data] : []);
  assert(alerts.length > 0 && alerts.every(({ message }) => message.includes("line 8")));
  await pod.runToEnd("second");
  assertEquals(engine.histories[0], [
    textMessage("user", "first"),
    textMessage("assistant", "one"),
    textMessage("user", "second"),
  ]);
  assertEquals(pod.statusFile().segment_id, restore.segmentId);
  await pod.stop();
  await Deno.remove(root, { recursive: true });
});

Deno.test("PodController W38: a restored Pod reports to the parent it is given", async () => {
  const root = await Deno.makeTempDir({ prefix: "yoi-" });
  const first = await TestPod.start(new ScriptedEngine(say("one")), { root });
  await first.runToEnd();
  await first.stop();
  const told: string[] = [];
  const pod = await TestPod.start(new ScriptedEngine(say("two")), {
    root,
    restore: first.pointer,
    report: (event) => Promise.resolve(void told.push(event.kind)),
  });
  await pod.runToEnd();
  await pod.stop();
  assertEquals(told, ["turn_ended", "shut_down"]);
  await Deno.remove(root, { recursive: true });
});

function lastError(pod: TestPod): string {
  const error = pod.events.all.findLast((event) => event.event === "error");
  return error?.event === "error" ? error.data.message : "";
}
