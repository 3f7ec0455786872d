/** Random entries for property tests. */

import fc from "fast-check";
import type { LogEntry } from "../../lib/session/mod.ts";

const text = fc.string({ unit: "binary", maxLength: 12 });
const count = fc.nat();
const uuid = fc.uuid();
const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

const config = fc.record({
  max_tokens: nullable(count),
  temperature: nullable(fc.constantFrom(0, 0.5, 1, 1.25)),
  top_p: nullable(fc.constantFrom(0, 0.9, 1)),
  top_k: nullable(count),
  stop_sequences: fc.array(text, { maxLength: 2 }),
  reasoning: fc.oneof(fc.constant(null), text, count),
});

const message = fc.record({
  kind: fc.constant("message" as const),
  role: fc.constantFrom("user" as const, "assistant" as const, "system" as const),
  content: fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant("text" as const), text }),
      fc.record({ kind: fc.constant("refusal" as const), refusal: text }),
    ),
    { maxLength: 3 },
  ),
});
const toolCall = fc.record({
  kind: fc.constant("tool_call" as const),
  call_id: fc.constantFrom("a", "b", "c"),
  name: text,
  arguments: text,
});
const toolResult = fc.record({
  kind: fc.constant("tool_result" as const),
  call_id: fc.constantFrom("a", "b", "c"),
  summary: text,
  content: text,
  is_error: fc.boolean(),
}, { requiredKeys: ["kind", "call_id", "summary"] });
const reasoning = fc.record({
  kind: fc.constant("reasoning" as const),
  text,
  summary: fc.array(text, { maxLength: 2 }),
  encrypted_content: text,
  signature: text,
}, { requiredKeys: ["kind", "text"] });

const segment = fc.oneof(
  fc.record({ kind: fc.constant("text" as const), content: text }),
  fc.record({ kind: fc.constant("file_ref" as const), path: text }),
  fc.record({ kind: fc.constant("knowledge_ref" as const), slug: text }),
  fc.record({ kind: fc.constant("workflow_invoke" as const), slug: text }),
  fc.record({
    kind: fc.constant("paste" as const),
    id: count,
    chars: count,
    lines: count,
    content: text,
  }),
  fc.record({ kind: fc.constant("image" as const), url: text }),
);

const systemItem = fc.oneof(
  fc.record({ kind: fc.constant("notification" as const), message: text, body: text }),
  fc.record({ kind: fc.constant("interrupt" as const), body: text }),
  fc.record({
    kind: fc.constant("pod_event" as const),
    event: fc.oneof(
      fc.record({ kind: fc.constantFrom("turn_ended" as const, "shut_down"), pod_name: text }),
      fc.record({ kind: fc.constant("errored" as const), pod_name: text, message: text }),
      fc.record({
        kind: fc.constant("scope_sub_delegated" as const),
        parent_pod: text,
        sub_pod: text,
        sub_socket: text,
        scope: fc.array(
          fc.record({
            target: text,
            permission: fc.constantFrom("read" as const, "write"),
            recursive: fc.boolean(),
          }),
          { maxLength: 2 },
        ),
      }),
    ),
    body: text,
  }),
  fc.record({ kind: fc.constant("file_attachment" as const), path: text, body: text }),
  fc.record({
    kind: fc.constantFrom("knowledge" as const, "workflow"),
    slug: text,
    body: text,
  }),
  fc.record({
    kind: fc.constant("task_reminder" as const),
    source: fc.constant("task_inactivity" as const),
    body: text,
  }),
);

const origin = fc.record({ segment_id: uuid, at_turn_index: count });

/** Any entry that a writer may write. */
export const anyEntry: fc.Arbitrary<LogEntry> = fc.oneof(
  fc.record({
    kind: fc.constant("segment_start" as const),
    ts: count,
    session_id: uuid,
    system_prompt: nullable(text),
    config,
    history: fc.array(fc.oneof(message, toolCall, toolResult, reasoning), { maxLength: 3 }),
    forked_from: origin,
    compacted_from: origin,
    turn_count: count,
  }, {
    requiredKeys: ["kind", "ts", "session_id", "system_prompt", "config", "history"],
  }),
  fc.record({
    kind: fc.constant("invoke" as const),
    ts: count,
    trigger: fc.constantFrom(
      "user_send" as const,
      "notify",
      "pod_event",
      "system_reminder",
      "wakeup",
    ),
  }),
  fc.record({
    kind: fc.constant("user_input" as const),
    ts: count,
    segments: fc.array(segment, { maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constant("assistant_item" as const),
    ts: count,
    item: fc.oneof(message, toolCall, reasoning),
  }),
  fc.record({ kind: fc.constant("tool_result" as const), ts: count, item: toolResult }),
  fc.record({ kind: fc.constant("system_item" as const), ts: count, item: systemItem }),
  fc.record({ kind: fc.constant("turn_end" as const), ts: count, turn_count: count }),
  fc.record({
    kind: fc.constant("run_completed" as const),
    ts: count,
    interrupted: fc.boolean(),
    result: fc.constantFrom("finished" as const, "paused", "limit_reached", "yielded"),
  }),
  fc.record({
    kind: fc.constant("run_errored" as const),
    ts: count,
    interrupted: fc.boolean(),
    message: text,
  }),
  fc.record({ kind: fc.constant("config_changed" as const), ts: count, config }),
  fc.record({
    kind: fc.constant("llm_usage" as const),
    ts: count,
    history_len: count,
    input_total_tokens: count,
    cache_read_tokens: count,
    cache_write_tokens: count,
    output_tokens: count,
  }),
  fc.record({
    kind: fc.constant("extension" as const),
    ts: count,
    domain: text,
    payload: fc.jsonValue(),
  }),
);
