import { assertEquals } from "@std/assert";
import { assert } from "@std/assert";
import { EventLines } from "../../lib/cli/event_lines.ts";
import { renderLines } from "../../lib/cli/line.ts";
import { PLAIN } from "../../lib/cli/style.ts";
import { textWidth } from "../../lib/cli/text_width.ts";
import type { Event } from "../../lib/protocol/event.ts";

function shown(...events: Event[]): string {
  const lines = new EventLines();
  return events.map((event) => renderLines(lines.of(event), PLAIN)).join("");
}

Deno.test("EventLines shows what was said, called and answered", () => {
  assertEquals(
    shown(
      { event: "invoke_start", data: { kind: "user_send" } },
      { event: "user_message", data: { segments: [{ kind: "text", content: "two\nlines" }] } },
      {
        event: "tool_call_done",
        data: { id: "a", name: "Grep", arguments: '{"pattern":"x y","limit":3}' },
      },
      { event: "tool_result", data: { id: "a", summary: "1 line", is_error: false } },
      { event: "tool_result", data: { id: "stranger", summary: "lost", is_error: true } },
      { event: "run_end", data: { result: "finished" } },
    ),
    "> two\n> lines\n" +
      '  → Grep pattern="x y" limit=3\n' +
      "  ← Grep: 1 line\n" +
      "  ✗ lost\n" +
      "  · finished\n",
  );
});

Deno.test("EventLines shows arguments that are no JSON object as they are", () => {
  const call = (text: string): Event => ({
    event: "tool_call_done",
    data: { id: "a", name: "T", arguments: text },
  });
  assertEquals(shown(call('{"half":')), '  → T {"half":\n');
  assertEquals(shown(call("[1]")), "  → T [1]\n");
});

Deno.test("EventLines shows alerts, failures and what the Pod says of itself", () => {
  assertEquals(
    shown(
      {
        event: "alert",
        data: { level: "warn", source: "pod", message: "the last turn", timestamp_ms: 1 },
      },
      { event: "error", data: { code: "provider_error", message: "overloaded\x1b[2J" } },
      {
        event: "llm_retry",
        data: {
          llm_call: 1,
          failed_attempt: 1,
          max_attempts: 4,
          wait_ms: 800,
          elapsed_ms: 5,
          error: "529",
        },
      },
      { event: "compact_failed", data: { error: "no" } },
      { event: "shutdown" },
    ),
    "  ! pod: the last turn\n" +
      "  ! provider_error: overloaded\n" +
      "  ! model request failed (attempt 1 of 4), next in 800 ms: 529\n" +
      "  ! not compacted: no\n" +
      "  · the Pod has shut down\n",
  );
});

Deno.test("EventLines shows system items of kinds it does not know", () => {
  const item = (item: unknown) => shown({ event: "system_item", data: { item } });
  assertEquals(
    item({ kind: "notification", message: "green", body: "[x] green" }),
    "  · notification: green\n",
  );
  assertEquals(item({ kind: "brand_new", body: "some text" }), "  · brand new: some text\n");
  assertEquals(item(5), "");
});

Deno.test("EventLines fits hints into the width it has", () => {
  const lines = new EventLines(40);
  const [call] = lines.of({
    event: "tool_call_done",
    data: { id: "a", name: "Grep", arguments: JSON.stringify({ pattern: "日本".repeat(40) }) },
  });
  assert(textWidth(renderLines([call!], PLAIN).trimEnd()) <= 40);
});
