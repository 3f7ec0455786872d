import { assertEquals } from "@std/assert";
import { answerBlocks, conversationLines } from "../../lib/cli/conversation.ts";
import { renderLines } from "../../lib/cli/line.ts";
import { PLAIN } from "../../lib/cli/style.ts";

const said = (text: string) => ({
  kind: "user_input",
  ts: 1,
  segments: [{ kind: "text", content: text }],
});
const answered = (text: string) => ({
  kind: "assistant_item",
  ts: 2,
  item: { kind: "message", role: "assistant", content: [{ kind: "text", text }] },
});
const ENTRIES = [
  said("find it"),
  answered("I look."),
  {
    kind: "assistant_item",
    ts: 3,
    item: { kind: "tool_call", call_id: "c", name: "Glob", arguments: '{"pattern":"*"}' },
  },
  { kind: "tool_result", ts: 4, item: { kind: "tool_result", call_id: "c", summary: "2 files" } },
  answered("There.\nIt is."),
  { kind: "turn_end", ts: 5, turn_count: 1 },
  { kind: "from_the_future", ts: 6 },
  "no entry",
];

Deno.test("conversationLines() shows who said what, tools included, and skips what it cannot read", () => {
  assertEquals(
    renderLines(conversationLines(ENTRIES), PLAIN),
    '> find it\nI look.\n  → Glob pattern="*"\n  ← Glob: 2 files\nThere.\nIt is.\n',
  );
});

Deno.test("conversationLines() keeps the latest lines", () => {
  assertEquals(
    renderLines(conversationLines(ENTRIES, 3), PLAIN),
    "  · … 4 earlier lines\nThere.\nIt is.\n",
  );
});

Deno.test("conversationLines() begins with the history of a compacted segment", () => {
  const start = {
    kind: "segment_start",
    ts: 1,
    session_id: "0192f0e8-4d84-7d6e-a000-000000000001",
    system_prompt: null,
    config: {
      max_tokens: null,
      temperature: null,
      top_p: null,
      top_k: null,
      stop_sequences: [],
      reasoning: null,
    },
    history: [{ kind: "message", role: "user", content: [{ kind: "text", text: "earlier" }] }],
  };
  assertEquals(renderLines(conversationLines([start]), PLAIN), "> earlier\n");
});

Deno.test("answerBlocks() gives the answer to the latest submission", () => {
  assertEquals(answerBlocks([said("a"), answered("old"), ...ENTRIES]), [
    "I look.",
    "There.\nIt is.",
  ]);
  assertEquals(answerBlocks([answered("nobody asked")]), []);
});
