/** The lines of a model script. @module */

import type { ModelStreamPart } from "./model.ts";
import { WorkerError } from "./worker_error.ts";

/** One line below a `call`. */
export type ScriptStep =
  | { kind: "part"; part: ModelStreamPart }
  | { kind: "wait"; ms: number }
  | { kind: "hang" }
  | { kind: "fail"; message: string; status?: number };

type Fields = Record<string, unknown>;

/**
 * Reads a script: the steps of each call.
 *
 * @throws {WorkerError} code `bad_script`, naming the script and the line.
 */
export function parseScript(text: string, name: string): ScriptStep[][] {
  const calls: ScriptStep[][] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const problem = readLine(line, calls);
    if (problem !== undefined) {
      throw new WorkerError(
        "bad_script",
        `Cannot read model script "${name}", line ${index + 1}: ${problem}`,
      );
    }
  }
  return calls;
}

/** Adds a line to the calls, or says what is wrong with it. */
function readLine(line: string, calls: ScriptStep[][]): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (!isFields(value)) return "not a JSON object";
  if ("call" in value) {
    if (!isFields(value.call)) return '"call" must be an object';
    calls.push([]);
    return undefined;
  }
  const step = readStep(value);
  if (typeof step === "string") return step;
  const call = calls.at(-1);
  if (!call) return 'a step before the first {"call":{}}';
  call.push(step);
  return undefined;
}

function readStep(value: Fields): ScriptStep | string {
  if ("wait_ms" in value) {
    const ms = value.wait_ms;
    if (typeof ms !== "number" || !(ms >= 0)) return '"wait_ms" must be a number of milliseconds';
    return { kind: "wait", ms };
  }
  if ("hang" in value) return value.hang === true ? { kind: "hang" } : '"hang" must be true';
  if ("fail" in value) return readFailure(value.fail);
  if (typeof value.type !== "string") return 'neither a stream part with a "type" nor a control';
  return readPart(value, value.type);
}

function readFailure(value: unknown): ScriptStep | string {
  if (!isFields(value)) return '"fail" must be an object';
  const { status, message } = value;
  if (status !== undefined && typeof status !== "number") return '"fail.status" must be a number';
  if (message !== undefined && typeof message !== "string") return '"fail.message" must be a text';
  return {
    kind: "fail",
    message: message ?? "the script says so",
    ...(status !== undefined && { status }),
  };
}

/** Text fields without which a part of the given type cannot be played. */
const REQUIRED: ReadonlyMap<string, readonly string[]> = new Map([
  ["text-start", ["id"]],
  ["text-delta", ["id", "delta"]],
  ["text-end", ["id"]],
  ["reasoning-start", ["id"]],
  ["reasoning-delta", ["id", "delta"]],
  ["reasoning-end", ["id"]],
  ["tool-input-start", ["id", "toolName"]],
  ["tool-input-delta", ["id", "delta"]],
  ["tool-input-end", ["id"]],
  ["tool-call", ["toolCallId", "toolName", "input"]],
]);

/** Parts of this program's interface that need no look at their fields. */
const OTHER_TYPES: ReadonlySet<string> = new Set([
  "stream-start",
  "response-metadata",
  "error",
  "ping",
  "raw",
  "file",
  "source",
  "custom",
  "reasoning-file",
  "tool-result",
  "tool-approval-request",
]);

function readPart(value: Fields, type: string): ScriptStep | string {
  const missing = REQUIRED.get(type)?.find((field) => typeof value[field] !== "string");
  if (missing !== undefined) return `"${type}" needs a text "${missing}"`;
  if (type === "finish") {
    const problem = checkFinish(value);
    if (problem !== undefined) return problem;
  } else if (!REQUIRED.has(type) && !OTHER_TYPES.has(type)) {
    return `unknown stream part "${type}"`;
  }
  // Checked above as far as the worker reads it.
  return { kind: "part", part: value as unknown as ModelStreamPart };
}

function checkFinish({ usage, finishReason }: Fields): string | undefined {
  if (!isFields(finishReason) || typeof finishReason.unified !== "string") {
    return '"finish" needs a "finishReason" with a text "unified"';
  }
  if (!isFields(usage) || !isFields(usage.inputTokens) || !isFields(usage.outputTokens)) {
    return '"finish" needs a "usage" with "inputTokens" and "outputTokens"';
  }
  return undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
