import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { ToolContext } from "../../lib/engine/tool.ts";
import type { WorkerHook } from "../../lib/worker/hooks.ts";
import { createWorkerEngine, type WorkerOptions } from "../../lib/worker/worker_engine.ts";
import type { RecordingSink } from "./_recording_sink.ts";
import { call, finish, never, script, sinkWith, text, tool, turn } from "./_turns.ts";

/** Runs one turn whose first response makes the given calls and whose second says "done". */
async function runCalls(
  calls: unknown[],
  options: Omit<WorkerOptions, "model">,
): Promise<{ sink: RecordingSink; outcome: unknown }> {
  const model = script([...calls, finish()], [...text("done"), finish()]);
  await using engine = createWorkerEngine({ ...options, model });
  const sink = sinkWith();
  return { outcome: await engine.runTurn(turn(), sink), sink };
}

function results(sink: RecordingSink) {
  return sink.history.filter((item) => item.kind === "tool_result");
}

Deno.test("runTurn() parallel_tools: calls of one response run together, with batch id and index", async () => {
  const contexts: Omit<ToolContext, "signal">[] = [];
  const all = Promise.withResolvers<void>();
  const meet = tool("Meet", async (_input, { callId, batchId, index }) => {
    // Each waits for the others: one after the other, they would wait for ever.
    if (contexts.push({ callId, batchId, index }) === 3) all.resolve();
    await all.promise;
    return { summary: callId };
  });
  const model = script(
    [...call("a", "Meet"), ...call("b", "Meet"), ...call("c", "Meet"), finish()],
    [...call("d", "Meet"), finish()],
    [...text("done"), finish()],
  );
  await using engine = createWorkerEngine({ model, tools: [meet] });
  await engine.runTurn(turn(), sinkWith());
  assertEquals(contexts, [
    { callId: "a", batchId: "tool-batch-0", index: 0 },
    { callId: "b", batchId: "tool-batch-0", index: 1 },
    { callId: "c", batchId: "tool-batch-0", index: 2 },
    { callId: "d", batchId: "tool-batch-1", index: 0 },
  ]);
});

Deno.test("runTurn() W42: a result is committed when its call is done, and requested in call order", async () => {
  const quickIsIn = Promise.withResolvers<void>();
  const slow = tool("Slow", async () => {
    await quickIsIn.promise; // ends only after the other result was committed
    return { summary: "slow" };
  });
  const model = script(
    [...call("a", "Slow"), ...call("b", "Quick"), finish()],
    [...text("done"), finish()],
  );
  await using engine = createWorkerEngine({ model, tools: [slow, tool("Quick")] });
  const sink = sinkWith();
  sink.onRecord = (record) => {
    if (record.kind === "commit" && record.entry.kind === "tool_result") quickIsIn.resolve();
  };
  await engine.runTurn(turn(), sink);
  assertEquals(results(sink).map((item) => item.call_id), ["b", "a"]);
  const asked = JSON.stringify(model.requests[1]?.prompt.filter(({ role }) => role === "tool"));
  assert(asked.indexOf('"toolCallId":"a"') < asked.indexOf('"toolCallId":"b"'));
});

Deno.test("runTurn() tool_error_continues: a failing tool gives an error result and the loop goes on", async () => {
  const { sink, outcome } = await runCalls([...call("a", "Bad"), ...call("b", "Worse")], {
    tools: [
      tool("Bad", () => Promise.reject(new Error("no such thing"))),
      tool("Worse", () => {
        throw new Error("at once");
      }),
    ],
  });
  assertEquals(outcome, { kind: "finished" });
  assertEquals(results(sink).map((result) => [result.summary, result.is_error]).sort(), [
    ["Tool execution failed: Internal error: at once", true],
    ["Tool execution failed: Internal error: no such thing", true],
  ]);
});

Deno.test("runTurn() answers a call of an unknown tool with an error result, without hooks", async () => {
  const asked: string[] = [];
  const { sink } = await runCalls(call("a", "Nope"), {
    tools: [],
    hooks: [{
      preTool: ({ toolName }) => void asked.push(toolName),
      postTool: ({ toolName }) => void asked.push(toolName),
    }],
  });
  assertEquals(results(sink).map((result) => result.summary), ["Tool 'Nope' not found"]);
  assertEquals(asked, []);
});

Deno.test("runTurn() empty_args: an empty argument text is {} for the tool, the event and the log", async () => {
  const inputs: unknown[] = [];
  const { sink } = await runCalls(call("a", "Look", ""), {
    tools: [tool("Look", (input) => {
      inputs.push(input);
      return Promise.resolve({ summary: "ok" });
    })],
  });
  assertEquals(inputs, [{}]);
  const done = sink.events.find((event) => event.event === "tool_call_done");
  assertEquals(done?.data.arguments, "{}");
  assertEquals(sink.history.find((item) => item.kind === "tool_call")?.arguments, "{}");
});

Deno.test("runTurn() W28: malformed arguments are an error result, other JSON than an object is {}", async () => {
  const inputs: unknown[] = [];
  const look = tool("Look", (input) => {
    inputs.push(input);
    return Promise.resolve({ summary: "ok" });
  });
  const { sink } = await runCalls([...call("a", "Look", '{"path":'), ...call("b", "Look", "[1]")], {
    tools: [look],
  });
  assertEquals(inputs, [{}]);
  const [malformed, other] = results(sink);
  assertStringIncludes(
    malformed?.summary ?? "",
    "Tool execution failed: Invalid argument: invalid Look input: not valid JSON",
  );
  assertEquals([malformed?.is_error, other?.summary], [true, "ok"]);
});

Deno.test("runTurn() truncation: content over the limit is cut between letters, with marker and alert", async () => {
  const { sink } = await runCalls([...call("a", "Long"), ...call("b", "Wide")], {
    tools: [
      tool("Long", () => Promise.resolve({ summary: "s", content: "é".repeat(100) })),
      tool("Wide", () => Promise.resolve({ summary: "s", content: "x".repeat(100) })),
    ],
    toolOutput: { defaultMaxBytes: 101, perTool: { Wide: 100 } },
  });
  const [long, wide] = results(sink);
  const marker = "\n\n[truncated: 168 bytes dropped, refine your query]";
  assertEquals(long?.content, "é".repeat(16) + marker);
  assertEquals(wide?.content, "x".repeat(100));
  assertEquals(sink.alerts.length, 1);
  assertStringIncludes(sink.alerts[0] ?? "", '"Long" call was cut: 200 bytes, the limit is 101');
});

Deno.test("runTurn() hook_order: the first decision other than going on wins", async () => {
  const asked: string[] = [];
  const hook = (name: string, text?: string): WorkerHook => ({
    preTool: () => {
      asked.push(name);
      return text === undefined ? undefined : { kind: "deny", text };
    },
  });
  const { sink } = await runCalls(call("a", "Look"), {
    tools: [tool("Look")],
    hooks: [hook("first"), hook("second", "no"), hook("third", "never asked")],
  });
  assertEquals(asked, ["first", "second"]);
  assertEquals(results(sink).map((result) => result.summary), ["no"]);
});

Deno.test("runTurn() deny_tool: a denied call is answered with the text and does not run", async () => {
  let ran = 0;
  const heard: string[] = [];
  const { sink, outcome } = await runCalls([...call("a", "Look"), ...call("b", "Look")], {
    tools: [tool("Look", () => Promise.resolve({ summary: `${++ran}` }))],
    hooks: [{
      preTool: ({ callId }) => callId === "a" ? { kind: "deny", text: "not that" } : undefined,
      postTool: ({ callId, isError }) => void heard.push(`${callId} ${isError}`),
    }],
  });
  assertEquals(outcome, { kind: "finished" });
  assertEquals(ran, 1);
  assertEquals(results(sink).map((result) => [result.call_id, result.summary, result.is_error]), [
    ["a", "not that", true],
    ["b", "1", undefined],
  ]);
  assertEquals(heard, ["a true", "b false"]);
});

Deno.test("runTurn() post_hook_sees_all: the whole output, and an abort keeps every result", async () => {
  const heard: unknown[] = [];
  const { sink, outcome } = await runCalls([...call("a", "Long"), ...call("b", "Long")], {
    tools: [tool("Long", () => Promise.resolve({ summary: "s", content: "x".repeat(200) }))],
    toolOutput: { defaultMaxBytes: 100 },
    hooks: [{
      postTool: ({ summary, content }) => {
        heard.push([summary, content?.length]);
        return { kind: "abort", reason: "enough" };
      },
    }],
  });
  assertEquals(heard, [["s", 200]]);
  assertEquals(outcome, { kind: "failed", code: "internal", message: "Aborted: enough" });
  assertEquals(results(sink).length, 2);
});

Deno.test("runTurn() runs nothing of a batch that a hook pauses, and all of it on resume", async () => {
  let pauses = true;
  let ran = 0;
  const model = script([...call("a", "Look"), ...call("b", "Look"), finish()], [
    ...text("done"),
    finish(),
  ]);
  await using engine = createWorkerEngine({
    model,
    tools: [tool("Look", () => Promise.resolve({ summary: `${++ran}` }))],
    hooks: [{ preTool: ({ callId }) => callId === "b" && pauses ? { kind: "pause" } : undefined }],
  });
  const sink = sinkWith();
  assertEquals(await engine.runTurn(turn(), sink), { kind: "paused" });
  assertEquals(ran, 0);
  pauses = false;
  assertEquals(await engine.runTurn(turn("resume"), sink), { kind: "finished" });
  assertEquals(ran, 2);
});

Deno.test("runTurn() fails the turn when a hook aborts it before the tools", async () => {
  let ran = 0;
  const { outcome } = await runCalls(call("a", "Look"), {
    tools: [tool("Look", () => Promise.resolve({ summary: `${++ran}` }))],
    hooks: [{ preTool: () => ({ kind: "abort", reason: "too risky" }) }],
  });
  assertEquals(outcome, { kind: "failed", code: "internal", message: "Aborted: too risky" });
  assertEquals(ran, 0);
});

Deno.test("runTurn() turn_end_pause: a turn-end hook pauses the turn", async () => {
  const seen: unknown[] = [];
  const model = script([...text("答".repeat(300)), finish()]);
  await using engine = createWorkerEngine({
    model,
    tools: [],
    hooks: [{
      turnEnd: ({ toolCallCount, preview }) => {
        seen.push([toolCallCount, preview.length]);
        return { kind: "pause" };
      },
    }],
  });
  assertEquals(await engine.runTurn(turn(), sinkWith()), { kind: "paused" });
  assertEquals(seen, [[0, 170]]);
});

Deno.test("runTurn() asks before the prompt and before each request, and tells of the abort", async () => {
  const told: string[] = [];
  const model = script([...text("never"), finish()]);
  await using engine = createWorkerEngine({
    model,
    tools: [],
    hooks: [{
      promptSubmit: ({ text }) => void told.push(text),
      preRequest: ({ itemCount, estimatedTokens }) => {
        told.push(`${itemCount} ${estimatedTokens}`);
        return { kind: "abort", reason: "budget" };
      },
      abort: (reason) => void told.push(reason),
    }],
  });
  const sink = sinkWith();
  assertEquals(await engine.runTurn(turn(), sink), {
    kind: "failed",
    code: "internal",
    message: "Aborted: budget",
  });
  assertEquals(told, ["hello", "1 2", "Aborted: budget"]);
  assertEquals(sink.outline, ["turn_start", "turn_end"]);
  assertEquals(model.requests, []);
});

Deno.test("runTurn() does not wait for a hook when the turn is aborted", async () => {
  const abort = new AbortController();
  await using engine = createWorkerEngine({
    model: script([...text("x"), finish()]),
    tools: [],
    disposeTimeoutMs: 0,
    hooks: [{
      preRequest: () => {
        queueMicrotask(() => abort.abort());
        return never();
      },
    }],
  });
  assertEquals(await engine.runTurn(turn("run", abort.signal), sinkWith()), { kind: "aborted" });
});

Deno.test("runTurn() W45: a throwing guard denies, any other throwing hook goes on with an alert", async () => {
  const fail = () => {
    throw new Error("oops");
  };
  let ran = 0;
  const { sink, outcome } = await runCalls(call("a", "Look"), {
    tools: [tool("Look", () => Promise.resolve({ summary: `${++ran}` }))],
    hooks: [{ promptSubmit: fail, preRequest: fail, preTool: fail, postTool: fail, turnEnd: fail }],
  });
  assertEquals(outcome, { kind: "finished" });
  assertEquals(ran, 0);
  assertEquals(results(sink).map((result) => result.summary), [
    "Denied. The preTool hook failed: oops",
  ]);
  assertEquals(
    sink.alerts,
    ["promptSubmit", "preRequest", "preTool", "postTool", "preRequest", "turnEnd"]
      .map((point) => `The ${point} hook failed: oops`),
  );
});

Deno.test("runTurn() tells of the abort of a turn, and of hooks that fail at it", async () => {
  const told: string[] = [];
  const model = script([{ fail: { message: "down" } }]);
  await using engine = createWorkerEngine({
    model,
    tools: [],
    hooks: [{ abort: () => Promise.reject(new Error("oops")) }, {
      abort: (reason) => void told.push(reason),
    }],
  });
  const sink = sinkWith();
  await engine.runTurn(turn(), sink);
  assertEquals(told, ['Cannot get an answer from "script/script": down']);
  assertEquals(sink.alerts, ["The abort hook failed: oops"]);
});

Deno.test("runTurn() gives hooks a copy of the arguments", async () => {
  const inputs: unknown[] = [];
  await runCalls(call("a", "Look", '{"path":"x"}'), {
    tools: [tool("Look", (input) => {
      inputs.push(input);
      return Promise.resolve({ summary: "ok" });
    })],
    hooks: [{ preTool: (input) => void (input.arguments.path = "changed") }],
  });
  assertEquals(inputs, [{ path: "x" }]);
});
