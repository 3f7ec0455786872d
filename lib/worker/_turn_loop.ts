/** The loop of one turn: model call, tools, model call. Source: controller specification, 9.2. @module */

import type { Turn, TurnOutcome, TurnSink } from "../engine/engine.ts";
import type { Tool } from "../engine/tool.ts";
import { flattenSegments } from "../protocol/segment.ts";
import { type Item, messageText, type ToolCallItem } from "../session/item.ts";
import { pendingCalls } from "./_call_pairs.ts";
import { callModel } from "./_model_call.ts";
import { firstBytes, type ToolOutputLimits } from "./output_cap.ts";
import { buildRequest, type requestTools } from "./_request.ts";
import type { CollectedResponse } from "./_response_collector.ts";
import { estimateHistoryTokens } from "./_token_estimate.ts";
import { runToolBatch } from "./_tool_batch.ts";
import { UsageMeter } from "./_usage.ts";
import { ABORTED, type Leftovers, untilAborted } from "./_wait.ts";
import type { HookChain, HookDecision, HookInput, HookPoint } from "./hooks.ts";
import type { Model } from "./model.ts";

/** Numbers that live as long as the engine. */
export interface Counters {
  /** Model calls completed; a call that fails does not count, its number comes again. */
  modelCalls: number;
  toolBatches: number;
}

/** What a turn works with. */
export interface LoopOptions {
  model: Model;
  tools: ReadonlyMap<string, Tool>;
  requestTools: ReturnType<typeof requestTools>;
  hooks: HookChain;
  counters: Counters;
  leftovers: Leftovers;
  limits: ToolOutputLimits;
  /** Most responses of one run; the limit is looked at after a tool batch. */
  maxTurns?: number;
}

/** Bytes of the last answer that a turn-end hook sees. */
const PREVIEW_BYTES = 512;

/** What a stop reason means for the person; the others are the normal ends of a response. */
const CUT_OFF: ReadonlyMap<string, string> = new Map([
  ["length", "The model's answer was cut off at its length limit"],
  ["content-filter", "The model's answer was stopped by the provider's content filter"],
  ["interrupted", "The model's answer ended early; it may be incomplete"],
]);

/** Runs one turn to its outcome. It rejects only when the sink does. */
export async function runTurnLoop(
  turn: Turn,
  sink: TurnSink,
  options: LoopOptions,
): Promise<TurnOutcome> {
  return await new TurnLoop(turn, sink, options).run();
}

class TurnLoop {
  readonly #turn: Turn;
  readonly #sink: TurnSink;
  readonly #options: LoopOptions;
  /** Responses of this run (W24). */
  #responses = 0;
  #toolCalls = 0;

  constructor(turn: Turn, sink: TurnSink, options: LoopOptions) {
    this.#turn = turn;
    this.#sink = sink;
    this.#options = options;
  }

  async run(): Promise<TurnOutcome> {
    if (this.#turn.kind === "run") {
      const stop = await this.#submitPrompt();
      if (stop) return stop;
    }
    if (this.#turn.kind === "resume") {
      const missing = pendingCalls(this.#sink.history);
      const stop = missing.length > 0 ? await this.#runTools(missing) : undefined;
      if (stop) return stop;
    }
    while (true) {
      const answer = await this.#respond();
      if (answer.kind !== "response") return answer;
      const { response } = answer;
      if (response.calls.length === 0) return await this.#endTurn();
      const stop = await this.#runTools(response.calls);
      if (stop) return stop;
    }
  }

  async #submitPrompt(): Promise<TurnOutcome | undefined> {
    const decision = await this.#ask("promptSubmit", {
      text: flattenSegments(this.#turn.input),
      turn: this.#sink.turnCount,
    });
    if (decision === ABORTED) return { kind: "aborted" };
    return decision.kind === "abort" ? abortedBy(decision.reason) : undefined;
  }

  /** One pass: notes, request, response, commit. */
  async #respond(): Promise<TurnOutcome | { kind: "response"; response: CollectedResponse }> {
    const sink = this.#sink;
    if (this.#turn.signal.aborted) return { kind: "aborted" };
    const turn = sink.turnCount;
    sink.emit({ event: "turn_start", data: { turn } });
    sink.takeNotes();

    const decision = await this.#ask("preRequest", {
      turn,
      itemCount: sink.history.length,
      toolCallCount: this.#toolCalls,
      // Only counted for a hook that looks.
      get estimatedTokens() {
        return estimateHistoryTokens(sink.history);
      },
    });
    if (decision === ABORTED) return { kind: "aborted" };
    if (decision.kind === "abort") {
      sink.emit({ event: "turn_end", data: { turn, result: "finished" } });
      return abortedBy(decision.reason);
    }

    const call = await this.#callModel();
    if (call.kind === "aborted") return call;
    if (call.kind === "failed") {
      return { kind: "failed", code: "provider_error", message: call.message };
    }
    sink.emit({ event: "turn_end", data: { turn, result: "finished" } });
    this.#responses++;
    this.#commit(call.response);
    return { kind: "response", response: call.response };
  }

  async #callModel(): Promise<Awaited<ReturnType<typeof callModel>>> {
    const { model, requestTools, counters, leftovers } = this.#options;
    const sink = this.#sink;
    const { signal } = this.#turn;
    const llm_call = counters.modelCalls;
    const usage = new UsageMeter(sink.history.length);
    sink.emit({ event: "llm_call_start", data: { llm_call } });
    const request = buildRequest(sink, { model, tools: requestTools, signal });
    const end = await callModel(model, request, {
      emit: (event) => sink.emit(event),
      usage,
      signal,
      leftovers,
    });
    const record = usage.record();
    if (record) sink.usage(record);
    if (end.kind === "complete") {
      counters.modelCalls++;
      sink.emit({ event: "llm_call_end", data: { llm_call } });
    }
    return end;
  }

  #commit(response: CollectedResponse): void {
    const items = [...response.reasoning, ...(response.message ? [response.message] : [])];
    for (const item of [...items, ...response.calls]) {
      this.#sink.commit({ kind: "assistant_item", item });
    }
    const notice = CUT_OFF.get(response.finishReason ?? "");
    if (notice !== undefined) this.#sink.alert("warn", notice);
  }

  async #runTools(calls: readonly ToolCallItem[]): Promise<TurnOutcome | undefined> {
    const { tools, hooks, counters, leftovers, limits, maxTurns } = this.#options;
    this.#toolCalls += calls.length;
    const end = await runToolBatch(calls, {
      tools,
      hooks,
      sink: this.#sink,
      limits,
      batchId: `tool-batch-${counters.toolBatches++}`,
      signal: this.#turn.signal,
      leftovers,
    });
    if (end.kind === "refused") return abortedBy(end.reason);
    if (end.kind !== "done") return end;
    return maxTurns !== undefined && this.#responses >= maxTurns
      ? { kind: "limit_reached" }
      : undefined;
  }

  async #endTurn(): Promise<TurnOutcome> {
    const decision = await this.#ask("turnEnd", {
      turn: this.#sink.turnCount,
      toolCallCount: this.#toolCalls,
      preview: firstBytes(lastAnswer(this.#sink.history), PREVIEW_BYTES),
    });
    if (decision === ABORTED) return { kind: "aborted" };
    return { kind: decision.kind === "pause" ? "paused" : "finished" };
  }

  /** Asks the hooks, but not longer than the turn lives. */
  async #ask<Point extends HookPoint>(
    point: Point,
    input: HookInput<Point>,
  ): Promise<HookDecision<Point> | { kind: "continue" } | typeof ABORTED> {
    const asking = this.#options.hooks.ask(point, input);
    const decision = await untilAborted(asking, this.#turn.signal);
    if (decision === ABORTED) this.#options.leftovers.keep(asking);
    return decision;
  }
}

function abortedBy(reason: string): TurnOutcome {
  return { kind: "failed", code: "internal", message: `Aborted: ${reason}` };
}

function lastAnswer(history: readonly Item[]): string {
  const last = history.findLast((item) => item.kind === "message" && item.role === "assistant");
  return last?.kind === "message" ? messageText(last) : "";
}
