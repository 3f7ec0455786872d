import { assertEquals } from "@std/assert";
import { PLAIN } from "../../../lib/cli/style.ts";
import { targetTable } from "../../../lib/cli/verbs/rewind.ts";
import type { RewindTarget } from "../../../lib/protocol/event.ts";

Deno.test("targetTable() numbers the submissions as they came and says what is against them", () => {
  const target: RewindTarget = {
    id: { segment_id: "s", user_input_entry_index: 1 },
    expected_head_entries: 9,
    truncate_entries: 1,
    turn_index: 2,
    timestamp_ms: 1_000,
    preview: "the second",
    eligible: true,
  };
  const first = { ...target, timestamp_ms: null, preview: "the first", eligible: false };
  assertEquals(
    targetTable([target, { ...first, disabled_reason: "gone" }], {
      columns: undefined,
      style: PLAIN,
    }, 6_000),
    "N  SENT     NOTE  BEFORE THIS MESSAGE\n" +
      "1  5 s ago        the second\n" +
      "2  —        gone  the first\n",
  );
});
