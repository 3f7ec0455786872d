/**
 * From the history of a session to the prompt of a model request.
 *
 * Source: worker-and-tools specification, sections A.0 and D.5.
 *
 * @module
 */

import type { Item, MessageItem, ToolCallItem, ToolResultItem } from "../session/item.ts";
import { pairCalls } from "./_call_pairs.ts";
import { writeRoundTrip } from "./_reasoning_metadata.ts";
import { parseArguments } from "./_tool_arguments.ts";
import type { Model, ModelMessage } from "./model.ts";

/** What a prompt is made of. */
export interface PromptSource {
  /** The conversation, oldest item first. */
  history: readonly Item[];
  /** Text of the system prompt, if there is one. */
  systemPrompt: string | null;
  /** The model that will see it: how notes and reasoning are written depends on it. */
  model: Pick<Model, "provider" | "acceptsSystemMessages">;
}

type AssistantMessage = Extract<ModelMessage, { role: "assistant" }>;
type AssistantPart = AssistantMessage["content"][number];
type ToolMessage = Extract<ModelMessage, { role: "tool" }>;

/**
 * Builds the messages of a request.
 *
 * What one response consisted of becomes one assistant message. The results of its calls follow at
 * once, in call order, wherever they lie in the history. A call without a result and a result
 * without a call are left out: every provider rejects a prompt with either.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { buildPrompt } from "./prompt.ts";
 * import { textMessage } from "../session/item.ts";
 *
 * const prompt = buildPrompt({
 *   systemPrompt: "Be brief.",
 *   history: [textMessage("user", "hello")],
 *   model: { provider: "example" },
 * });
 * assert(prompt.map((message) => message.role).join() === "system,user");
 * ```
 */
export function buildPrompt(source: PromptSource): ModelMessage[] {
  const results = pairCalls(source.history);
  const prompt: ModelMessage[] = [];
  if (source.systemPrompt !== null && source.systemPrompt !== "") {
    prompt.push({ role: "system", content: source.systemPrompt });
  }

  let parts: AssistantPart[] = [];
  let answered: ToolMessage["content"] = [];
  const closeResponse = () => {
    if (parts.length > 0) prompt.push({ role: "assistant", content: parts });
    if (answered.length > 0) prompt.push({ role: "tool", content: answered });
    parts = [];
    answered = [];
  };

  for (const item of source.history) {
    switch (item.kind) {
      case "reasoning":
        parts.push({
          type: "reasoning",
          text: item.text,
          providerOptions: writeRoundTrip(source.model.provider, item),
        });
        break;
      case "tool_call": {
        const result = results.get(item);
        if (!result) break;
        parts.push(callPart(item));
        answered.push(resultPart(item, result));
        break;
      }
      case "tool_result":
        closeResponse();
        break;
      case "message": {
        const text = spokenText(item);
        if (item.role !== "assistant") closeResponse();
        if (text === "") break;
        if (item.role === "assistant") parts.push({ type: "text", text });
        else prompt.push(spokenMessage(item.role, text, source.model));
      }
    }
  }
  closeResponse();
  return prompt;
}

/** The whole text the model gets for a result. */
export function resultText(result: Pick<ToolResultItem, "summary" | "content">): string {
  return result.content === undefined ? result.summary : `${result.summary}\n${result.content}`;
}

function spokenText(item: MessageItem): string {
  return item.content.map((part) => part.kind === "text" ? part.text : part.refusal).join("");
}

function spokenMessage(
  role: "user" | "system",
  text: string,
  model: PromptSource["model"],
): ModelMessage {
  if (role === "system" && model.acceptsSystemMessages) return { role, content: text };
  return { role: "user", content: [{ type: "text", text }] };
}

function callPart(call: ToolCallItem): AssistantPart {
  const parsed = parseArguments(call.arguments);
  return {
    type: "tool-call",
    toolCallId: call.call_id,
    toolName: call.name,
    // Providers want an object; what was wrong with malformed text stands in the result.
    input: parsed.kind === "object" ? parsed.value : {},
  };
}

function resultPart(call: ToolCallItem, result: ToolResultItem): ToolMessage["content"][number] {
  return {
    type: "tool-result",
    toolCallId: call.call_id,
    toolName: call.name,
    output: { type: result.is_error ? "error-text" : "text", value: resultText(result) },
  };
}
