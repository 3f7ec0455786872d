/** Every key of every entry with every wrong value, against the verdicts of the plain reader. */

import { assertEquals, assertGreater } from "@std/assert";
import { ProtocolError } from "../../lib/protocol/error.ts";
import { decodeEntryText, encodeEntry } from "../../lib/session/mod.ts";
import { isPlainEntry } from "./_plain_reader.ts";
import { SEGMENT_ID, SESSION_ID } from "./_support.ts";

/** One entry of each shape, with every optional key. */
const WHOLE_ENTRIES: unknown[] = [
  {
    kind: "segment_start",
    ts: 1,
    session_id: SESSION_ID,
    system_prompt: "p",
    config: {
      max_tokens: 1,
      temperature: 0.5,
      top_p: 0.5,
      top_k: 1,
      stop_sequences: ["s"],
      reasoning: "high",
    },
    history: [{ kind: "message", role: "user", content: [{ kind: "refusal", refusal: "r" }] }],
    forked_from: { segment_id: SEGMENT_ID, at_turn_index: 1 },
    compacted_from: { segment_id: SEGMENT_ID, at_turn_index: 0 },
  },
  { kind: "invoke", ts: 1, trigger: "wakeup" },
  {
    kind: "user_input",
    ts: 1,
    segments: [
      { kind: "text", content: "a" },
      { kind: "paste", id: 1, chars: 1, lines: 1, content: "b" },
      { kind: "file_ref", path: "p" },
      { kind: "knowledge_ref", slug: "k" },
      { kind: "workflow_invoke", slug: "w" },
      { kind: "image", content: 5 },
    ],
  },
  ...[
    { kind: "message", role: "assistant", content: [{ kind: "text", text: "t" }] },
    { kind: "tool_call", call_id: "c", name: "n", arguments: "{}" },
    {
      kind: "reasoning",
      text: "t",
      summary: ["s"],
      encrypted_content: "e",
      signature: "s",
    },
  ].map((item) => ({ kind: "assistant_item", ts: 1, item })),
  {
    kind: "tool_result",
    ts: 1,
    item: { kind: "tool_result", call_id: "c", summary: "s", content: "x", is_error: true },
  },
  ...[
    { kind: "notification", message: "m", body: "b" },
    { kind: "pod_event", event: { kind: "turn_ended", pod_name: "p" }, body: "b" },
    { kind: "pod_event", event: { kind: "errored", pod_name: "p", message: "m" }, body: "b" },
    { kind: "pod_event", event: { kind: "shut_down", pod_name: "p" }, body: "b" },
    {
      kind: "pod_event",
      event: {
        kind: "scope_sub_delegated",
        parent_pod: "p",
        sub_pod: "s",
        sub_socket: "/s",
        scope: [{ target: "/w", permission: "write", recursive: true }],
      },
      body: "b",
    },
    { kind: "file_attachment", path: "p", body: "b" },
    { kind: "knowledge", slug: "s", body: "b" },
    { kind: "workflow", slug: "s", body: "b" },
    { kind: "task_reminder", source: "task_inactivity", body: "b" },
    { kind: "interrupt", body: "b" },
  ].map((item) => ({ kind: "system_item", ts: 1, item })),
  { kind: "turn_end", ts: 1, turn_count: 1 },
  { kind: "run_completed", ts: 1, interrupted: true, result: "limit_reached" },
  { kind: "run_errored", ts: 1, interrupted: true, message: "m" },
  {
    kind: "config_changed",
    ts: 1,
    config: {
      max_tokens: null,
      temperature: null,
      top_p: null,
      top_k: null,
      stop_sequences: [],
      reasoning: 5,
    },
  },
  {
    kind: "llm_usage",
    ts: 1,
    history_len: 1,
    input_total_tokens: 1,
    cache_read_tokens: 1,
    cache_write_tokens: 1,
    output_tokens: 1,
  },
  { kind: "extension", ts: 1, domain: "d", payload: { kind: "x", a: null } },
];

const REPLACEMENTS: unknown[] = [
  undefined,
  null,
  true,
  false,
  0,
  -1,
  1.5,
  2 ** 32,
  2 ** 53,
  1e30,
  "",
  "1",
  "unknown",
  "User",
  SESSION_ID.toUpperCase(),
  [],
  [null],
  [{}],
  {},
  { kind: "text" },
  { kind: "turn_ended" },
];

/** `value` with each of its members, and those of its members, replaced by each replacement. */
function* changed(value: unknown): Generator<unknown> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    const put = (other: unknown) =>
      Array.isArray(value) ? value.with(Number(key), other) : { ...value, [key]: other };
    for (const other of REPLACEMENTS) yield put(other);
    for (const other of changed(member)) yield put(other);
  }
  if (Array.isArray(value)) return;
  // Keys of other kinds are unknown keys here, whatever they hold.
  const strange = { scope: 5, event: [], content: 1, text: null, source: {}, message: [0], x: {} };
  for (const [key, other] of Object.entries(strange)) {
    if (!(key in value)) yield { ...value, [key]: other };
  }
}

Deno.test("decodeEntryText() judges every key of every entry with every wrong value", () => {
  let accepted = 0;
  let refused = 0;
  for (const whole of WHOLE_ENTRIES) {
    assertEquals(encodeEntry(decodeEntryText(JSON.stringify(whole))), JSON.stringify(whole));
    for (const entry of changed(whole)) {
      const text = JSON.stringify(entry);
      const expected = isPlainEntry(JSON.parse(text));
      assertEquals(isEntry(text), expected, text);
      assertEquals(isEntry(JSON.stringify(entry, null, " ")), expected, `${text}, with blanks`);
      if (expected) accepted++;
      else refused++;
      if (!expected) continue;
      const canonical = encodeEntry(decodeEntryText(text));
      assertEquals(encodeEntry(decodeEntryText(canonical)), canonical, text);
    }
  }
  assertGreater(accepted, 500);
  assertGreater(refused, 2000);
});

function isEntry(text: string): boolean {
  try {
    decodeEntryText(text);
    return true;
  } catch (error) {
    if (error instanceof ProtocolError) return false;
    throw error;
  }
}
