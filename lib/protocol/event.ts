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
  /** Name of the Pod. */
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
  /** How serious it is. */
  level: AlertLevel;
  /** Which part of the Pod raised it. */
  source: AlertSource;
  /** What a person reads. */
  message: string;
  /** Milliseconds since the Unix epoch. */
  timestamp_ms: number;
}

/** Progress of a background memory job. */
export interface MemoryWorkerEvent {
  /** Which job, for example `extract`. */
  worker: string;
  /** How far it is, for example `running`. */
  status: string;
  /** UUID of this run of the job. */
  run_id: string;
  /** What started it, for example `session_end`. */
  trigger: string;
  /** Why it is in that status. */
  reason: string;
  /** All of this as one line for people. */
  message: string;
  /** Milliseconds since the Unix epoch. */
  timestamp_ms: number;
}

/** One completion candidate. */
export interface CompletionEntry {
  /** Text that takes the place of the prefix. */
  value: string;
  /** Whether it names a folder; only among files. */
  is_dir: boolean;
}

/** A submission the session can be taken back to. */
export interface RewindTarget {
  /** Sent back with `rewind_to`. */
  id: RewindTargetId;
  /** Entries of the log now; sent back with `rewind_to`. */
  expected_head_entries: number;
  /** Entries that would be kept. */
  truncate_entries: number;
  /** 1-based number of the submission in this segment. */
  turn_index: number;
  /** When it was submitted, in milliseconds since the Unix epoch; `null` when unknown. */
  timestamp_ms: number | null;
  /** One short line of what was submitted. */
  preview: string;
  /** Whether `rewind_to` would take it. */
  eligible: boolean;
  /** Why it would not. */
  disabled_reason?: string;
  /** What a person should know before choosing it. */
  warning?: string;
}

/** What a rewind did. */
export interface RewindSummary {
  /** Entries that were kept. */
  truncated_to_entries: number;
  /** Entries that were taken away. */
  discarded_entries: number;
  /** Whether tools ran in what was taken away; their effects stay. */
  tool_side_effect_warning: boolean;
}

/** The failure of a model request that will be tried again. */
export interface LlmRetry {
  /** Number of the request within the Pod. */
  llm_call: number;
  /** 1-based. */
  failed_attempt: number;
  /** Attempts there will be at most. */
  max_attempts: number;
  /** Milliseconds until the next attempt. */
  wait_ms: number;
  /** Milliseconds the failed attempt took. */
  elapsed_ms: number;
  /** HTTP status, if there was one. */
  status?: number;
  /** What went wrong. */
  error: string;
}

/** Tokens of one model request; input includes cached tokens. */
export interface Usage {
  /** Tokens of the prompt; `null` when the provider does not say. */
  input_tokens: number | null;
  /** Tokens of the answer; `null` when the provider does not say. */
  output_tokens: number | null;
  /** Those of `input_tokens` that came from a cache. */
  cache_read_input_tokens?: number;
}

/** The result of one tool call, as clients see it. */
export interface ToolResultData {
  /** Id of the call. */
  id: string;
  /** The result in one line. */
  summary: string;
  /** The whole result, unless the summary is all there is. */
  output?: string;
  /** Whether the call failed. */
  is_error: boolean;
}

/** Names of the events that carry no data. */
export type UnitEventName = "thinking_start" | "compact_start" | "shutdown";

/** The data of every event that has some, by event name. */
export interface EventData {
  /** A submission was accepted and is in the log. */
  user_message: { segments: Segment[] };
  /** A system item entered the history. */
  system_item: { item: unknown };
  /** An idle Pod became active. */
  invoke_start: { kind: InvokeKind };
  /** A pass of the model loop begins; 0-based. */
  turn_start: { turn: number };
  /** A pass of the model loop is over. */
  turn_end: { turn: number; result: TurnResult };
  /** A model request begins. */
  llm_call_start: { llm_call: number };
  /** A model request ended normally. */
  llm_call_end: { llm_call: number };
  /** A model request failed and will be tried again. */
  llm_retry: LlmRetry;
  /** A stream broke midway; a follow-up request is made. */
  llm_continuation: { llm_call: number; attempt: number; max_attempts: number; reason: string };
  /** A piece of the answer. */
  text_delta: { text: string };
  /** The end of a block of the answer, whole. */
  text_done: { text: string };
  /** A piece of reasoning. */
  thinking_delta: { text: string };
  /** The end of a block of reasoning, whole; empty when the provider hides it. */
  thinking_done: { text: string };
  /** The model begins to call a tool. */
  tool_call_start: { id: string; name: string };
  /** A piece of the JSON text of the arguments. */
  tool_call_args_delta: { id: string; json: string };
  /** A tool call is complete; `arguments` is JSON text. */
  tool_call_done: { id: string; name: string; arguments: string };
  /** A tool call has its result. */
  tool_result: ToolResultData;
  /** What one model request consumed. */
  usage: Usage;
  /** A controller turn ended without an error. */
  run_end: { result: RunResult };
  /** A request was refused, or a turn failed. */
  error: { code: ErrorCode; message: string };
  /** Everything so far, once for every connection; sent again, it means: start over. */
  snapshot: { entries: unknown[]; greeting: Greeting; status: PodStatus };
  /** The log goes on in a new segment, whose first entry this is. */
  segment_rotated: { entry: unknown };
  /** What the Pod is doing now. */
  status: { status: PodStatus };
  /** The reply to `list_completions`; directories come first. */
  completions: { kind: CompletionKind; entries: CompletionEntry[] };
  /** The reply to `list_rewind_targets`, newest first. */
  rewind_targets: { head_entries: number; targets: RewindTarget[] };
  /** The session was taken back: what is left, and the submission that was taken away. */
  rewind_applied: { entries: unknown[]; input: Segment[]; summary: RewindSummary };
  /** The reply to `list_pods`. */
  pods_listed: { pods: unknown };
  /** The reply to `restore_pod`. */
  pod_restored: { result: unknown };
  /** The reply to `register_peer`. */
  peer_registered: { result: unknown };
  /** A message for the person at the client. */
  alert: Alert;
  /** Progress of a background memory job. */
  memory_worker: MemoryWorkerEvent;
  /** A compaction succeeded; the log goes on in the segment with this UUID. */
  compact_done: { new_segment_id: string };
  /** A compaction failed and the session is as it was. */
  compact_failed: { error: string };
}

/** Keys that any Event may carry beside its name and data. */
export interface EventEnvelope {
  /** The `id` of the Method that directly caused this event. */
  id?: string;
  /**
   * Rises by one with every event the Pod publishes to all its clients, except alerts: those are
   * told to each client once, when it attaches or when they are raised.
   */
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
