import {
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import type { Item } from "../../lib/session/item.ts";
import { createWorkerEngine } from "../../lib/worker/worker_engine.ts";
import { WorkerError } from "../../lib/worker/worker_error.ts";
import { call, finish, never, script, sinkWith, text, tool, turn } from "./_turns.ts";

const toolCall = (id: string, name: string): Item => ({
  kind: "tool_call",
  call_id: id,
  name,
  arguments: "{}",
});
const toolResult = (id: string, summary: string): Item => ({
  kind: "tool_result",
  call_id: id,
  summary,
});

Deno.test("runTurn() canonical_order: emits and commits one tool round as section 3.4 says", async () => {
  const model = script(
    [
      { type: "reasoning-start", id: "r" },
      { type: "reasoning-delta", id: "r", delta: "hm" },
      { type: "reasoning-end", id: "r", providerMetadata: { anthropic: { signature: "s" } } },
      ...text("looking"),
      ...call("c1", "Look", '{"at":1}'),
      finish(),
    ],
    [...text("done"), finish()],
  );
  await using engine = createWorkerEngine({ model, tools: [tool("Look")] });
  const sink = sinkWith();
  sink.notes = [{ kind: "notification", message: "psst", body: "[Notification] psst" }];

  assertEquals(await engine.runTurn(turn(), sink), { kind: "finished" });
  assertEquals(sink.outline, [
    "turn_start",
    "L system_item",
    "llm_call_start",
    "thinking_start",
    "thinking_delta",
    "thinking_done",
    "text_delta",
    "text_done",
    "tool_call_start",
    "tool_call_args_delta",
    "tool_call_done",
    "usage",
    "llm_call_end",
    "turn_end",
    "L assistant_item",
    "L assistant_item",
    "L assistant_item",
    "L tool_result",
    "turn_start",
    "llm_call_start",
    "text_delta",
    "text_done",
    "usage",
    "llm_call_end",
    "turn_end",
    "L assistant_item",
  ]);
  assertEquals(sink.history.slice(2), [
    { kind: "reasoning", text: "hm", signature: "s" },
    { kind: "message", role: "assistant", content: [{ kind: "text", text: "looking" }] },
    { kind: "tool_call", call_id: "c1", name: "Look", arguments: '{"at":1}' },
    { kind: "tool_result", call_id: "c1", summary: "Look" },
    { kind: "message", role: "assistant", content: [{ kind: "text", text: "done" }] },
  ]);
});

Deno.test("runTurn() counters: turn and llm_call rise over two runs", async () => {
  const model = script([...text("a"), finish()], [...text("b"), finish()]);
  await using engine = createWorkerEngine({ model, tools: [] });
  const sink = sinkWith();
  await engine.runTurn(turn(), sink);
  await engine.runTurn(turn(), sink);
  const numbers = sink.events.flatMap((event): (string | number)[] => {
    if (event.event === "turn_start" || event.event === "turn_end") return [event.data.turn];
    return event.event === "llm_call_end" ? [`call ${event.data.llm_call}`] : [];
  });
  assertEquals(numbers, [0, "call 0", 0, 1, "call 1", 1]);
  assertEquals(sink.turnCount, 2);
});

Deno.test("runTurn() provider_error_once: an error in the stream fails the turn with code and message", async () => {
  const model = script([
    ...text("half"),
    { type: "error", error: { type: "overloaded_error", message: "try later" } },
    ...text("never"),
  ]);
  await using engine = createWorkerEngine({ model, tools: [] });
  const sink = sinkWith();
  assertEquals(await engine.runTurn(turn(), sink), {
    kind: "failed",
    code: "provider_error",
    message: 'Cannot get an answer from "script/script": overloaded_error: try later',
  });
  assertEquals(sink.outline, ["turn_start", "llm_call_start", "text_delta", "text_done"]);
  assertEquals(sink.history.length, 1);
});

Deno.test("runTurn() provider_stream_error: a request that cannot be opened fails with its status", async () => {
  const model = script([{ fail: { status: 429, message: "slow down" } }], [...text("ok")]);
  await using engine = createWorkerEngine({ model, tools: [] });
  const sink = sinkWith();
  const outcome = await engine.runTurn(turn(), sink);
  assertEquals(outcome.kind, "failed");
  assertStringIncludes(outcome.kind === "failed" ? outcome.message : "", "slow down (status 429)");
  // The number of a failed call comes again.
  await engine.runTurn(turn(), sink);
  const started = sink.events.filter((event) => event.event === "llm_call_start");
  assertEquals(started.map((event) => event.data.llm_call), [0, 0]);
});

Deno.test("runTurn() fails when the stream breaks in the middle", async () => {
  const model = script([...text("half"), { fail: { message: "connection reset" } }]);
  await using engine = createWorkerEngine({ model, tools: [] });
  const outcome = await engine.runTurn(turn(), sinkWith());
  assertStringIncludes(outcome.kind === "failed" ? outcome.message : "", "connection reset");
});

Deno.test("runTurn() stale_blocks: what an aborted response had gathered is neither run nor said later", async () => {
  const model = script(
    [...text("old words"), ...call("old", "Look"), { hang: true }],
    [...text("new words"), finish()],
  );
  const ran: string[] = [];
  const look = tool("Look", (_input, { callId }) => {
    ran.push(callId);
    return Promise.resolve({ summary: "seen" });
  });
  await using engine = createWorkerEngine({ model, tools: [look] });
  const sink = sinkWith();
  const abort = new AbortController();
  sink.onRecord = (record) => {
    if (record.kind === "emit" && record.event.event === "tool_call_done") abort.abort();
  };
  assertEquals(await engine.runTurn(turn("run", abort.signal), sink), { kind: "aborted" });
  assertEquals(sink.history.length, 1);

  assertEquals(await engine.runTurn(turn(), sink), { kind: "finished" });
  assertEquals(ran, []);
  assertEquals(sink.history.at(-1), {
    kind: "message",
    role: "assistant",
    content: [{ kind: "text", text: "new words" }],
  });
});

Deno.test("runTurn() cancels the stream it stops reading", async () => {
  const cancelled = Promise.withResolvers<unknown>();
  const stream = new ReadableStream({
    start: (controller) => controller.enqueue({ type: "error", error: "bad" }),
    cancel: (reason) => cancelled.resolve(reason),
  });
  const model = { provider: "p", modelId: "m", doStream: () => Promise.resolve({ stream }) };
  await using engine = createWorkerEngine({ model, tools: [] });
  const outcome = await engine.runTurn(turn(), sinkWith());
  assertEquals(outcome.kind, "failed");
  await cancelled.promise;
});

Deno.test("runTurn() ends at once on abort while the request opens, and closes the late response", async () => {
  const opened = Promise.withResolvers<{ stream: ReadableStream }>();
  const cancelled = Promise.withResolvers<void>();
  const model = { provider: "p", modelId: "m", doStream: () => opened.promise };
  await using engine = createWorkerEngine({ model, tools: [] });
  const abort = new AbortController();
  const sink = sinkWith();
  sink.onRecord = (record) => {
    if (record.kind === "emit" && record.event.event === "llm_call_start") {
      queueMicrotask(() => abort.abort());
    }
  };
  assertEquals(await engine.runTurn(turn("run", abort.signal), sink), { kind: "aborted" });
  opened.resolve({ stream: new ReadableStream({ cancel: () => cancelled.resolve() }) });
  await cancelled.promise;
});

Deno.test("runTurn() lets an abort in between, even when the model has everything ready", async () => {
  const parts = Array.from(
    { length: 200_000 },
    () => ({ type: "text-delta", id: "t", delta: "x" }),
  );
  const model = {
    provider: "p",
    modelId: "m",
    doStream: () => Promise.resolve({ stream: ReadableStream.from(parts) as ReadableStream }),
  };
  await using engine = createWorkerEngine({ model, tools: [] });
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), 0);
  assertEquals(await engine.runTurn(turn("run", abort.signal), sinkWith()), { kind: "aborted" });
  clearTimeout(timer);
});

Deno.test("runTurn() partial_batch: resume runs only the calls without a result", async () => {
  const model = script(
    [...call("a", "Fast"), ...call("b", "Slow"), finish()],
    [...text("both"), finish()],
  );
  const ran: string[] = [];
  const abort = new AbortController();
  let hangs = true;
  const late = Promise.withResolvers<{ summary: string }>();
  const tools = [
    tool("Fast", () => {
      ran.push("Fast");
      return Promise.resolve({ summary: "fast" });
    }),
    tool("Slow", () => {
      ran.push("Slow");
      return hangs ? late.promise : Promise.resolve({ summary: "slow" });
    }),
  ];
  await using engine = createWorkerEngine({ model, tools });
  const sink = sinkWith();
  sink.onRecord = (record) => {
    if (record.kind === "commit" && record.entry.kind === "tool_result") abort.abort();
  };
  assertEquals(await engine.runTurn(turn("run", abort.signal), sink), { kind: "aborted" });
  late.resolve({ summary: "too late" });
  await late.promise;
  sink.onRecord = () => {};
  hangs = false;
  const before = sink.records.length;

  assertEquals(await engine.runTurn(turn("resume"), sink), { kind: "finished" });
  assertEquals(ran, ["Fast", "Slow", "Slow"]);
  assertEquals(sink.outline.slice(before, before + 2), ["L tool_result", "turn_start"]);
  const results = sink.history.filter((item) => item.kind === "tool_result");
  assertEquals(results.map((result) => result.summary), ["fast", "slow"]);
  // The model sees the calls and their results in call order.
  assertEquals(model.requests[1]?.prompt.map((message) => message.role), [
    "user",
    "assistant",
    "tool",
  ]);
});

Deno.test("runTurn() leaves orphans alone unless it resumes, and never sends them", async () => {
  const model = script([...text("hi"), finish()]);
  let ran = 0;
  const look = tool("Look", () => Promise.resolve({ summary: `${++ran}` }));
  await using engine = createWorkerEngine({ model, tools: [look] });
  const sink = sinkWith(toolCall("old", "Look"));
  await engine.runTurn(turn("notification"), sink);
  assertEquals(ran, 0);
  assertEquals(model.requests[0]?.prompt.map((message) => message.role), ["user"]);
});

Deno.test("runTurn() puts results into requests in call order, whatever order they came in", async () => {
  const model = script([...call("a", "Slow"), ...call("b", "Fast"), finish()], [finish()]);
  const fastDone = Promise.withResolvers<void>();
  await using engine = createWorkerEngine({
    model,
    tools: [
      tool("Slow", async () => {
        await fastDone.promise;
        return { summary: "slow", content: "long" };
      }),
      tool("Fast"),
    ],
  });
  const sink = sinkWith();
  sink.onRecord = (record) => {
    if (record.kind === "commit" && record.entry.kind === "tool_result") fastDone.resolve();
  };
  await engine.runTurn(turn(), sink);
  const committed = sink.history.flatMap((item) =>
    item.kind === "tool_result" ? [item.call_id] : []
  );
  assertEquals(committed, ["b", "a"]);
  const message = model.requests[1]?.prompt.at(-1);
  assertEquals(message, {
    role: "tool",
    content: [
      {
        type: "tool-result",
        toolCallId: "a",
        toolName: "Slow",
        output: { type: "text", value: "slow\nlong" },
      },
      {
        type: "tool-result",
        toolCallId: "b",
        toolName: "Fast",
        output: { type: "text", value: "Fast" },
      },
    ],
  });
});

Deno.test("runTurn() ends promptly when a tool ignores its signal, and drops what it says later", async () => {
  const model = script([...call("a", "Deaf"), finish()]);
  const abort = new AbortController();
  const work = Promise.withResolvers<{ summary: string }>();
  const failures: unknown[] = [];
  const deaf = tool("Deaf", () => {
    queueMicrotask(() => abort.abort());
    return work.promise;
  });
  const engine = createWorkerEngine({
    model,
    tools: [deaf],
    onLateFailure: (error) => failures.push(error),
    disposeTimeoutMs: 0,
  });
  const sink = sinkWith();
  assertEquals(await engine.runTurn(turn("run", abort.signal), sink), { kind: "aborted" });
  sink.revoked = new Error("the turn was abandoned");
  work.resolve({ summary: "too late" });
  await engine[Symbol.asyncDispose]();
  assertEquals(failures, []);
  assertEquals(sink.history.filter((item) => item.kind === "tool_result"), []);
});

Deno.test("WorkerEngine disposal does not wait for a tool that never ends", async () => {
  const model = script([...call("a", "Deaf"), finish()]);
  const abort = new AbortController();
  const deaf = tool("Deaf", () => {
    queueMicrotask(() => abort.abort());
    return never();
  });
  const engine = createWorkerEngine({ model, tools: [deaf], disposeTimeoutMs: 1 });
  await engine.runTurn(turn("run", abort.signal), sinkWith());
  await engine[Symbol.asyncDispose]();
});

Deno.test("runTurn() tells tools of the abort through their signal", async () => {
  const model = script([...call("a", "Wait"), finish()]);
  const abort = new AbortController();
  const heard = Promise.withResolvers<void>();
  const wait = tool("Wait", (_input, { signal }) => {
    signal.addEventListener("abort", () => heard.resolve());
    queueMicrotask(() => abort.abort());
    return never();
  });
  await using engine = createWorkerEngine({ model, tools: [wait], disposeTimeoutMs: 0 });
  await engine.runTurn(turn("run", abort.signal), sinkWith());
  await heard.promise;
});

Deno.test("runTurn() limit_per_run: each run has its own limit, looked at after a tool batch", async () => {
  const round = (id: string) => [...call(id, "Look"), finish()];
  const model = script(round("a"), round("b"), round("c"), round("d"), [...text("end"), finish()]);
  await using engine = createWorkerEngine({ model, tools: [tool("Look")], maxTurns: 2 });
  const sink = sinkWith();
  sink.turnCount = 40;
  assertEquals(await engine.runTurn(turn(), sink), { kind: "limit_reached" });
  assertEquals(sink.turnCount, 42);
  assertEquals(await engine.runTurn(turn(), sink), { kind: "limit_reached" });
  assertEquals(await engine.runTurn(turn(), sink), { kind: "finished" });
  assertEquals(sink.outline.at(-1), "L assistant_item");
});

Deno.test("runTurn() rejects when the sink does, and stops the model and the other tools", async () => {
  const model = script([...call("a", "Fast"), ...call("b", "Wait"), finish()]);
  const heard = Promise.withResolvers<void>();
  const wait = tool("Wait", (_input, { signal }) => {
    signal.addEventListener("abort", () => heard.resolve());
    return never();
  });
  await using engine = createWorkerEngine({
    model,
    tools: [tool("Fast"), wait],
    disposeTimeoutMs: 0,
  });
  const sink = sinkWith();
  sink.onRecord = (record) => {
    if (record.kind === "commit" && record.entry.kind === "tool_result") {
      throw new Error("disk full");
    }
  };
  await assertRejects(() => engine.runTurn(turn(), sink), Error, "disk full");
  await heard.promise;
});

Deno.test("runTurn() warns when the answer was cut off", async () => {
  const model = script([...text("and then"), finish(1, 1, "length")]);
  await using engine = createWorkerEngine({ model, tools: [] });
  const sink = sinkWith();
  assertEquals(await engine.runTurn(turn(), sink), { kind: "finished" });
  assertEquals(sink.alerts, ["The model's answer was cut off at its length limit"]);
});

Deno.test("runTurn() sends settings and sorted tools", async () => {
  const model = script([finish()]);
  await using engine = createWorkerEngine({ model, tools: [tool("Read"), tool("Glob")] });
  const sink = sinkWith(toolCall("x", "Read"), toolResult("x", "done"));
  Object.assign(sink.config, {
    max_tokens: 7,
    temperature: 0,
    reasoning: "low",
    stop_sequences: ["."],
  });
  await engine.runTurn(turn(), sink);
  const request = model.requests[0];
  assertEquals(request?.tools?.map((each) => each.name), ["Glob", "Read"]);
  assertEquals([request?.maxOutputTokens, request?.temperature, request?.topP], [7, 0, undefined]);
  assertEquals([request?.reasoning, request?.stopSequences], ["low", ["."]]);
});

Deno.test("startSession() W29: a rendering that fails is tried again", async () => {
  let tries = 0;
  await using engine = createWorkerEngine({
    model: script(),
    tools: [],
    systemPrompt: () =>
      ++tries === 1 ? Promise.reject(new Error("no")) : Promise.resolve("Be kind."),
    config: { temperature: 0.5 },
  });
  const { signal } = new AbortController();
  await assertRejects(() => engine.startSession({ signal }), Error, "no");
  const start = await engine.startSession({ signal });
  assertEquals([start.systemPrompt, start.config.temperature, start.config.max_tokens], [
    "Be kind.",
    0.5,
    null,
  ]);
});

Deno.test("describe() names the provider family, the model and the tools, sorted", () => {
  const model = {
    provider: "anthropic.messages",
    modelId: "m",
    contextWindow: 1000,
    doStream: never,
  };
  const engine = createWorkerEngine({ model, tools: [tool("b"), tool("a")] });
  assertEquals(engine.describe(), {
    provider: "anthropic",
    model: "m",
    tools: ["a", "b"],
    contextWindow: 1000,
  });
});

Deno.test("createWorkerEngine() refuses two tools with one name", () => {
  const error = assertThrows(() =>
    createWorkerEngine({ model: script(), tools: [tool("a"), tool("a")] })
  );
  assertInstanceOf(error, WorkerError);
  assertEquals(error.code, "duplicate_tool");
});
