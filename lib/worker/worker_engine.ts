/**
 * The built-in engine: a language model that may call tools, in a loop.
 *
 * Source: controller specification, sections 8 and 9; worker-and-tools specification, section D.
 *
 * @module
 */

import type {
  Engine,
  EngineDescription,
  SessionStart,
  Turn,
  TurnOutcome,
  TurnSink,
} from "../engine/engine.ts";
import type { Tool } from "../engine/tool.ts";
import type { RequestConfig } from "../session/entry.ts";
import { emptyConfig } from "../session/segment_state.ts";
import type { ToolOutputLimits } from "./output_cap.ts";
import { requestTools } from "./_request.ts";
import { type Counters, runTurnLoop } from "./_turn_loop.ts";
import { ABORTED, Leftovers, untilAborted } from "./_wait.ts";
import { chainHooks, type HookChain, type WorkerHook } from "./hooks.ts";
import type { Model } from "./model.ts";
import { WorkerError } from "./worker_error.ts";

/** What a worker is made of. */
export interface WorkerOptions {
  /** What answers. */
  model: Model;
  /** What it may call; no two with one name. */
  tools: readonly Tool[];
  /** Text of the system prompt, or what renders it. A failed rendering is tried again (W29). */
  systemPrompt?: string | ((options: { signal: AbortSignal }) => Promise<string>);
  /** Settings a new session starts with; without them the provider's defaults hold. */
  config?: Partial<RequestConfig>;
  /** Most responses of one run; the run ends after the tool batch that reaches it. */
  maxTurns?: number;
  /** Asked in this order. */
  hooks?: readonly WorkerHook[];
  /** How much of a tool's output the model gets. */
  toolOutput?: ToolOutputLimits;
  /**
   * Told about what fails after its turn was over, for example a tool that did not heed its signal.
   * Default: such failures are dropped, as their results are.
   */
  onLateFailure?: (error: unknown) => void;
  /** Longest time in milliseconds that disposal waits for such tools. Default 1000. */
  disposeTimeoutMs?: number;
}

const DEFAULT_DISPOSE_TIMEOUT_MS = 1000;

/**
 * Makes an engine of a model and tools.
 *
 * @throws {WorkerError} code `duplicate_tool`, when two tools have one name.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { createWorkerEngine } from "./worker_engine.ts";
 * import { offlineModel } from "./offline_model.ts";
 *
 * await using engine = createWorkerEngine({ model: offlineModel(), tools: [] });
 * assert(engine.describe().provider === "builtin");
 * ```
 */
export function createWorkerEngine(options: WorkerOptions): WorkerEngine {
  return new WorkerEngine(options);
}

/** An {@linkcode Engine} over a language model; made by {@linkcode createWorkerEngine}. */
export class WorkerEngine implements Engine, AsyncDisposable {
  readonly #options: WorkerOptions;
  readonly #tools: ReadonlyMap<string, Tool>;
  readonly #requestTools: ReturnType<typeof requestTools>;
  readonly #counters: Counters = { modelCalls: 0, toolBatches: 0 };
  readonly #leftovers: Leftovers;

  /**
   * Use {@linkcode createWorkerEngine}, which reads better.
   *
   * @throws {WorkerError} code `duplicate_tool`, when two tools have one name.
   */
  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#tools = toolsByName(options.tools);
    this.#requestTools = requestTools(options.tools);
    this.#leftovers = new Leftovers(options.onLateFailure ?? (() => {}));
  }

  /** Provider family, model and tools. */
  describe(): EngineDescription {
    const { model } = this.#options;
    return {
      provider: model.provider.split(".")[0] || "unknown",
      model: model.modelId,
      tools: this.#requestTools.map((tool) => tool.name),
      contextWindow: model.contextWindow ?? 0,
    };
  }

  /** Renders the system prompt. */
  async startSession({ signal }: { signal: AbortSignal }): Promise<SessionStart> {
    const { systemPrompt = null, config } = this.#options;
    return {
      systemPrompt: typeof systemPrompt === "function"
        ? await systemPrompt({ signal })
        : systemPrompt,
      config: { ...emptyConfig(), ...config },
    };
  }

  /** Runs one turn; see {@linkcode Engine.runTurn}. */
  async runTurn(turn: Turn, sink: TurnSink): Promise<TurnOutcome> {
    const hooks = chainHooks(this.#options.hooks ?? [], (problem) => {
      // Nobody listens to a turn that is over.
      if (!turn.signal.aborted) sink.alert("warn", problem);
    });
    const { model, toolOutput = {}, maxTurns } = this.#options;
    const outcome = await runTurnLoop(turn, sink, {
      model,
      tools: this.#tools,
      requestTools: this.#requestTools,
      hooks,
      counters: this.#counters,
      leftovers: this.#leftovers,
      limits: toolOutput,
      ...(maxTurns !== undefined && { maxTurns }),
    });
    await this.#tellAbort(hooks, outcome, turn.signal);
    return outcome;
  }

  /** Waits a little for tools that outlived their turn; they cannot be ended by force. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#leftovers.settle(this.#options.disposeTimeoutMs ?? DEFAULT_DISPOSE_TIMEOUT_MS);
  }

  async #tellAbort(hooks: HookChain, outcome: TurnOutcome, signal: AbortSignal): Promise<void> {
    if (outcome.kind !== "failed" && outcome.kind !== "aborted") return;
    const telling = hooks.tellAbort(outcome.kind === "failed" ? outcome.message : "Cancelled");
    if (await untilAborted(telling, signal) === ABORTED) this.#leftovers.keep(telling);
  }
}

function toolsByName(tools: readonly Tool[]): Map<string, Tool> {
  const byName = new Map<string, Tool>();
  for (const tool of tools) {
    if (byName.has(tool.name)) {
      throw new WorkerError(
        "duplicate_tool",
        `Cannot register tool "${tool.name}": another tool has that name`,
      );
    }
    byName.set(tool.name, tool);
  }
  return byName;
}
