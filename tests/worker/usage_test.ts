import { assertEquals } from "@std/assert";
import { UsageMeter } from "../../lib/worker/_usage.ts";
import { createWorkerEngine } from "../../lib/worker/worker_engine.ts";
import { finish, script, sinkWith, text, turn } from "./_turns.ts";

const part = (input?: number, output?: number, cacheRead?: number) => ({
  inputTokens: { total: input, noCache: undefined, cacheRead, cacheWrite: undefined },
  outputTokens: { total: output, text: undefined, reasoning: undefined },
});

Deno.test("UsageMeter usage_merge: the latest present value of each field wins", () => {
  const meter = new UsageMeter(3);
  assertEquals(meter.record(), undefined);
  meter.add(part(100, 1, 60));
  meter.add(part(undefined, 7));
  assertEquals(meter.record(), {
    historyLength: 3,
    inputTokens: 100,
    outputTokens: 7,
    cacheReadTokens: 60,
  });
});

Deno.test("runTurn() usage_merge: several reports of one call are recorded once", async () => {
  const model = script([...text("hi"), finish(10, 1), finish(12, 5)]);
  await using engine = createWorkerEngine({ model, tools: [] });
  const sink = sinkWith();
  await engine.runTurn(turn(), sink);
  assertEquals(sink.usages, [{ historyLength: 1, inputTokens: 12, outputTokens: 5 }]);
});

Deno.test("runTurn() records the usage of a call that fails after it was reported", async () => {
  const model = script([finish(10, 1), { type: "error", error: "late" }]);
  await using engine = createWorkerEngine({ model, tools: [] });
  const sink = sinkWith();
  await engine.runTurn(turn(), sink);
  assertEquals(sink.outline, ["turn_start", "llm_call_start", "usage"]);
});
