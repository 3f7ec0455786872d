/** The table of Events as code. Source: protocol specification, section 3. @module */

import {
  addition,
  asObject,
  type Codec,
  defaulted,
  list,
  nullable,
  optional,
  record,
} from "./_codec.ts";
import { json } from "./_json_value.ts";
import { completionKind, rewindTargetId } from "./_method_codec.ts";
import { flag, i64, nothing, oneOf, text, u16, u32, u64, uuid } from "./_scalars.ts";
import { segments } from "./_segment_codec.ts";
import { inside } from "./error.ts";
import type {
  Alert,
  CompletionEntry,
  EventData,
  EventName,
  Greeting,
  MemoryWorkerEvent,
  PodStatus,
  RewindSummary,
  RewindTarget,
} from "./event.ts";

const POD_STATUSES = ["idle", "running", "paused"] as const satisfies PodStatus[];
const podStatus: Codec<PodStatus> = oneOf(...POD_STATUSES);

/** Whether this version knows the status `status`. */
export function isPodStatus(status: string): status is PodStatus {
  return (POD_STATUSES as readonly string[]).includes(status);
}

const greeting: Codec<Greeting> = record({
  pod_name: text,
  cwd: text,
  provider: text,
  model: text,
  scope_summary: text,
  tools: list(text),
  context_window: defaulted(u64, 0),
  context_tokens: defaulted(u64, 0),
  protocol: addition(u32),
  features: addition(list(text)),
});

const alert: Codec<Alert> = record({
  level: oneOf("warn", "error"),
  source: oneOf("pod", "worker", "compactor", "agents_md"),
  message: text,
  timestamp_ms: i64,
});

const memoryWorkerEvent: Codec<MemoryWorkerEvent> = record({
  worker: text,
  status: text,
  run_id: text,
  trigger: text,
  reason: text,
  message: text,
  timestamp_ms: i64,
});

const completionEntry: Codec<CompletionEntry> = record({
  value: text,
  is_dir: defaulted(flag, false),
});

const rewindTarget: Codec<RewindTarget> = record({
  id: rewindTargetId,
  expected_head_entries: u64,
  truncate_entries: u64,
  turn_index: u64,
  timestamp_ms: nullable(u64),
  preview: text,
  eligible: flag,
  disabled_reason: optional(text),
  warning: optional(text),
});

const rewindSummary: Codec<RewindSummary> = record({
  truncated_to_entries: u64,
  discarded_entries: u64,
  tool_side_effect_warning: flag,
});

/** A payload directly in `data`, below the envelope and `data` itself. */
const payload = json(2);
/** Log entries, carried without knowing their shape. */
const entries = list(json(3));

/**
 * A piece of text. The data of nearly every line of a stream has this shape, and this is what the
 * general {@linkcode record} amounts to, at a third of its time.
 */
const piece: Codec<{ text: string }> = {
  decode(value) {
    const object = asObject(value);
    try {
      text.decode(object.text);
    } catch (error) {
      throw inside("text", error);
    }
    return value as { text: string };
  },
  arrange: record<{ text: string }>({ text }).arrange!,
};

/** What belongs under `data`, by Event. */
export const EVENT_DATA: { readonly [Name in EventName]: Codec<DataOf<Name>> } = {
  user_message: record({ segments }),
  system_item: record({ item: payload }),
  invoke_start: record({
    kind: oneOf("user_send", "notify", "pod_event", "system_reminder", "wakeup"),
  }),
  turn_start: record({ turn: u64 }),
  turn_end: record({ turn: u64, result: oneOf("finished", "paused") }),
  llm_call_start: record({ llm_call: u64 }),
  llm_call_end: record({ llm_call: u64 }),
  llm_retry: record({
    llm_call: u64,
    failed_attempt: u32,
    max_attempts: u32,
    wait_ms: u64,
    elapsed_ms: u64,
    status: optional(u16),
    error: text,
  }),
  llm_continuation: record({ llm_call: u64, attempt: u32, max_attempts: u32, reason: text }),
  text_delta: piece,
  text_done: piece,
  thinking_delta: piece,
  thinking_done: piece,
  tool_call_start: record({ id: text, name: text }),
  tool_call_args_delta: record({ id: text, json: text }),
  tool_call_done: record({ id: text, name: text, arguments: text }),
  tool_result: record({
    id: text,
    summary: text,
    output: optional(text),
    is_error: defaulted(flag, false),
  }),
  usage: record({
    input_tokens: nullable(u64),
    output_tokens: nullable(u64),
    cache_read_input_tokens: optional(u64),
  }),
  run_end: record({ result: oneOf("finished", "paused", "limit_reached", "rolled_back") }),
  error: record({
    code: oneOf(
      "already_running",
      "not_running",
      "not_paused",
      "provider_error",
      "tool_error",
      "invalid_request",
      "internal",
    ),
    message: text,
  }),
  snapshot: record({ entries, greeting, status: defaulted(podStatus, "idle") }),
  segment_rotated: record({ entry: payload }),
  status: record({ status: podStatus }),
  completions: record({ kind: completionKind, entries: list(completionEntry) }),
  rewind_targets: record({ head_entries: u64, targets: list(rewindTarget) }),
  rewind_applied: record({ entries, input: segments, summary: rewindSummary }),
  pods_listed: record({ pods: payload }),
  pod_restored: record({ result: payload }),
  peer_registered: record({ result: payload }),
  alert,
  memory_worker: memoryWorkerEvent,
  compact_done: record({ new_segment_id: uuid }),
  compact_failed: record({ error: text }),
  thinking_start: nothing,
  compact_start: nothing,
  shutdown: nothing,
};

type DataOf<Name extends EventName> = Name extends keyof EventData ? EventData[Name] : undefined;
