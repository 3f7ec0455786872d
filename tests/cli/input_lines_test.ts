import { assertEquals } from "@std/assert";
import { InputLines } from "../../lib/cli/input_lines.ts";
import type { Event, PodStatus } from "../../lib/protocol/event.ts";
import { flattenSegments } from "../../lib/protocol/segment.ts";

function fixture(): { inputs: InputLines; sent: { text: string; id: string }[] } {
  const sent: { text: string; id: string }[] = [];
  const inputs = new InputLines((method) => {
    if (method.method !== "run") throw new Error(method.method);
    sent.push({ text: flattenSegments(method.params.input), id: method.id! });
    return Promise.resolve();
  });
  return { inputs, sent };
}

const status = (status: PodStatus): Event => ({ event: "status", data: { status } });
const ended = (id: string): Event => ({ event: "run_end", data: { result: "finished" }, id });

Deno.test("InputLines sends one line a turn, in their order", () => {
  const { inputs, sent } = fixture();
  for (const text of ["one", "", "two"]) inputs.add(text);
  assertEquals(sent, []);
  inputs.hear(status("idle"));
  // The Pod has not said yet that it is running.
  inputs.add("three");
  inputs.hear(status("running"));
  assertEquals(sent.map(({ text }) => text), ["one"]);
  inputs.hear(ended(sent[0]!.id));
  assertEquals(sent.length, 1);
  inputs.hear(status("idle"));
  assertEquals(sent.map(({ text }) => text), ["one", "two"]);
});

Deno.test("InputLines waits for a turn of somebody else", () => {
  const { inputs, sent } = fixture();
  inputs.hear(status("running"));
  inputs.add("mine");
  inputs.hear(ended("theirs"));
  assertEquals(sent.length, 0);
  inputs.hear(status("paused"));
  assertEquals(sent.length, 1);
});

Deno.test("InputLines tries a line again when somebody was quicker", () => {
  const { inputs, sent } = fixture();
  inputs.hear(status("idle"));
  inputs.add("mine");
  const refused = { code: "already_running", message: "busy" } as const;
  inputs.hear({ event: "error", data: refused, id: sent[0]!.id });
  inputs.hear(status("running"));
  inputs.hear(status("idle"));
  assertEquals(sent.map(({ text }) => text), ["mine", "mine"]);
});

Deno.test("InputLines.isDone when the input has ended and said something, all of it answered", () => {
  const { inputs, sent } = fixture();
  inputs.hear(status("idle"));
  inputs.end();
  assertEquals(inputs.isDone, false);
  const talk = fixture();
  talk.inputs.hear(status("idle"));
  talk.inputs.add("hello");
  talk.inputs.end();
  assertEquals(talk.inputs.isDone, false);
  talk.inputs.hear(ended(talk.sent[0]!.id));
  assertEquals([talk.inputs.isDone, sent.length], [true, 0]);
});
