import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  applyEntry,
  copySegmentState,
  decodeEntryText,
  endedAbruptly,
  type Item,
  type LogEntry,
  newSegmentState,
  pendingToolCalls,
  type SegmentState,
} from "../../lib/session/mod.ts";
import { anyEntry } from "./_random_entries.ts";
import { START } from "./_support.ts";

const CALL: LogEntry = {
  kind: "assistant_item",
  ts: 1,
  item: { kind: "tool_call", call_id: "c", name: "Read", arguments: "{}" },
};
const RESULT: LogEntry = {
  kind: "tool_result",
  ts: 1,
  item: { kind: "tool_result", call_id: "c", summary: "s" },
};
const INVOKE: LogEntry = { kind: "invoke", ts: 1, trigger: "user_send" };
const DONE: LogEntry = { kind: "run_completed", ts: 1, interrupted: false, result: "finished" };
const PAUSED: LogEntry = { kind: "run_completed", ts: 1, interrupted: true, result: "paused" };
const NOTE: LogEntry = { kind: "system_item", ts: 1, item: { kind: "interrupt", body: "b" } };

function fold(entries: readonly LogEntry[], state = newSegmentState()): SegmentState {
  for (const entry of entries) applyEntry(state, entry);
  return state;
}

Deno.test("applyEntry() of a prefix and then the rest equals that of all entries", () => {
  fc.assert(fc.property(fc.array(anyEntry, { maxLength: 12 }), fc.nat(12), (entries, cut) => {
    const prefix = fold(entries.slice(0, cut));
    const snapshot = structuredClone(prefix);
    const all = fold(entries.slice(cut), copySegmentState(prefix));
    assertEquals(all, fold(entries));
    assertEquals(prefix, snapshot, "a copied state leaves its source alone");
  }));
});

Deno.test("applyEntry() of a second segment_start keeps what belongs to the Pod's life", () => {
  const state = fold([
    START,
    { kind: "user_input", ts: 1, segments: [{ kind: "text", content: "hi" }] },
    { kind: "turn_end", ts: 1, turn_count: 4 },
    { kind: "run_errored", ts: 1, interrupted: true, message: "Cancelled" },
    { kind: "extension", ts: 1, domain: "d", payload: 1 },
    { ...START, system_prompt: "P", history: [{ kind: "reasoning", text: "t" }] },
  ]);
  assertEquals(state.systemPrompt, "P");
  assertEquals(state.history, [{ kind: "reasoning", text: "t" }]);
  assertEquals([state.turnCount, state.interrupted], [4, true]);
  assertEquals([state.userSegments.length, state.extensions.length], [1, 1]);
});

Deno.test("applyEntry() takes the turn count that a segment_start carries", () => {
  assertEquals(fold([{ ...START, turn_count: 9 }]).turnCount, 9);
});

Deno.test("applyEntry() leaves unknown keys out and the entry as it is", () => {
  const text =
    '{"kind":"assistant_item","ts":1,"item":{"kind":"message","role":"assistant","content":[{"kind":"text","text":"a","x":1}],"id":"m"}}';
  const entry = decodeEntryText(text) as LogEntry;
  const state = fold([entry]);
  const content = [{ kind: "text" as const, text: "a" }];
  assertEquals(state.history, [{ kind: "message", role: "assistant", content }]);
  assertEquals(JSON.stringify(entry), text);
});

Deno.test("applyEntry() ignores entries of unknown kinds", () => {
  const state = newSegmentState();
  applyEntry(state, { kind: "checkpoint", ts: 1 });
  assertEquals(state, newSegmentState());
});

Deno.test("pendingToolCalls() gives unanswered calls in call order, also of a used id", () => {
  const call = (call_id: string): Item => ({
    kind: "tool_call",
    call_id,
    name: "n",
    arguments: "",
  });
  const result = (call_id: string): Item => ({ kind: "tool_result", call_id, summary: "" });
  const history = [call("a"), call("b"), call("c"), result("b"), result("a"), call("b")];
  assertEquals(pendingToolCalls(history).map((item) => item.call_id), ["c", "b"]);
});

Deno.test("endedAbruptly() sees runs without an end and unanswered calls", () => {
  const table: [boolean, LogEntry[]][] = [
    [false, [START]],
    [true, [START, INVOKE]],
    [true, [START, INVOKE, CALL, RESULT]],
    [true, [START, INVOKE, { kind: "turn_end", ts: 1, turn_count: 1 }]],
    [false, [START, INVOKE, CALL, RESULT, DONE]],
    [true, [START, INVOKE, CALL, PAUSED]],
    [true, [START, INVOKE, CALL, PAUSED, RESULT]],
    [false, [START, INVOKE, CALL, PAUSED, RESULT, DONE]],
    [true, [START, INVOKE, CALL, RESULT, DONE, INVOKE]],
    [false, [START, INVOKE, CALL, RESULT, NOTE]],
    [false, [START, INVOKE, DONE, { kind: "extension", ts: 1, domain: "d", payload: 0 }]],
  ];
  for (const [expected, entries] of table) {
    assertEquals(endedAbruptly(fold(entries)), expected, entries.map((e) => e.kind).join());
  }
});
