import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { ScriptModel } from "../../lib/worker/script_model.ts";
import { WorkerError } from "../../lib/worker/worker_error.ts";
import { finish, script, text } from "./_turns.ts";

const oneRound = fromFileUrl(new URL("../data/scripts/one_tool_round.jsonl", import.meta.url));

Deno.test("ScriptModel.open() plays a file, call by call", async () => {
  const model = await ScriptModel.open(oneRound);
  assertEquals(model.modelId, "one_tool_round.jsonl");
  const first = await Array.fromAsync((await model.doStream({ prompt: [] })).stream);
  assertEquals(first.map((part) => part.type).at(-2), "tool-call");
  const second = await Array.fromAsync((await model.doStream({ prompt: [] })).stream);
  assertEquals(second.at(-1)?.type, "finish");
  const error = await assertRejects(() => model.doStream({ prompt: [] }), WorkerError);
  assertEquals(error.message, 'Cannot play model call 3: script "one_tool_round.jsonl" has 2');
});

Deno.test("ScriptModel rejects a failure at the start and breaks the stream at a later one", async () => {
  const fail = { fail: { status: 529, message: "overloaded" } };
  const model = script([{ wait_ms: 1 }, fail], [...text("half"), fail]);
  const error = await assertRejects(
    () => model.doStream({ prompt: [] }),
    WorkerError,
    "overloaded",
  );
  assertEquals([error.code, error.statusCode], ["model_failed", 529]);
  const { stream } = await model.doStream({ prompt: [] });
  await assertRejects(() => Array.fromAsync(stream), WorkerError, "overloaded");
});

Deno.test("ScriptModel ends waits and hangs with the signal, and when the stream is cancelled", async () => {
  for (const pause of [{ wait_ms: 3_600_000 }, { hang: true }]) {
    const abort = new AbortController();
    const model = script([...text("x"), pause, finish()], [...text("x"), pause, finish()]);
    const { stream } = await model.doStream({ prompt: [], abortSignal: abort.signal });
    const reading = assertRejects(() => Array.fromAsync(stream), Error, "enough");
    abort.abort(new Error("enough"));
    await reading;

    const reader = (await model.doStream({ prompt: [] })).stream.getReader();
    for (let part = 0; part < 3; part++) await reader.read();
    const last = reader.read();
    await reader.cancel();
    assertEquals((await last).done, true);
  }
});

Deno.test("ScriptModel names script and line of what it does not understand", () => {
  const bad: [string, string][] = [
    ["nonsense", "line 2: "],
    ["[1]", "line 2: not a JSON object"],
    ['{"type":"text-delta","id":"1"}', 'line 2: "text-delta" needs a text "delta"'],
    ['{"type":"text-dleta"}', 'line 2: unknown stream part "text-dleta"'],
    ['{"wait_ms":"soon"}', 'line 2: "wait_ms" must be'],
    ['{"fail":1}', 'line 2: "fail" must be an object'],
    ['{"hang":1}', 'line 2: "hang" must be true'],
    ['{"hello":1}', "line 2: neither a stream part"],
    ['{"type":"finish","finishReason":"stop"}', 'line 2: "finish" needs a "finishReason"'],
  ];
  for (const [line, message] of bad) {
    const error = assertThrows(
      () => new ScriptModel(`{"call":{}}\n${line}\n`, "s.jsonl"),
      WorkerError,
    );
    assertEquals(error.code, "bad_script");
    assertStringIncludes(error.message, `Cannot read model script "s.jsonl", ${message}`);
  }
  assertThrows(() => new ScriptModel('{"wait_ms":1}'), WorkerError, "before the first");
});

Deno.test("ScriptModel.open() says why a file cannot be read", async () => {
  await assertRejects(
    () => ScriptModel.open("/nowhere/script.jsonl"),
    WorkerError,
    'Cannot read model script "/nowhere/script.jsonl": ',
  );
});
