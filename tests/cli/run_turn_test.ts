import { assertEquals } from "@std/assert";
import { startOf } from "../../lib/cli/run_turn.ts";
import type { Event } from "../../lib/protocol/event.ts";

const greeting = {
  pod_name: "demo",
  cwd: "/work",
  provider: "unknown",
  model: "offline",
  scope_summary: "",
  tools: [],
  context_window: 0,
  context_tokens: 0,
};

function snapshot(said: string[]): Event {
  const entries = said.map((content, ts) => ({
    kind: "user_input",
    ts,
    segments: [{ kind: "text", content }],
  }));
  return { event: "snapshot", data: { entries, greeting, status: "running" } };
}

const end: Event = { event: "run_end", data: { result: "finished" }, id: "ours" };
const delta: Event = { event: "text_delta", data: { text: "word" } };

Deno.test("startOf() is the own invoke_start, not that of another run", () => {
  const invoke = (id: string): Event => ({
    event: "invoke_start",
    data: { kind: "user_send" },
    id,
  });
  const heard = [snapshot([]), invoke("other"), invoke("ours")];
  assertEquals(startOf(heard, "ours", "hello"), 2);
});

Deno.test("startOf() is the snapshot that came in place of the run's begin", () => {
  const heard = [snapshot([]), snapshot(["hello"]), delta, end];
  assertEquals(startOf(heard, "ours", "hello"), 1);
});

Deno.test("startOf() is the evidence itself when no snapshot holds the run", () => {
  assertEquals(startOf([snapshot([]), snapshot(["other"]), delta, end], "ours", "hello"), 3);
  // The first one is the greeting: what it holds was said before.
  assertEquals(startOf([snapshot(["hello"]), delta, end], "ours", "hello"), 2);
});
