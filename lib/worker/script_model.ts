/**
 * A model that plays a script: recorded stream parts, waits and failures.
 *
 * A script is JSON lines (decision 19). `{"call":{}}` opens the next model call; the lines below it
 * are AI SDK stream parts or one of the controls `{"wait_ms":50}`, `{"hang":true}` and
 * `{"fail":{"status":429,"message":"..."}}`. A failure before the first part is a request that
 * fails; later it is a stream that breaks.
 *
 * @module
 */

import { basename } from "@std/path";
import { parseScript, type ScriptStep } from "./_script_steps.ts";
import { delay } from "./_wait.ts";
import type { Model, ModelRequest, ModelStream, ModelStreamPart } from "./model.ts";
import { WorkerError } from "./worker_error.ts";

/** A {@linkcode Model} that plays a script, one recorded call for each request. */
export class ScriptModel implements Model {
  /** What a script says of its provider. */
  readonly provider = "script";
  /** A script takes everything. */
  readonly acceptsSystemMessages = true;
  /** Every request that was answered from the script, for a test to look at. */
  readonly requests: ModelRequest[] = [];
  readonly #calls: readonly ScriptStep[][];

  /**
   * Reads a script from a text.
   *
   * @param text The script.
   * @param modelId Its name in messages, usually the file's.
   * @throws {WorkerError} code `bad_script`, with name and line, when a line is not understood.
   * @example
   * ```ts
   * import { assert } from "@std/assert";
   * import { ScriptModel } from "./script_model.ts";
   *
   * const model = new ScriptModel('{"call":{}}\n{"type":"text-delta","id":"1","delta":"hello"}\n');
   * const { stream } = await model.doStream({ prompt: [] });
   * const parts = await Array.fromAsync(stream);
   * assert(parts.length === 1);
   * ```
   */
  constructor(text: string, readonly modelId = "script") {
    this.#calls = parseScript(text, modelId);
  }

  /**
   * Reads a script from a file.
   *
   * @throws {WorkerError} code `bad_script`, when the file cannot be read or has a bad line.
   */
  static async open(path: string): Promise<ScriptModel> {
    let text: string;
    try {
      text = await Deno.readTextFile(path);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new WorkerError("bad_script", `Cannot read model script "${path}": ${reason}`, {
        cause,
      });
    }
    return new ScriptModel(text, basename(path));
  }

  /** Plays the next call of the script; rejects when there is none. */
  async doStream(request: ModelRequest): Promise<ModelStream> {
    const number = this.requests.length + 1;
    const steps = this.#calls[number - 1];
    if (!steps) {
      throw new WorkerError(
        "model_failed",
        `Cannot play model call ${number}: script "${this.modelId}" has ${this.#calls.length}`,
      );
    }
    this.requests.push(request);
    const signal = request.abortSignal ?? new AbortController().signal;
    const opening = steps.findIndex((step) => step.kind !== "wait");
    const first = steps[opening];
    if (first?.kind !== "fail") return { stream: play(steps, signal) };
    for (const step of steps.slice(0, opening)) {
      if (step.kind === "wait") await delay(step.ms, signal);
    }
    signal.throwIfAborted();
    throw failure(first);
  }
}

function play(steps: readonly ScriptStep[], signal: AbortSignal): ReadableStream<ModelStreamPart> {
  const stop = new AbortController();
  const ended = AbortSignal.any([signal, stop.signal]);
  const rest = steps.values();
  return new ReadableStream<ModelStreamPart>({
    async pull(controller) {
      for (const step of rest) {
        if (step.kind === "part") return controller.enqueue(step.part);
        if (step.kind === "fail") return controller.error(failure(step));
        if (step.kind === "wait") await delay(step.ms, ended);
        else await untilFired(ended);
        if (stop.signal.aborted) return;
        if (ended.aborted) return controller.error(ended.reason);
      }
      controller.close();
    },
    cancel: (reason) => stop.abort(reason),
  }, { highWaterMark: 0 });
}

function failure(step: Extract<ScriptStep, { kind: "fail" }>): WorkerError {
  return new WorkerError("model_failed", step.message, { statusCode: step.status });
}

function untilFired(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
