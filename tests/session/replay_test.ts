import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  assertRestorable,
  type Replay,
  replaySegment,
  SessionError,
  type SessionErrorCode,
} from "../../lib/session/mod.ts";
import { inputText, START_TEXT, temporaryFolder } from "./_support.ts";

async function replayOf(content: string | Uint8Array<ArrayBuffer>): Promise<Replay> {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/log.jsonl`;
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  await Deno.writeFile(path, bytes);
  return await replaySegment(path);
}

async function refusal(
  content: string | Uint8Array<ArrayBuffer>,
  code: SessionErrorCode,
): Promise<SessionError> {
  const error = await assertRejects(() => replayOf(content), SessionError);
  assertEquals(error.code, code);
  assertStringIncludes(error.message, error.path);
  return error;
}

function bytesOf(...parts: (string | number[])[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(
    parts.flatMap((part) => typeof part === "string" ? [...new TextEncoder().encode(part)] : part),
  );
}

Deno.test("3: replaySegment() reads a last line without a line feed", async () => {
  const replay = await replayOf(`${START_TEXT}\n${inputText("hi")}`);
  assertEquals([replay.entryCount, replay.history.length], [2, 1]);
  assertEquals(replay.diagnostics, []);
});

Deno.test("3: replaySegment() names the line that is torn at the end", async () => {
  const replay = await replayOf(`${START_TEXT}\n\n${inputText("hi").slice(0, -1)}`);
  assertEquals(replay.entryCount, 1);
  assertEquals(replay.diagnostics.map(({ code, line }) => [code, line]), [["torn_tail", 3]]);
});

Deno.test("4: replaySegment() refuses a log that is not UTF-8, without a line", async () => {
  for (
    const content of [
      bytesOf(START_TEXT, "\n", [0xff], "\n"),
      bytesOf(START_TEXT, "\n", inputText("hi").slice(0, -3), [0xff], "\n"),
      bytesOf(START_TEXT, "\n", '{"kind":"', [0xff], "\n", inputText("hi"), "\n"),
      bytesOf(START_TEXT, "\n", '{"kind":"', [0xff], 'x"'),
    ]
  ) {
    assertEquals((await refusal(content, "not_utf8")).line, undefined);
  }
});

Deno.test("replaySegment() takes a letter cut at the end for a torn line", async () => {
  const replay = await replayOf(bytesOf(START_TEXT, "\n", '{"kind":"', [0xe3, 0x81]));
  assertEquals(replay.entryCount, 1);
  assertEquals(replay.diagnostics[0]!.code, "torn_tail");
});

Deno.test("5: replaySegment() skips blank lines, counts them as lines and not as entries", async () => {
  const blank = `${START_TEXT}\r\n\n \t\u3000\n\r\n${inputText("hi")}\n`;
  assertEquals((await replayOf(blank)).entryCount, 2);
  assertEquals((await replayOf(blank)).entries[1]!.line, 5);
  assertEquals((await refusal(`${blank}{}\n`, "corrupt")).line, 6);
});

Deno.test("replaySegment() drops one carriage return and splits on line feeds only", async () => {
  const replay = await replayOf(`${START_TEXT}\r\n${inputText("a\u2028b")}\r\n`);
  assertEquals(replay.entries[0]!.text, START_TEXT);
  assertEquals(replay.userSegments, [[{ kind: "text", content: "a\u2028b" }]]);
  assertEquals((await refusal(`${START_TEXT}\r${START_TEXT}\n`, "corrupt")).line, 1);
});

Deno.test("replaySegment() does not skip a byte order mark", async () => {
  assertEquals((await refusal(`\ufeff${START_TEXT}\n`, "corrupt")).line, 1);
  assertEquals((await refusal(`${START_TEXT}\n\ufeff\n`, "corrupt")).line, 2);
});

Deno.test("replaySegment() refuses damage before the end with line and reason", async () => {
  const good = inputText("hi");
  const torn = await refusal(`${START_TEXT}\n${good.slice(0, 20)}\n${good}\n`, "corrupt");
  assertEquals(torn.line, 2);
  const twice = await refusal(`${START_TEXT}\n${good}${good}\n`, "corrupt");
  assertEquals(twice.line, 2);
  const type = await refusal(
    `${START_TEXT}\n{"kind":"turn_end","ts":1,"turn_count":"1"}\n`,
    "corrupt",
  );
  assertStringIncludes(
    type.message,
    "line 2 is damaged: $.turn_count must be an unsigned integer",
  );
});

Deno.test("replaySegment() of an empty log is readable, not restorable", async () => {
  for (const content of ["", "\n \n", "{"]) {
    const replay = await replayOf(content);
    assertEquals([replay.entryCount, replay.sessionId], [0, null]);
    try {
      assertRestorable(replay, "/x.jsonl");
      throw new Error("taken for restorable");
    } catch (error) {
      assert(error instanceof SessionError);
      assertEquals(error.code, "empty");
      assertStringIncludes(error.message, "no entries to restore");
    }
  }
});

Deno.test("replaySegment() of a missing log is not_found and names the segment", async () => {
  const error = await assertRejects(() => replaySegment("/nowhere/s.jsonl"), SessionError);
  assertEquals(error.code, "not_found");
  assertStringIncludes(error.message, "/nowhere/s.jsonl");
});

Deno.test("replaySegment() gives the prefix for a cut at every byte", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/log.jsonl`;
  const lines = [START_TEXT, inputText("日本 hello 😀"), inputText("second")];
  const whole = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
  const ends = lines.map((_, index) =>
    new TextEncoder().encode(lines.slice(0, index + 1).join("\n")).length
  );
  for (let size = 0; size <= whole.length; size++) {
    await Deno.writeFile(path, whole.subarray(0, size));
    const replay = await replaySegment(path);
    assertEquals(replay.entryCount, ends.filter((end) => size >= end).length, `${size} bytes`);
  }
});

Deno.test("replaySegment() reads lines longer than a chunk and many lines in linear work", async () => {
  const long = inputText("日".repeat(300_000));
  const many = inputText("x".repeat(100)) + "\n";
  const replay = await replayOf(`${START_TEXT}\n${long}\n${many.repeat(20_000)}${long}\n`);
  assertEquals(replay.entryCount, 20_003);
  assertEquals(replay.entries.at(-1)!.text, long);
  assertEquals(replay.rewindTargets.length, 20_002);
});
