/**
 * The contract between a Pod's controller and whatever does the thinking: the built-in worker, a
 * scripted engine in a test, or a program's own.
 *
 * The controller owns the log, the history and the status; an engine owns nothing that outlives a
 * turn. It reads the history from its {@linkcode TurnSink} and hands every result to it.
 *
 * Source: controller specification, sections 3 and 9.
 *
 * @module
 */

import type {
  AlertLevel,
  AlertSource,
  CompletionEntry,
  CompletionKind,
  ErrorCode,
  EventOf,
  Segment,
} from "../protocol/mod.ts";
import type {
  Item,
  MessageItem,
  ReasoningItem,
  RequestConfig,
  SystemItem,
  ToolCallItem,
  ToolResultItem,
} from "../session/mod.ts";

/** What an engine says of itself; part of the Pod's greeting. */
export interface EngineDescription {
  /** Provider family, for example `anthropic`, `builtin` or `unknown`. */
  provider: string;
  /** Name of the model. */
  model: string;
  /** Names of the tools the model may call. */
  tools: readonly string[];
  /** Tokens the model can see at once; 0 when unknown. */
  contextWindow: number;
}

/** Why an input or request cannot be served. */
export interface Refusal {
  /** The code clients are told. */
  code: ErrorCode;
  /** What is wrong and what to do about it. */
  message: string;
}

/** What a new session starts with. */
export interface SessionStart {
  /** The rendered text; it is kept with the session and never rendered again. */
  systemPrompt: string | null;
  /** Settings of every model request. */
  config: RequestConfig;
}

/** A message for the person at a client. */
export interface EngineAlert {
  /** How serious it is. */
  level: AlertLevel;
  /** Which part of the Pod speaks. */
  source: AlertSource;
  /** What is so, and what to do about it. */
  message: string;
}

/** What came of the references in a submission. */
export interface ResolvedInput {
  /** Committed right after the submission, in this order. */
  attachments?: readonly SystemItem[];
  /** Raised right after the submission. */
  alerts?: readonly EngineAlert[];
}

/** Why a turn was started. */
export type TurnKind = "run" | "resume" | "notification";

/** One turn: from the first commit to its settlement. */
export interface Turn {
  /** Why it was started. */
  kind: TurnKind;
  /** The submission of a `run`; empty otherwise. It is already part of the history. */
  input: readonly Segment[];
  /** Fires on pause, cancel and shutdown. A turn that does not end soon after is abandoned. */
  signal: AbortSignal;
}

/** Tokens of one model request, as the log keeps them. */
export interface UsageRecord {
  /** Items in the history when the request was sent. */
  historyLength: number;
  /** The whole prompt, cached tokens included; `null` when not reported. */
  inputTokens: number | null;
  /** The answer; `null` when not reported. */
  outputTokens: number | null;
  /** The part of the prompt that came from a cache. */
  cacheReadTokens?: number;
  /** The part of the prompt that was put into a cache. */
  cacheWriteTokens?: number;
}

/** Live events an engine may emit; everything else follows from what it commits. */
export type EngineEvent = EventOf<
  | "turn_start"
  | "turn_end"
  | "llm_call_start"
  | "llm_call_end"
  | "llm_retry"
  | "llm_continuation"
  | "text_delta"
  | "text_done"
  | "thinking_start"
  | "thinking_delta"
  | "thinking_done"
  | "tool_call_start"
  | "tool_call_args_delta"
  | "tool_call_done"
>;

/** What an engine may add to the log. */
export type EngineEntry =
  | { kind: "assistant_item"; item: MessageItem | ReasoningItem | ToolCallItem }
  | { kind: "tool_result"; item: ToolResultItem }
  | { kind: "system_item"; item: SystemItem }
  | { kind: "config_changed"; config: RequestConfig }
  | { kind: "extension"; domain: string; payload: unknown };

/**
 * Where an engine puts what it does during one turn. All calls are synchronous: when one returns,
 * the entry is on disk and every client has been told. After the turn was abandoned every call
 * throws.
 */
export interface TurnSink {
  /** The conversation so far, growing with every commit; never change it. */
  readonly history: readonly Item[];
  /** What the session started with. */
  readonly systemPrompt: string | null;
  /** Settings of every model request. */
  readonly config: RequestConfig;
  /** Id of the log segment being written; a stable key for prompt caches between compactions. */
  readonly segmentId: string;
  /**
   * Model responses completed over the Pod's life: the number `turn_start` and `turn_end` carry. It
   * rises by one when `turn_end` is emitted.
   */
  readonly turnCount: number;
  /** Adds an entry to the log, the history and the clients' view. A `tool_result` is announced by its commit. */
  commit(entry: EngineEntry): void;
  /** Tells the clients something that no log entry says. */
  emit(event: EngineEvent): void;
  /** Records and announces the tokens of one model request; call it once a request. */
  usage(record: UsageRecord): void;
  /** Moves queued notifications into the history; call it at the head of every model iteration. */
  takeNotes(): void;
  /** Tells the people at the clients something. */
  alert(level: AlertLevel, message: string): void;
}

/** How a turn ended. */
export type TurnOutcome =
  | { kind: "finished" }
  /** Paused by the engine itself, for example by a hook. */
  | { kind: "paused" }
  | { kind: "limit_reached" }
  /** Ended because `turn.signal` fired. */
  | { kind: "aborted" }
  | { kind: "failed"; code: ErrorCode; message: string };

/** What a compaction starts from. */
export interface CompactionRequest {
  /** The history to shorten. */
  history: readonly Item[];
  /** What the session started with; it stays as it is. */
  systemPrompt: string | null;
  /** Announces the compaction to clients; call it when there is something to do, before the work. */
  begin(): void;
  /** Fires when the compaction is not wanted any more. */
  signal: AbortSignal;
}

/** What a compaction gives: the new history, or why there was nothing to do. */
export type CompactionOutcome =
  | { kind: "compacted"; history: Item[] }
  | { kind: "skipped"; reason: string };

/**
 * What does the thinking behind a controller.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import type { Engine } from "./engine.ts";
 *
 * const echo: Engine = {
 *   describe: () => ({ provider: "unknown", model: "echo", tools: [], contextWindow: 0 }),
 *   runTurn(_turn, sink) {
 *     const turn = sink.turnCount;
 *     sink.emit({ event: "turn_start", data: { turn } });
 *     sink.takeNotes();
 *     sink.emit({ event: "text_done", data: { text: "hello" } });
 *     sink.emit({ event: "turn_end", data: { turn, result: "finished" } });
 *     sink.commit({
 *       kind: "assistant_item",
 *       item: { kind: "message", role: "assistant", content: [{ kind: "text", text: "hello" }] },
 *     });
 *     return Promise.resolve({ kind: "finished" });
 *   },
 * };
 * assert(echo.describe().model === "echo");
 * ```
 */
export interface Engine {
  /** What the engine says of itself; asked anew for every snapshot. */
  describe(): EngineDescription;
  /** Refuses a submission before anything changes; called synchronously. */
  admit?(input: readonly Segment[]): Refusal | undefined;
  /**
   * Renders what a new session starts with. Called before the first run; when it rejects, that run
   * fails and the next one tries again. Without it a session has no system prompt.
   */
  startSession?(options: { signal: AbortSignal }): Promise<SessionStart>;
  /** Resolves the references of an admitted submission before anything is committed. */
  resolveInput?(
    input: readonly Segment[],
    options: { signal: AbortSignal },
  ): Promise<ResolvedInput>;
  /** Runs one turn. A rejection counts as `failed` with code `internal`, or as `aborted` after the signal fired. */
  runTurn(turn: Turn, sink: TurnSink): Promise<TurnOutcome>;
  /** Whether the history should be compacted before the next turn. */
  isCompactionDue?(history: readonly Item[]): boolean;
  /** Makes a shorter history. Without it the Method `compact` is answered with one alert. */
  compact?(request: CompactionRequest): Promise<CompactionOutcome>;
  /** Completion candidates; an engine without it has none. */
  complete?(
    kind: CompletionKind,
    prefix: string,
    options: { signal: AbortSignal },
  ): Promise<CompletionEntry[]>;
  /** Gives back what the engine holds; called once, at the end of the Pod. */
  [Symbol.asyncDispose]?(): Promise<void>;
}
