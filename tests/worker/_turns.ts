/** Short ways to say what the worker's tests need. */

import type { Turn, TurnKind } from "../../lib/engine/engine.ts";
import type { Tool, ToolContext, ToolOutput } from "../../lib/engine/tool.ts";
import { type Item, textMessage } from "../../lib/session/item.ts";
import type { ModelStreamPart } from "../../lib/worker/model.ts";
import { ScriptModel } from "../../lib/worker/script_model.ts";
import { RecordingSink } from "./_recording_sink.ts";

/** A turn of the given kind; never aborted unless a signal is given. */
export function turn(kind: TurnKind = "run", signal = new AbortController().signal): Turn {
  return { kind, input: kind === "run" ? [{ kind: "text", content: "hello" }] : [], signal };
}

/** A sink whose history holds a user message. */
export function sinkWith(...more: Item[]): RecordingSink {
  return new RecordingSink([textMessage("user", "hello"), ...more]);
}

/** The lines of a script: each call is a list of parts and controls. */
export function script(...calls: unknown[][]): ScriptModel {
  const lines = calls.flatMap((steps) => [{ call: {} }, ...steps]);
  return new ScriptModel(lines.map((line) => JSON.stringify(line)).join("\n"));
}

export function text(words: string, id = "t"): ModelStreamPart[] {
  return [
    { type: "text-start", id },
    { type: "text-delta", id, delta: words },
    { type: "text-end", id },
  ];
}

export function call(id: string, toolName: string, input = "{}"): ModelStreamPart[] {
  return [
    { type: "tool-input-start", id, toolName },
    ...(input === "" ? [] : [{ type: "tool-input-delta", id, delta: input } as const]),
    { type: "tool-input-end", id },
    { type: "tool-call", toolCallId: id, toolName, input },
  ];
}

export function finish(input = 10, output = 2, unified = "stop"): unknown {
  return {
    type: "finish",
    finishReason: { unified },
    usage: { inputTokens: { total: input }, outputTokens: { total: output } },
  };
}

/** A tool made of one function; without one it answers with its own name. */
export function tool(
  name: string,
  execute: (input: Record<string, unknown>, context: ToolContext) => Promise<ToolOutput> = () =>
    Promise.resolve({ summary: name }),
): Tool {
  return { name, description: `does ${name}`, inputSchema: { type: "object" }, execute };
}

/** A promise that never settles, as a hanging tool gives. */
export function never(): Promise<never> {
  return new Promise(() => {});
}
