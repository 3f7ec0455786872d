import { assertEquals } from "@std/assert";
import type { EngineEvent } from "../../lib/engine/engine.ts";
import { ResponseCollector } from "../../lib/worker/_response_collector.ts";
import type { ModelStreamPart } from "../../lib/worker/model.ts";
import { call, text } from "./_turns.ts";

function collect(parts: ModelStreamPart[]) {
  const events: EngineEvent[] = [];
  const collector = new ResponseCollector((event) => events.push(event));
  for (const part of parts) collector.take(part);
  const response = collector.finish();
  return { events, response };
}

Deno.test("ResponseCollector reasoning_first: signature and encrypted content survive", () => {
  const { response } = collect([
    ...text("answer"),
    { type: "reasoning-start", id: "r1" },
    { type: "reasoning-delta", id: "r1", delta: "signed" },
    {
      type: "reasoning-delta",
      id: "r1",
      delta: "",
      providerMetadata: { anthropic: { signature: "sig" } },
    },
    { type: "reasoning-end", id: "r1" },
    { type: "reasoning-start", id: "r2" },
    {
      type: "reasoning-end",
      id: "r2",
      providerMetadata: { openai: { reasoningEncryptedContent: "secret" } },
    },
    { type: "reasoning-start", id: "r3" },
    { type: "reasoning-delta", id: "r3", delta: "nobody wants this back" },
    { type: "reasoning-end", id: "r3" },
  ]);
  assertEquals(response.reasoning, [
    { kind: "reasoning", text: "signed", signature: "sig" },
    { kind: "reasoning", text: "", encrypted_content: "secret" },
  ]);
});

Deno.test("ResponseCollector joins text blocks and closes what the stream left open", () => {
  const { events, response } = collect([
    ...text("one ", "a"),
    { type: "text-start", id: "empty" },
    { type: "text-end", id: "empty" },
    { type: "text-delta", id: "b", delta: "two" },
  ]);
  assertEquals(response.message?.content, [{ kind: "text", text: "one two" }]);
  assertEquals(events, [
    { event: "text_delta", data: { text: "one " } },
    { event: "text_done", data: { text: "one " } },
    { event: "text_delta", data: { text: "two" } },
    { event: "text_done", data: { text: "two" } },
  ]);
});

Deno.test("ResponseCollector takes calls with and without argument deltas, each once", () => {
  const whole: ModelStreamPart = {
    type: "tool-call",
    toolCallId: "b",
    toolName: "Look",
    input: "{}",
  };
  const { events, response } = collect([...call("a", "Look", '{"x":1}'), whole, whole]);
  assertEquals(response.calls.map((each) => [each.call_id, each.arguments]), [
    ["a", '{"x":1}'],
    ["b", "{}"],
  ]);
  assertEquals(events.map((event) => event.event), [
    "tool_call_start",
    "tool_call_args_delta",
    "tool_call_done",
    "tool_call_start",
    "tool_call_done",
  ]);
});

Deno.test("ResponseCollector keeps an ended call without a final part, and drops one that never ended", () => {
  const { response } = collect([
    { type: "tool-input-start", id: "a", toolName: "Look" },
    { type: "tool-input-delta", id: "a", delta: '{"x":1}' },
    { type: "tool-input-end", id: "a" },
    { type: "tool-input-start", id: "b", toolName: "Look" },
    { type: "tool-input-delta", id: "b", delta: '{"x"' },
  ]);
  assertEquals(response.calls.map((each) => each.call_id), ["a"]);
});

Deno.test("ResponseCollector leaves calls of the provider alone", () => {
  const { events, response } = collect([
    { type: "tool-input-start", id: "p", toolName: "web", providerExecuted: true },
    { type: "tool-input-delta", id: "p", delta: "{}" },
    { type: "tool-call", toolCallId: "p", toolName: "web", input: "{}", providerExecuted: true },
    { type: "tool-result", toolCallId: "p", toolName: "web", result: "found" },
  ]);
  assertEquals([events, response.calls], [[], []]);
});
