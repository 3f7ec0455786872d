import { assertEquals } from "@std/assert";
import { segmentSummary } from "../../lib/session/mod.ts";
import { inputText, START_TEXT, temporaryFolder } from "./_support.ts";

async function summaryOf(...lines: string[]) {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/log.jsonl`;
  await Deno.writeTextFile(path, lines.map((line) => `${line}\n`).join(""));
  return await segmentSummary(path);
}

function answer(text: string, ts = 3): string {
  const content = [{ kind: "text", text }];
  const item = { kind: "message", role: "assistant", content };
  return JSON.stringify({ kind: "assistant_item", ts, item });
}

Deno.test("segmentSummary() shows the newest message and the latest time", async () => {
  const seen = await summaryOf(START_TEXT, answer("a", 9), inputText("b\nc", 2), inputText(" "));
  assertEquals(seen, { updatedAt: 9, preview: "user: b c" });
  assertEquals((await summaryOf(inputText("q"), answer("a"))).preview, "assistant: a");
});

Deno.test("segmentSummary() cuts after 60 characters, not code units", async () => {
  const sixty = "😀".repeat(60);
  assertEquals((await summaryOf(inputText(sixty))).preview, `user: ${sixty}`);
  const cut = `user: ${"😀".repeat(59)}…`;
  assertEquals((await summaryOf(inputText(`${sixty}x`))).preview, cut);
});

Deno.test("segmentSummary() shows messages of the assistant, and times that are times", async () => {
  const ofUser = answer("b").replace('assistant"', 'user"');
  assertEquals((await summaryOf(answer("a"), ofUser)).preview, "assistant: a");
  const odd = ['{"kind":"zz","ts":-7}', '{"kind":"zz","ts":9.5}', '{"kind":"zz","ts":1e999}'];
  assertEquals((await summaryOf(answer("a"), ...odd)).updatedAt, 3);
  assertEquals((await summaryOf(inputText("\ufeff"))).preview, "user: \ufeff");
  assertEquals((await summaryOf(inputText("\u0085\u3000"))).preview, "[empty]");
});

Deno.test("segmentSummary() of logs without messages and of logs that cannot be read", async () => {
  assertEquals(await summaryOf(START_TEXT), { updatedAt: 1, preview: "[empty]" });
  const corrupt = { updatedAt: 0, preview: "[corrupt segment]" };
  assertEquals(await summaryOf(inputText("hi"), "{}", inputText("hi")), corrupt);
  assertEquals(await segmentSummary("/nowhere/s.jsonl"), corrupt);
});
