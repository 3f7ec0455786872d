/** The tool calls of one response, made together. Source: controller specification, section 9.4. @module */

import type { TurnSink } from "../engine/engine.ts";
import type { Tool, ToolOutput } from "../engine/tool.ts";
import type { ToolCallItem } from "../session/item.ts";
import { describeToolError, ToolError } from "../tools/tool_error.ts";
import { capOutput, type ToolOutputLimits } from "./output_cap.ts";
import { parseArguments } from "./_tool_arguments.ts";
import { ABORTED, type Leftovers, untilAborted } from "./_wait.ts";
import type { HookChain } from "./hooks.ts";

/** What a batch works with. */
export interface BatchOptions {
  tools: ReadonlyMap<string, Tool>;
  hooks: HookChain;
  sink: Pick<TurnSink, "commit" | "alert">;
  limits: ToolOutputLimits;
  /** Name of the batch, `tool-batch-N`. */
  batchId: string;
  /** The turn's signal; tools are aborted through it. */
  signal: AbortSignal;
  /** Takes over tools that do not heed the signal. */
  leftovers: Leftovers;
}

/** How a batch ended. */
export type BatchEnd =
  | { kind: "done" }
  | { kind: "aborted" }
  /** A hook paused the turn: nothing ran, every call is still pending. */
  | { kind: "paused" }
  /** A hook ended the turn. */
  | { kind: "refused"; reason: string };

type Plan =
  | { call: ToolCallItem; kind: "answer"; known: boolean; output: ToolOutput }
  | { call: ToolCallItem; kind: "run"; tool: Tool; input: Record<string, unknown> };

/**
 * Makes all calls of a batch. First the hooks are asked call by call, then every approved call
 * starts at once. Each result is committed the moment its call is done (decision 9, W9).
 *
 * On abort the batch ends at once. Results that are there stay; the result of a tool that comes back
 * later is dropped, and its call stays pending.
 */
export async function runToolBatch(
  calls: readonly ToolCallItem[],
  options: BatchOptions,
): Promise<BatchEnd> {
  const plans: Plan[] = [];
  for (const call of calls) {
    const deciding = planCall(call, options);
    const decided = await untilAborted(deciding, options.signal);
    if (decided === ABORTED) {
      options.leftovers.keep(deciding);
      return { kind: "aborted" };
    }
    if (decided.kind === "paused" || decided.kind === "refused") return decided;
    plans.push(decided);
  }
  if (options.signal.aborted) return { kind: "aborted" };
  return await new Batch(options).run(plans);
}

async function planCall(
  call: ToolCallItem,
  { tools, hooks }: BatchOptions,
): Promise<Plan | Extract<BatchEnd, { kind: "paused" | "refused" }>> {
  const answer = (summary: string, known: boolean): Plan => {
    return { call, kind: "answer", known, output: { summary, isError: true } };
  };
  const tool = tools.get(call.name);
  if (!tool) return answer(`Tool '${call.name}' not found`, false);
  const parsed = parseArguments(call.arguments);
  if (parsed.kind === "malformed") {
    const reason = `invalid ${call.name} input: not valid JSON: ${parsed.reason}`;
    return answer(describeToolError(new ToolError("invalid_argument", reason)), true);
  }

  const decision = await hooks.ask("preTool", {
    callId: call.call_id,
    toolName: call.name,
    arguments: structuredClone(parsed.value),
  });
  switch (decision.kind) {
    case "deny":
      return answer(decision.text, true);
    case "abort":
      return { kind: "refused", reason: decision.reason };
    case "pause":
      return { kind: "paused" };
    case "continue":
      return { call, kind: "run", tool, input: parsed.value };
  }
}

class Batch {
  readonly #options: BatchOptions;
  /** Ends the other tools when a result cannot be committed. */
  readonly #stop = new AbortController();
  readonly #toolSignal: AbortSignal;
  /** Hooks hear of results one after the other. */
  #hooksDone: Promise<void> = Promise.resolve();
  #refusal: Extract<BatchEnd, { kind: "refused" }> | undefined;

  constructor(options: BatchOptions) {
    this.#options = options;
    this.#toolSignal = AbortSignal.any([options.signal, this.#stop.signal]);
  }

  async run(plans: readonly Plan[]): Promise<BatchEnd> {
    const work = this.#runAll(plans);
    try {
      const end = await untilAborted(work, this.#options.signal);
      if (end !== ABORTED && !this.#options.signal.aborted) {
        return this.#refusal ?? { kind: "done" };
      }
      this.#options.leftovers.keep(work);
      return { kind: "aborted" };
    } finally {
      this.#stop.abort();
    }
  }

  async #runAll(plans: readonly Plan[]): Promise<void> {
    for (const plan of plans) {
      if (plan.kind === "answer") this.#settle(plan, plan.output);
    }
    const running = plans.map(async (plan, index) => {
      if (plan.kind === "run") this.#settle(plan, await this.#execute(plan, index));
    });
    try {
      await Promise.all(running);
    } catch (error) {
      // A result could not be written: the other tools are stopped, and waited for elsewhere.
      this.#options.leftovers.keep(Promise.allSettled(running));
      throw error;
    }
    await this.#hooksDone;
  }

  /** Runs one tool; whatever it does wrong becomes an error result. */
  async #execute(plan: Extract<Plan, { kind: "run" }>, index: number): Promise<ToolOutput> {
    try {
      const output = await plan.tool.execute(plan.input, {
        callId: plan.call.call_id,
        batchId: this.#options.batchId,
        index,
        signal: this.#toolSignal,
      });
      if (typeof output?.summary !== "string") {
        throw new TypeError(`Tool "${plan.call.name}" gave no summary`);
      }
      return output;
    } catch (error) {
      return { summary: describeToolError(error), isError: true };
    }
  }

  #settle(plan: Plan, output: ToolOutput): void {
    // After an abort nothing is written any more: the call stays pending.
    if (this.#toolSignal.aborted) return;
    const { call } = plan;
    const { sink, limits } = this.#options;
    const capped = capOutput(call.name, output, limits);
    for (const notice of capped.notices) sink.alert("warn", notice);
    const { summary, content, isError } = capped.output;
    sink.commit({
      kind: "tool_result",
      item: {
        kind: "tool_result",
        call_id: call.call_id,
        summary,
        ...(content !== undefined && { content }),
        ...(isError && { is_error: true }),
      },
    });
    if (plan.kind === "run" || plan.known) this.#tellHooks(call, output);
  }

  #tellHooks(call: ToolCallItem, output: ToolOutput): void {
    this.#hooksDone = this.#hooksDone.then(async () => {
      if (this.#refusal) return;
      const decision = await this.#options.hooks.ask("postTool", {
        callId: call.call_id,
        toolName: call.name,
        isError: output.isError === true,
        summary: output.summary,
        ...(output.content !== undefined && { content: output.content }),
      });
      if (decision.kind === "abort") this.#refusal = { kind: "refused", reason: decision.reason };
    });
  }
}
