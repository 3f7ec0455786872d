/** From the state of a turn to a model request. @module */

import type { TurnSink } from "../engine/engine.ts";
import type { ToolDefinition } from "../engine/tool.ts";
import type { RequestConfig } from "../session/entry.ts";
import type { Model, ModelRequest } from "./model.ts";
import { buildPrompt } from "./prompt.ts";

type RequestTool = NonNullable<ModelRequest["tools"]>[number];
type Effort = NonNullable<ModelRequest["reasoning"]>;

const EFFORTS: ReadonlySet<string> = new Set<Effort>([
  "provider-default",
  "none",
  "minimal",
  "low",
  "medium",
  "high",
  "xhigh",
  "max",
]);

/** Builds the next request; `tools` are already in the order they are sent. */
export function buildRequest(
  sink: Pick<TurnSink, "history" | "systemPrompt" | "config">,
  options: { model: Model; tools: readonly RequestTool[]; signal: AbortSignal },
): ModelRequest {
  return {
    prompt: buildPrompt({
      history: sink.history,
      systemPrompt: sink.systemPrompt,
      model: options.model,
    }),
    ...settings(sink.config),
    ...(options.tools.length > 0 && { tools: [...options.tools] }),
    abortSignal: options.signal,
  };
}

/** Tool definitions as a request carries them: sorted by name, so that the prompt's start is stable. */
export function requestTools(tools: Iterable<ToolDefinition>): RequestTool[] {
  return [...tools]
    .sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
    .map((tool) => ({
      type: "function",
      name: tool.name,
      description: tool.description,
      // Tools carry their JSON Schema as plain data; the SDK's type for it has no wider form.
      inputSchema: tool.inputSchema as Extract<RequestTool, { type: "function" }>["inputSchema"],
    }));
}

/** A token budget for reasoning has no place in the interface and is left to provider options. */
function settings(config: RequestConfig): Partial<ModelRequest> {
  return {
    ...(config.max_tokens !== null && { maxOutputTokens: config.max_tokens }),
    ...(config.temperature !== null && { temperature: config.temperature }),
    ...(config.top_p !== null && { topP: config.top_p }),
    ...(config.top_k !== null && { topK: config.top_k }),
    ...(config.stop_sequences.length > 0 && { stopSequences: [...config.stop_sequences] }),
    ...(isEffort(config.reasoning) && { reasoning: config.reasoning }),
  };
}

function isEffort(value: string | number | null): value is Effort {
  return typeof value === "string" && EFFORTS.has(value);
}
