import { assertEquals } from "@std/assert";
import { OpenBlocks } from "../../lib/pod/open_blocks.ts";
import type { Event } from "../../lib/protocol/mod.ts";
import { textMessage } from "../../lib/session/mod.ts";

function blocksOf(...events: Event[]): OpenBlocks {
  const blocks = new OpenBlocks();
  for (const event of events) blocks.observe(event);
  return blocks;
}

const delta = (text: string): Event => ({ event: "text_delta", data: { text } });
const done = (text: string): Event => ({ event: "text_done", data: { text } });

Deno.test("OpenBlocks.replay() tells an unfinished block as one delta", () => {
  assertEquals(blocksOf(delta("Hel"), delta("lo")).replay(), [delta("Hello")]);
});

Deno.test("OpenBlocks.replay() tells finished blocks with their end, in order", () => {
  const blocks = blocksOf(
    { event: "thinking_start" },
    { event: "thinking_done", data: { text: "hm" } },
    delta("a"),
    done("a"),
    delta("b"),
  );
  assertEquals(blocks.replay(), [
    { event: "thinking_start" },
    { event: "thinking_delta", data: { text: "hm" } },
    { event: "thinking_done", data: { text: "hm" } },
    delta("a"),
    done("a"),
    delta("b"),
  ]);
});

Deno.test("OpenBlocks.closeFor() W36: a block is open until its entry is in the log", () => {
  const call = { id: "c1", name: "Read" };
  const blocks = blocksOf(
    { event: "thinking_start" },
    { event: "thinking_done", data: { text: "hm" } },
    done("a"),
    done("b"),
    { event: "tool_call_start", data: call },
    { event: "tool_call_args_delta", data: { id: "c1", json: "{" } },
    { event: "tool_call_done", data: { ...call, arguments: "{}" } },
  );
  const names = () => blocks.replay().map((event) => event.event);
  blocks.closeFor({
    kind: "assistant_item",
    ts: 1,
    item: { kind: "reasoning", text: "hm" },
  });
  assertEquals(names()[0], "text_delta");
  blocks.closeFor({ kind: "assistant_item", ts: 1, item: textMessage("assistant", "ab") });
  assertEquals(blocks.replay(), [
    { event: "tool_call_start", data: call },
    { event: "tool_call_args_delta", data: { id: "c1", json: "{" } },
    { event: "tool_call_done", data: { ...call, arguments: "{}" } },
  ]);
  blocks.closeFor({
    kind: "assistant_item",
    ts: 1,
    item: { kind: "tool_call", call_id: "c1", name: "Read", arguments: "{}" },
  });
  assertEquals(names(), []);
});

Deno.test("OpenBlocks forgets what a new call or a continuation makes void (W2)", () => {
  for (
    const event of [
      { event: "llm_call_start", data: { llm_call: 1 } },
      {
        event: "llm_continuation",
        data: { llm_call: 1, attempt: 1, max_attempts: 3, reason: "reset" },
      },
      { event: "run_end", data: { result: "paused" } },
    ] as Event[]
  ) {
    assertEquals(blocksOf(delta("stale"), event).replay(), []);
  }
});

Deno.test("OpenBlocks takes what belongs to no block it knows", () => {
  const blocks = blocksOf(
    { event: "tool_call_args_delta", data: { id: "x", json: "{" } },
    { event: "tool_call_done", data: { id: "x", name: "Read", arguments: "{}" } },
    { event: "thinking_delta", data: { text: "hm" } },
    { event: "thinking_done", data: { text: "" } },
  );
  assertEquals(blocks.replay(), [
    { event: "thinking_start" },
    { event: "thinking_delta", data: { text: "hm" } },
    { event: "thinking_done", data: { text: "hm" } },
  ]);
});
