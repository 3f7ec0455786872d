/** What a Pod tells its clients. Source: protocol specification, section 3. @module */

import type { CompletionKind, RewindTargetId } from "./method.ts";
import type { Segment } from "./segment.ts";

/** What a Pod is doing, as its clients see it. */
export type PodStatus = "idle" | "running" | "paused";
/** What made an idle Pod active; the last two are reserved. */
export type InvokeKind = "user_send" | "notify" | "pod_event" | "system_reminder" | "wakeup";
/** How one pass of the model loop ended. */
export type TurnResult = "finished" | "paused";
/** How one controller turn ended without an error. */
export type RunResult = "finished" | "paused" | "limit_reached" | "rolled_back";
/** Why a request was refused or a turn failed. */
export type ErrorCode =
  | "already_running"
  | "not_running"
  | "not_paused"
  | "provider_error"
  | "tool_error"
  | "invalid_request"
  | "internal";
/** How serious an {@linkcode Alert} is. */
export type AlertLevel = "warn" | "error";
/** Which part of a Pod raised an {@linkcode Alert}. */
export type AlertSource = "pod" | "worker" | "compactor" | "agents_md";

/** What a Pod says of itself in every snapshot. */
export interface Greeting {
  pod_name: string;
  /** Working directory of the Pod. */
  cwd: string;
  /** Provider family, for example `anthropic` or `unknown`. */
  provider: string;
  /** Model name. */
  model: string;
  /** Readable and writable paths, several lines, for people. */
  scope_summary: string;
  /** Names of the tools the model may call, sorted. */
  tools: string[];
  /** Tokens the model can see at once; 0 when unknown. */
  context_window: number;
  /** Tokens of the current context; 0 when unknown. */
  context_tokens: number;
  /** Version of the additions to the wire that this Pod speaks. */
  protocol?: number;
  /** Names of additions this Pod understands, for example `method_id`. */
  features?: string[];
}

/** A message for the person at a client. */
export interface Alert {
  level: AlertLevel;
  source: AlertSource;
  message: string;
  /** Milliseconds since the Unix epoch. */
  timestamp_ms: number;
}

/** Progress of a background memory job. */
export interface MemoryWorkerEvent {
  worker: string;
  status: string;
  run_id: string;
  trigger: string;
  reason: string;
  message: string;
  /** Milliseconds since the Unix epoch. */
  timestamp_ms: number;
}

/** One completion candidate. */
export interface CompletionEntry {
  value: string;
  is_dir: boolean;
}

/** A submission the session can be taken back to. */
export interface RewindTarget {
  id: RewindTargetId;
  /** Entries of the log now; sent back with `rewind_to`. */
  expected_head_entries: number;
  /** Entries that would be kept. */
  truncate_entries: number;
  /** 1-based number of the submission in this segment. */
  turn_index: number;
  timestamp_ms: number | null;
  preview: string;
  eligible: boolean;
  disabled_reason?: string;
  warning?: string;
}

/** What a rewind did. */
export interface RewindSummary {
  truncated_to_entries: number;
  discarded_entries: number;
  tool_side_effect_warning: boolean;
}

/** The failure of a model request that will be tried again. */
export interface LlmRetry {
  llm_call: number;
  /** 1-based. */
  failed_attempt: number;
  max_attempts: number;
  wait_ms: number;
  elapsed_ms: number;
  /** HTTP status, if there was one. */
  status?: number;
  error: string;
}

/** Tokens of one model request; input includes cached tokens. */
export interface Usage {
  input_tokens: number | null;
  output_tokens: number | null;
  cache_read_input_tokens?: number;
}

/** The result of one tool call, as clients see it. */
export interface ToolResultData {
  /** Id of the call. */
  id: string;
  summary: string;
  output?: string;
  is_error: boolean;
}

/** Names of events that carry no data, each with the event it is. */
export type UnitEventName = "thinking_start" | "compact_start" | "shutdown";

/** The data of every event that has some, by event name. */
export interface EventData {
  user_message: { segments: Segment[] };
  system_item: { item: unknown };
  invoke_start: { kind: InvokeKind };
  turn_start: { turn: number };
  turn_end: { turn: number; result: TurnResult };
  llm_call_start: { llm_call: number };
  llm_call_end: { llm_call: number };
  llm_retry: LlmRetry;
  llm_continuation: { llm_call: number; attempt: number; max_attempts: number; reason: string };
  text_delta: { text: string };
  text_done: { text: string };
  thinking_delta: { text: string };
  thinking_done: { text: string };
  tool_call_start: { id: string; name: string };
  tool_call_args_delta: { id: string; json: string };
  tool_call_done: { id: string; name: string; arguments: string };
  tool_result: ToolResultData;
  usage: Usage;
  run_end: { result: RunResult };
  error: { code: ErrorCode; message: string };
  snapshot: { entries: unknown[]; greeting: Greeting; status: PodStatus };
  segment_rotated: { entry: unknown };
  status: { status: PodStatus };
  completions: { kind: CompletionKind; entries: CompletionEntry[] };
  rewind_targets: { head_entries: number; targets: RewindTarget[] };
  rewind_applied: { entries: unknown[]; input: Segment[]; summary: RewindSummary };
  pods_listed: { pods: unknown };
  pod_restored: { result: unknown };
  peer_registered: { result: unknown };
  alert: Alert;
  memory_worker: MemoryWorkerEvent;
  compact_done: { new_segment_id: string };
  compact_failed: { error: string };
}

/** Keys that any Event may carry beside its name and data. */
export interface EventEnvelope {
  /** The `id` of the Method that directly caused this event. */
  id?: string;
  /** Rises by one with every event the Pod publishes to all its clients. */
  seq?: number;
}

/** The event with the given name. */
export type EventOf<Name extends keyof EventData | UnitEventName> =
  & EventEnvelope
  & (Name extends keyof EventData ? { event: Name; data: EventData[Name] } : { event: Name });

/** One line from a Pod to a client; the shape on the wire is this type. */
export type Event =
  | { [Name in keyof EventData]: EventOf<Name> }[keyof EventData]
  | { [Name in UnitEventName]: EventOf<Name> }[UnitEventName];

/** The name of an Event. */
export type EventName = Event["event"];
