/**
 * The tables of the protocol specification as words.
 *
 * A field is `name type`, with `?` (may be absent or null, then not written), `|null` (the same, but
 * written as null) or `=v` (may be absent, then `v`; `=v!` is never written) behind the type.
 */

/** Fields of records, by name of the record. */
export const RECORDS: Record<string, string> = {
  rewind_target_id: "segment_id uuid, user_input_entry_index u64",
  scope_rule: "target str, permission permission, recursive bool=true",
  greeting:
    "pod_name str, cwd str, provider str, model str, scope_summary str, tools str[], context_window u64=0, context_tokens u64=0",
  completion_entry: "value str, is_dir bool=false",
  rewind_target:
    "id rewind_target_id, expected_head_entries u64, truncate_entries u64, turn_index u64, timestamp_ms u64|null, preview str, eligible bool, disabled_reason str?, warning str?",
  rewind_summary: "truncated_to_entries u64, discarded_entries u64, tool_side_effect_warning bool",
};

/** Spellings of enums. */
export const ENUMS: Record<string, string> = {
  permission: "read write",
  completion_kind: "file knowledge workflow",
  pod_status: "idle running paused",
  invoke_kind: "user_send notify pod_event system_reminder wakeup",
  turn_result: "finished paused",
  run_result: "finished paused limit_reached rolled_back",
  error_code:
    "already_running not_running not_paused provider_error tool_error invalid_request internal",
  alert_level: "warn error",
  alert_source: "pod worker compactor agents_md",
};

/** Fields of objects that are told apart by `kind`. */
export const SEGMENTS: Record<string, string> = {
  text: "content str",
  paste: "id u32, chars u32, lines u32, content str",
  file_ref: "path str",
  knowledge_ref: "slug str",
  workflow_invoke: "slug str",
};
export const POD_EVENTS: Record<string, string> = {
  turn_ended: "pod_name str",
  errored: "pod_name str, message str",
  shut_down: "pod_name str",
  scope_sub_delegated: "parent_pod str, sub_pod str, sub_socket str, scope scope_rule[]",
};

/** Fields of `params`; an empty list is a unit. `pod_event` has objects of its own. */
export const METHODS: Record<string, string> = {
  run: "input segment[]",
  notify: "message str, auto_run bool=true!",
  resume: "",
  cancel: "",
  pause: "",
  compact: "",
  list_rewind_targets: "",
  rewind_to: "target rewind_target_id, expected_head_entries u64",
  shutdown: "",
  list_completions: "kind completion_kind, prefix str",
  list_pods: "",
  restore_pod: "name str",
  register_peer: "name str",
};

/** Fields of `data`. */
export const EVENTS: Record<string, string> = {
  user_message: "segments segment[]",
  system_item: "item json",
  invoke_start: "kind invoke_kind",
  turn_start: "turn u64",
  turn_end: "turn u64, result turn_result",
  llm_call_start: "llm_call u64",
  llm_call_end: "llm_call u64",
  llm_retry:
    "llm_call u64, failed_attempt u32, max_attempts u32, wait_ms u64, elapsed_ms u64, status u16?, error str",
  llm_continuation: "llm_call u64, attempt u32, max_attempts u32, reason str",
  text_delta: "text str",
  text_done: "text str",
  thinking_start: "",
  thinking_delta: "text str",
  thinking_done: "text str",
  tool_call_start: "id str, name str",
  tool_call_args_delta: "id str, json str",
  tool_call_done: "id str, name str, arguments str",
  tool_result: "id str, summary str, output str?, is_error bool=false",
  usage: "input_tokens u64|null, output_tokens u64|null, cache_read_input_tokens u64?",
  run_end: "result run_result",
  error: "code error_code, message str",
  snapshot: 'entries json[], greeting greeting, status pod_status="idle"',
  segment_rotated: "entry json",
  status: "status pod_status",
  completions: "kind completion_kind, entries completion_entry[]",
  rewind_targets: "head_entries u64, targets rewind_target[]",
  rewind_applied: "entries json[], input segment[], summary rewind_summary",
  pods_listed: "pods json",
  pod_restored: "result json",
  peer_registered: "result json",
  alert: "level alert_level, source alert_source, message str, timestamp_ms i64",
  memory_worker:
    "worker str, status str, run_id str, trigger str, reason str, message str, timestamp_ms i64",
  compact_start: "",
  compact_done: "new_segment_id uuid",
  compact_failed: "error str",
  shutdown: "",
};
