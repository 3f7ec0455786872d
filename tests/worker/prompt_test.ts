import { assertEquals } from "@std/assert";
import type { Item } from "../../lib/session/item.ts";
import { textMessage } from "../../lib/session/item.ts";
import { buildPrompt } from "../../lib/worker/prompt.ts";

const model = { provider: "anthropic.messages" };

function prompt(history: Item[], options: { systemPrompt?: string; accepts?: boolean } = {}) {
  const { systemPrompt = null, accepts = false } = options;
  return buildPrompt({
    history,
    systemPrompt,
    model: { ...model, acceptsSystemMessages: accepts },
  });
}

Deno.test("buildPrompt() makes one assistant message of one response, reasoning first", () => {
  const messages = prompt([
    textMessage("user", "look"),
    { kind: "reasoning", text: "hm", signature: "sig" },
    textMessage("assistant", "looking"),
    { kind: "tool_call", call_id: "a", name: "Look", arguments: '{"x":1}' },
    { kind: "tool_result", call_id: "a", summary: "seen", content: "all of it", is_error: true },
    textMessage("assistant", "done"),
  ], { systemPrompt: "Be kind." });
  assertEquals(messages, [
    { role: "system", content: "Be kind." },
    { role: "user", content: [{ type: "text", text: "look" }] },
    {
      role: "assistant",
      content: [
        { type: "reasoning", text: "hm", providerOptions: { anthropic: { signature: "sig" } } },
        { type: "text", text: "looking" },
        { type: "tool-call", toolCallId: "a", toolName: "Look", input: { x: 1 } },
      ],
    },
    {
      role: "tool",
      content: [{
        type: "tool-result",
        toolCallId: "a",
        toolName: "Look",
        output: { type: "error-text", value: "seen\nall of it" },
      }],
    },
    { role: "assistant", content: [{ type: "text", text: "done" }] },
  ]);
});

Deno.test("buildPrompt() sends neither a call without a result nor a result without a call", () => {
  const messages = prompt([
    textMessage("user", "go"),
    { kind: "tool_call", call_id: "a", name: "Look", arguments: "{}" },
    { kind: "tool_call", call_id: "b", name: "Look", arguments: "{}" },
    { kind: "tool_result", call_id: "b", summary: "b" },
    { kind: "tool_result", call_id: "lost", summary: "whose?" },
    textMessage("user", "and now?"),
  ]);
  assertEquals(messages.map((message) => message.role), ["user", "assistant", "tool", "user"]);
  assertEquals(messages[1]?.content.length, 1);
});

Deno.test("buildPrompt() keeps results with their calls when ids come again", () => {
  const round = (summary: string): Item[] => [
    { kind: "tool_call", call_id: "same", name: "Look", arguments: "{}" },
    { kind: "tool_result", call_id: "same", summary },
  ];
  const values = prompt([...round("first"), ...round("second")]).flatMap((message) =>
    message.role === "tool" ? message.content : []
  ).map((part) => part.type === "tool-result" && part.output.type === "text" && part.output.value);
  assertEquals(values, ["first", "second"]);
});

Deno.test("buildPrompt() writes notes as the model can take them, and leaves out empty texts", () => {
  const history = [
    textMessage("user", "go"),
    textMessage("system", "[Notification] psst"),
    textMessage("user", ""),
  ];
  assertEquals(prompt(history).map((message) => message.role), ["user", "user"]);
  assertEquals(prompt(history, { accepts: true })[1], {
    role: "system",
    content: "[Notification] psst",
  });
});

Deno.test("buildPrompt() sends malformed arguments as no arguments", () => {
  const [message] = prompt([
    { kind: "tool_call", call_id: "a", name: "Look", arguments: '{"x":' },
    { kind: "tool_result", call_id: "a", summary: "not JSON", is_error: true },
  ]);
  assertEquals(message?.content[0], {
    type: "tool-call",
    toolCallId: "a",
    toolName: "Look",
    input: {},
  });
});
