/** The reader of segment logs against a second one that shares nothing with it. */

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  encodeEntry,
  replaySegment,
  segmentSummary,
  SessionError,
  SessionStore,
} from "../../lib/session/mod.ts";
import { readPlainly } from "./_plain_reader.ts";
import { anyEntry } from "./_random_entries.ts";
import {
  inVectorWords,
  readVector,
  SEGMENT_ID,
  SESSION_ID,
  START_TEXT,
  temporaryFolder,
  vectorNames,
} from "./_support.ts";

/** Compares both readers on the bytes of a log. */
async function compare(folder: string, bytes: Uint8Array): Promise<void> {
  const path = `${folder}/${SEGMENT_ID}.jsonl`;
  await Deno.writeFile(path, bytes);
  const plain = readPlainly(bytes, SEGMENT_ID);
  const row = await segmentSummary(path);
  const seenRow = { updated_at: row.updatedAt, preview: row.preview };
  if (plain.outcome !== "ok") {
    const error = await replaySegment(path).then(() => undefined, (cause) => cause);
    assertEquals(error instanceof SessionError, true, `${error}`);
    assertEquals([error.code, error.line], [
      plain.outcome,
      plain.outcome === "corrupt" ? plain.corrupt_line : undefined,
    ]);
    assertEquals(seenRow, { updated_at: 0, preview: "[corrupt segment]" });
    return;
  }
  const replay = await replaySegment(path);
  const seen = inVectorWords(replay);
  for (const [key, value] of Object.entries(plain.state)) assertEquals(seen[key], value, key);
  assertEquals(Object.keys(seen).sort(), Object.keys(plain.state).sort());
  assertEquals(seenRow, plain.list_row);
  assertEquals(replay.diagnostics.some(({ code }) => code === "torn_tail"), plain.torn);
  assertEquals(replay.entries.map(({ text }) => JSON.parse(text)), plain.entries);
}

Deno.test("readPlainly() agrees with the vectors, or it could not be a measure", async () => {
  for (const name of vectorNames()) {
    const { bytes, expected } = await readVector(name);
    if (expected.outcome !== "ok") continue;
    const plain = readPlainly(bytes, expected.segment_id);
    if (plain.outcome !== "ok") throw new Error(`Cannot read vector ${name}: ${plain.outcome}`);
    for (const [key, value] of Object.entries(plain.state)) assertEquals(value, expected[key], key);
    assertEquals(plain.list_row, expected.list_row);
  }
});

const junk = fc.constantFrom(
  '{"kind":"turn_end","ts":1,"turn_count":"1"}',
  '{"kind":"invoke","ts":1,"trigger":"user_send"} x',
  '{"kind":"invoke","ts":1,"trigger":"notify"}{"kind":"invoke","ts":1,"trigger":"notify"}',
  '{"kind":"invoke","ts":1,"trigger":"notify"}\r{"kind":"invoke","ts":1,"trigger":"notify"}',
  '\ufeff{"kind":"invoke","ts":1,"trigger":"notify"}',
  '\u00a0{"kind":"invoke","ts":1,"trigger":"notify"}',
  "\ufeff",
  "null",
  "{",
  "{}",
  "[]",
  '{"kind":null}',
  '{"kind":"user_input","ts":1,"segments":[{"kind":"te',
);
const odd = fc.constantFrom(
  "",
  " ",
  "\r",
  "\t\u0085\u2028\u3000",
  '{"kind":"checkpoint","ts":-1}',
  '{"kind":"checkpoint","ts":90,"segments":5}',
  '{"kind":"","ts":"later"}',
  '  {"ts":3, "trigger":"notify","kind":"invoke","x":{"item":5}}\t\r',
  '{"kind":"user_input","ts":4,"segments":[]}',
  '{"kind":"user_input","ts":4,"segments":[{"kind":"text","content":"\\ufeff\\u0085 a\\r\\nb \\u2003"}]}',
  '{"kind":"invoke","ts":5,"trigger":"user_send"}',
);
/** Submissions and answers about as long as previews may be. */
const longLine = fc.record({
  length: fc.constantFrom(58, 59, 60, 61, 62, 118, 119, 120, 121, 122),
  letter: fc.constantFrom("a", "😀", "\n", "\r", "世"),
  kind: fc.constantFrom("user_input", "assistant_item"),
}).map(({ length, letter, kind }) => {
  const text = letter.repeat(length - 1) + "z";
  const part = { kind: "text", text, content: text };
  const item = { kind: "message", role: "assistant", content: [part] };
  return JSON.stringify({ kind, ts: 7, item, segments: [part] });
});
const entryLine = anyEntry.map((entry) => encodeEntry(entry));
const logText = fc.record({
  lines: fc.array(fc.oneof({ weight: 6, arbitrary: entryLine }, odd, longLine), { maxLength: 12 }),
  damage: fc.option(fc.tuple(fc.nat(12), junk), { freq: 4 }),
  lineEnd: fc.constantFrom("\n", "\n", "\r\n"),
  lost: fc.oneof(fc.constant(0), fc.nat(80)),
});

Deno.test("replaySegment() and segmentSummary() read random logs as the plain reader does", async () => {
  await using folder = await temporaryFolder();
  await fc.assert(
    fc.asyncProperty(logText, async ({ lines, damage, lineEnd, lost }) => {
      const all = damage === null ? lines : lines.toSpliced(damage[0], 0, damage[1]);
      const bytes = new TextEncoder().encode(all.map((line) => line + lineEnd).join(""));
      await compare(folder.path, bytes.subarray(0, Math.max(0, bytes.length - lost)));
    }),
    { numRuns: 300 },
  );
});

const turnEnd = fc.nat(3).map((count) =>
  encodeEntry({ kind: "turn_end", ts: 2, turn_count: count })
);

Deno.test("13: SessionStore.forkAtTurn() keeps the history of the lines up to that turn", async () => {
  await using folder = await temporaryFolder();
  const store = new SessionStore(folder.path);
  const source = { sessionId: SESSION_ID, segmentId: SEGMENT_ID };
  await Deno.mkdir(`${folder.path}/${SESSION_ID}`);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(turnEnd, entryLine, longLine), { maxLength: 10 }),
      fc.nat(4),
      async (rest, turn) => {
        const lines = [START_TEXT, ...rest];
        await Deno.writeTextFile(store.path(SESSION_ID, SEGMENT_ID), lines.join("\n"));
        const entries = lines.map((line) => JSON.parse(line));
        const other = entries.findIndex(({ kind }) => kind !== "segment_start");
        const end = entries.findIndex((each) =>
          each.kind === "turn_end" && each.turn_count === turn
        );
        const count = turn === 0 ? other : end < 0 ? lines.length : end + 1;
        const kept = lines.slice(0, count < 0 ? lines.length : count).join("\n");
        const plain = readPlainly(new TextEncoder().encode(kept), SEGMENT_ID);

        const fork = await store.forkAtTurn(source, turn);
        assertEquals(fork.sessionId, SESSION_ID);
        const { entries: [start], ...replay } = await replaySegment(
          store.path(fork.sessionId, fork.segmentId),
        );
        if (plain.outcome !== "ok") throw new Error("Cannot happen: all lines are whole");
        const { history, config, system_prompt } = plain.state;
        assertEquals(
          [replay.history, replay.config, replay.systemPrompt],
          [history, config, system_prompt],
        );
        const origin = (start!.entry as { forked_from?: unknown }).forked_from;
        assertEquals(origin, { segment_id: SEGMENT_ID, at_turn_index: turn });
        assertEquals(replay.entryCount, 1);
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("replaySegment() of every prefix of a log, letter by letter and inside of letters", async () => {
  await using folder = await temporaryFolder();
  const bytes = new TextEncoder().encode(
    '{"kind":"invoke","ts":1,"trigger":"user_send"}\r\n \n' +
      '{"kind":"user_input","ts":2,"segments":[{"kind":"text","content":"é世😀"}]}\n' +
      '{"kind":"turn_end","ts":3,"turn_count":12}',
  );
  for (let length = 0; length <= bytes.length; length++) {
    await compare(folder.path, bytes.subarray(0, length));
  }
});

Deno.test("replaySegment() of bytes that are no UTF-8, at every place of a line", async () => {
  await using folder = await temporaryFolder();
  const line = '{"kind":"turn_end","ts":1,"turn_count":1}\n';
  const damages = [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xc0, 0xaf], [
    0xf4,
    0x90,
    0x80,
    0x80,
  ]];
  for (const damage of damages) {
    for (
      const [before, after] of [["", line], [line, ""], [line, line], ["x\n", "x"], ["", "\n"]]
    ) {
      const bytes = [new TextEncoder().encode(before), damage, new TextEncoder().encode(after)];
      await compare(folder.path, new Uint8Array(bytes.flatMap((part) => [...part])));
    }
  }
});
