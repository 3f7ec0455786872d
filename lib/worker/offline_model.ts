/**
 * A model that needs no network: it answers questions about a workspace by rules.
 *
 * It looks for telling words in the question, calls `Glob`, `Grep` and `Read`, and quotes what it
 * found with `path:line`. The same prompt always gives the same response.
 *
 * @module
 */

import { isAbsolute, join, relative } from "@std/path";
import { writeAnswer } from "./_offline_answer.ts";
import { countCalls, readConversation } from "./_offline_conversation.ts";
import type { Evidence } from "./_offline_evidence.ts";
import { type PlannedRound, planRound } from "./_offline_plan.ts";
import { readQuestion } from "./_offline_question.ts";
import { acknowledgeNotes, answerSmallTalk, NOTHING_ASKED } from "./_offline_small_talk.ts";
import { estimateTokens } from "./_token_estimate.ts";
import type { Model, ModelRequest, ModelStreamPart, ModelUsage } from "./model.ts";

/** How the offline model sees the workspace. */
export interface OfflineModelOptions {
  /** Working directory of the tools, absolute; paths below it are shown relative to it. */
  cwd?: string;
}

/** What the model does next. */
type Response =
  | { kind: "say"; text: string }
  | { kind: "call"; round: PlannedRound };

/**
 * Makes the offline model.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { offlineModel } from "./offline_model.ts";
 *
 * const { stream } = await offlineModel().doStream({
 *   prompt: [{ role: "user", content: [{ type: "text", text: "hello" }] }],
 * });
 * let text = "";
 * for await (const part of stream) if (part.type === "text-delta") text += part.delta;
 * assert(text.includes("no language model"));
 * ```
 */
export function offlineModel({ cwd }: OfflineModelOptions = {}): Model {
  return {
    provider: "builtin",
    modelId: "offline",
    acceptsSystemMessages: true,
    doStream(request) {
      const response = respond(request, cwd);
      return Promise.resolve({ stream: ReadableStream.from(streamParts(request, response)) });
    },
  };
}

function respond(request: ModelRequest, cwd: string | undefined): Response {
  const occasion = readConversation(request.prompt);
  if (occasion.kind === "nothing") return { kind: "say", text: NOTHING_ASKED };
  if (occasion.kind === "notes") return { kind: "say", text: acknowledgeNotes(occasion.texts) };
  const talk = answerSmallTalk(occasion.text);
  if (talk !== undefined) return { kind: "say", text: talk };
  return answer(occasion.text, occasion.evidence, request, cwd);
}

function answer(
  text: string,
  evidence: Evidence,
  request: ModelRequest,
  cwd: string | undefined,
): Response {
  const question = readQuestion(text);
  const shorten = (path: string) => shortPath(path, cwd);
  const round = planRound(question, evidence, {
    tools: new Set((request.tools ?? []).map((tool) => tool.name)),
    shorten,
    absolute: (path) => cwd === undefined || isAbsolute(path) ? path : join(cwd, path),
  });
  if (round) return { kind: "call", round };
  if (evidence.rounds === 0 && !request.tools?.length) {
    return {
      kind: "say",
      text:
        "I am an offline model, no language model: I can only search with tools, and have none.\n",
    };
  }
  return { kind: "say", text: writeAnswer(question, evidence, shorten) };
}

function shortPath(path: string, cwd: string | undefined): string {
  if (cwd === undefined || !isAbsolute(path)) return path.replace(/^\.\//u, "");
  const short = relative(cwd, path);
  return short === "" || short === ".." || short.startsWith("../") ? path : short;
}

function* streamParts(request: ModelRequest, response: Response): Generator<ModelStreamPart> {
  yield { type: "stream-start", warnings: [] };
  const written: string[] = [];
  const text = response.kind === "say" ? response.text : `${response.round.purpose}\n`;
  yield { type: "text-start", id: "text" };
  for (const delta of text.split(/(?<=\n)/u)) {
    written.push(delta);
    yield { type: "text-delta", id: "text", delta };
  }
  yield { type: "text-end", id: "text" };

  if (response.kind === "call") {
    const made = countCalls(request.prompt);
    for (const [index, call] of response.round.calls.entries()) {
      const id = `offline-${made + index + 1}`;
      const input = JSON.stringify(call.input);
      written.push(call.tool, input);
      yield { type: "tool-input-start", id, toolName: call.tool };
      yield { type: "tool-input-delta", id, delta: input };
      yield { type: "tool-input-end", id };
      yield { type: "tool-call", toolCallId: id, toolName: call.tool, input };
    }
  }
  yield {
    type: "finish",
    finishReason: { unified: response.kind === "call" ? "tool-calls" : "stop", raw: undefined },
    usage: estimatedUsage(request, written),
  };
}

/** Numbers by rule of thumb, marked as such. */
function estimatedUsage(request: ModelRequest, written: readonly string[]): ModelUsage {
  const input = estimateTokens([JSON.stringify(request.prompt)]);
  const output = estimateTokens(written);
  return {
    inputTokens: { total: input, noCache: input, cacheRead: undefined, cacheWrite: undefined },
    outputTokens: { total: output, text: output, reasoning: undefined },
    raw: { estimated: true },
  };
}
