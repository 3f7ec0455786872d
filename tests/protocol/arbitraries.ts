/** Random Methods and Events, each as a decoder leaves it. */

import fc, { type Arbitrary } from "fast-check";
import type {
  Event,
  EventData,
  EventName,
  Method,
  MethodName,
  MethodOf,
  PodEvent,
  Segment,
} from "../../lib/protocol/mod.ts";

const text = fc.string({ unit: "binary" });
const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const u64 = fc.maxSafeNat();
const i64 = fc.maxSafeInteger();
const uuid = fc.uuid();
const flag = fc.boolean();
/** Any JSON value with strings the wire allows. */
export const json: Arbitrary<unknown> = fc.jsonValue({ stringUnit: "binary", maxDepth: 3 });

const segment: Arbitrary<Segment> = fc.oneof(
  fc.record({ kind: fc.constant("text"), content: text }),
  fc.record({ kind: fc.constant("paste"), id: u32, chars: u32, lines: u32, content: text }),
  fc.record({ kind: fc.constant("file_ref"), path: text }),
  fc.record({ kind: fc.constant("knowledge_ref"), slug: text }),
  fc.record({ kind: fc.constant("workflow_invoke"), slug: text }),
  fc.record({ kind: fc.constantFrom("voice", "", "Text", "__proto__", "unknown"), extra: json }),
);
const segments = fc.array(segment, { maxLength: 4 });

const scopeRule = fc.record({
  target: text,
  permission: fc.constantFrom("read" as const, "write" as const),
  recursive: flag,
});
const podEvent: Arbitrary<PodEvent> = fc.oneof(
  fc.record({ kind: fc.constant("turn_ended" as const), pod_name: text }),
  fc.record({ kind: fc.constant("errored" as const), pod_name: text, message: text }),
  fc.record({ kind: fc.constant("shut_down" as const), pod_name: text }),
  fc.record({
    kind: fc.constant("scope_sub_delegated" as const),
    parent_pod: text,
    sub_pod: text,
    sub_socket: text,
    scope: fc.array(scopeRule, { maxLength: 3 }),
  }),
);
const rewindTargetId = fc.record({ segment_id: uuid, user_input_entry_index: u64 });
const completionKind = fc.constantFrom("file" as const, "knowledge" as const, "workflow" as const);

type Params<Name extends MethodName> = MethodOf<Name> extends { params: infer Value } ? Value
  : undefined;

/** Random content for every Method. */
export const methodParams: { [Name in MethodName]: Arbitrary<Params<Name>> } = {
  run: fc.record({ input: segments }),
  notify: fc.oneof(
    fc.record({ message: text }),
    fc.record({ message: text, auto_run: fc.constant(false) }),
  ),
  pod_event: podEvent,
  resume: fc.constant(undefined),
  cancel: fc.constant(undefined),
  pause: fc.constant(undefined),
  compact: fc.constant(undefined),
  list_rewind_targets: fc.constant(undefined),
  rewind_to: fc.record({ target: rewindTargetId, expected_head_entries: u64 }),
  shutdown: fc.constant(undefined),
  list_completions: fc.record({ kind: completionKind, prefix: text }),
  list_pods: fc.constant(undefined),
  restore_pod: fc.record({ name: text }),
  register_peer: fc.record({ name: text }),
};

const podStatus = fc.constantFrom("idle" as const, "running" as const, "paused" as const);
const payloads = fc.array(json, { maxLength: 3 });
const llmCall = fc.record({ llm_call: u64 });
const piece = fc.record({ text });

type DataOf<Name extends EventName> = Name extends keyof EventData ? EventData[Name] : undefined;

/** Random content for every Event. */
export const eventData: { [Name in EventName]: Arbitrary<DataOf<Name>> } = {
  user_message: fc.record({ segments }),
  system_item: fc.record({ item: json }),
  invoke_start: fc.record({
    kind: fc.constantFrom("user_send", "notify", "pod_event", "system_reminder", "wakeup"),
  }),
  turn_start: fc.record({ turn: u64 }),
  turn_end: fc.record({ turn: u64, result: fc.constantFrom("finished", "paused") }),
  llm_call_start: llmCall,
  llm_call_end: llmCall,
  llm_retry: fc.record({
    llm_call: u64,
    failed_attempt: u32,
    max_attempts: u32,
    wait_ms: u64,
    elapsed_ms: u64,
    status: u16,
    error: text,
  }, {
    requiredKeys: ["llm_call", "failed_attempt", "max_attempts", "wait_ms", "elapsed_ms", "error"],
  }),
  llm_continuation: fc.record({ llm_call: u64, attempt: u32, max_attempts: u32, reason: text }),
  text_delta: piece,
  text_done: piece,
  thinking_start: fc.constant(undefined),
  thinking_delta: piece,
  thinking_done: piece,
  tool_call_start: fc.record({ id: text, name: text }),
  tool_call_args_delta: fc.record({ id: text, json: text }),
  tool_call_done: fc.record({ id: text, name: text, arguments: text }),
  tool_result: fc.record(
    { id: text, summary: text, output: text, is_error: flag },
    { requiredKeys: ["id", "summary", "is_error"] },
  ),
  usage: fc.record(
    {
      input_tokens: fc.option(u64),
      output_tokens: fc.option(u64),
      cache_read_input_tokens: u64,
    },
    { requiredKeys: ["input_tokens", "output_tokens"] },
  ),
  run_end: fc.record({
    result: fc.constantFrom("finished", "paused", "limit_reached", "rolled_back"),
  }),
  error: fc.record({
    code: fc.constantFrom("already_running", "not_paused", "provider_error", "internal"),
    message: text,
  }),
  snapshot: fc.record({
    entries: payloads,
    greeting: fc.record({
      pod_name: text,
      cwd: text,
      provider: text,
      model: text,
      scope_summary: text,
      tools: fc.array(text, { maxLength: 3 }),
      context_window: u64,
      context_tokens: u64,
    }),
    status: podStatus,
  }),
  segment_rotated: fc.record({ entry: json }),
  status: fc.record({ status: podStatus }),
  completions: fc.record({
    kind: completionKind,
    entries: fc.array(fc.record({ value: text, is_dir: flag }), { maxLength: 3 }),
  }),
  rewind_targets: fc.record({
    head_entries: u64,
    targets: fc.array(
      fc.record({
        id: rewindTargetId,
        expected_head_entries: u64,
        truncate_entries: u64,
        turn_index: u64,
        timestamp_ms: fc.option(u64),
        preview: text,
        eligible: flag,
        disabled_reason: text,
        warning: text,
      }, {
        requiredKeys: [
          "id",
          "expected_head_entries",
          "truncate_entries",
          "turn_index",
          "timestamp_ms",
          "preview",
          "eligible",
        ],
      }),
      { maxLength: 3 },
    ),
  }),
  rewind_applied: fc.record({
    entries: payloads,
    input: segments,
    summary: fc.record({
      truncated_to_entries: u64,
      discarded_entries: u64,
      tool_side_effect_warning: flag,
    }),
  }),
  pods_listed: fc.record({ pods: json }),
  pod_restored: fc.record({ result: json }),
  peer_registered: fc.record({ result: json }),
  alert: fc.record({
    level: fc.constantFrom("warn", "error"),
    source: fc.constantFrom("pod", "worker", "compactor", "agents_md"),
    message: text,
    timestamp_ms: i64,
  }),
  memory_worker: fc.record({
    worker: text,
    status: text,
    run_id: text,
    trigger: text,
    reason: text,
    message: text,
    timestamp_ms: i64,
  }),
  compact_start: fc.constant(undefined),
  compact_done: fc.record({ new_segment_id: uuid }),
  compact_failed: fc.record({ error: text }),
  shutdown: fc.constant(undefined),
};

/** Any Method. */
export const anyMethod: Arbitrary<Method> = fc.oneof(
  ...Object.entries(methodParams).map(([method, arbitrary]) =>
    (arbitrary as Arbitrary<unknown>).map((params) =>
      (params === undefined ? { method } : { method, params }) as Method
    )
  ),
);

/** Any Event. */
export const anyEvent: Arbitrary<Event> = fc.oneof(
  ...Object.entries(eventData).map(([event, arbitrary]) =>
    (arbitrary as Arbitrary<unknown>).map((data) =>
      (data === undefined ? { event } : { event, data }) as Event
    )
  ),
);
