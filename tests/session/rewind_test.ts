import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  ancestorsAfterRewind,
  decodeEntryText,
  discardsToolEffects,
  findRewindTarget,
  replaySegment,
  retainedPrefixTexts,
  type RewindSource,
  rewindTargets,
  SessionError,
} from "../../lib/session/mod.ts";
import {
  inputText,
  placeVector,
  readVector,
  SEGMENT_ID,
  START_TEXT,
  temporaryFolder,
} from "./_support.ts";

const OTHER_ID = "01980000-0000-7000-8000-0000000000ff";

async function vectorEntries(name: string) {
  await using folder = await temporaryFolder();
  return (await replaySegment(await placeVector(folder.path, await readVector(name)))).entries;
}

async function source(name: string): Promise<RewindSource & { texts: string[] }> {
  const entries = await vectorEntries(name);
  return {
    segmentId: SEGMENT_ID,
    entries: entries.map(({ entry }) => entry),
    texts: entries.map(({ text }) => text),
  };
}

Deno.test("rewindTargets() previews the pieces of a submission in one cut line", () => {
  const segments = [
    { kind: "text", content: "  a\r\nb " },
    { kind: "file_ref", path: "x.ts" },
    { kind: "text", content: "😀".repeat(200) },
  ];
  const entry = decodeEntryText(JSON.stringify({ kind: "user_input", ts: 5, segments }));
  const [target] = rewindTargets(SEGMENT_ID, [entry]);
  assertEquals(target!.preview, `a  b @x.ts ${"😀".repeat(120 - 11)}…`);
  assertEquals([target!.truncate_entries, target!.turn_index], [0, 1]);
});

Deno.test("rewindTargets() counts entries of unknown kinds", () => {
  const entries = [START_TEXT, '{"kind":"checkpoint"}', inputText("hi")].map(decodeEntryText);
  const [target] = rewindTargets(SEGMENT_ID, entries);
  assertEquals(target!.id.user_input_entry_index, 2);
  assertEquals(target!.expected_head_entries, 3);
});

Deno.test("discardsToolEffects() looks at the discarded part only", async () => {
  const { entries } = await source("rewind-before");
  assertEquals(discardsToolEffects(entries, 13), true);
  assertEquals(discardsToolEffects(entries, 17), false);
  assertEquals(discardsToolEffects(entries.slice(0, 13), 1), false);
});

Deno.test("findRewindTarget() gives what the vector's rewind does", async () => {
  const from = await source("rewind-before");
  const { expected } = await readVector("rewind-before");
  const wanted = expected.rewind as Record<string, unknown>;
  const id = { segment_id: SEGMENT_ID, user_input_entry_index: 14 };
  assertEquals(findRewindTarget(from, id, 22), {
    kind: "found",
    retained: wanted.truncated_to_entries as number,
    input: wanted.input as [],
    discardsToolEffects: wanted.tool_side_effect_warning as boolean,
  });
});

Deno.test("20: findRewindTarget() refuses a stale head, another segment and other entries", async () => {
  const from = await source("rewind-before");
  const reason = (segment: string, index: number, head: number) => {
    const id = { segment_id: segment, user_input_entry_index: index };
    const choice = findRewindTarget(from, id, head);
    if (choice.kind !== "refused") throw new Error("found");
    return choice.reason;
  };
  assertStringIncludes(reason(SEGMENT_ID, 14, 21), "session head changed");
  assertStringIncludes(reason(OTHER_ID, 14, 22), OTHER_ID);
  assertStringIncludes(reason(SEGMENT_ID, 13, 22), "13");
  assertStringIncludes(reason(SEGMENT_ID, 99, 22), "99");
});

Deno.test("findRewindTarget() takes targets of ancestors inside of the retained prefix", async () => {
  const before = await source("rewind-before");
  const after = { ...await source("rewind-after"), segmentId: OTHER_ID };
  const ancestors = ancestorsAfterRewind(before, 13);
  const choose = (index: number) =>
    findRewindTarget(
      { ...after, ancestors },
      { segment_id: SEGMENT_ID, user_input_entry_index: index },
      13,
    ).kind;
  assertEquals(choose(2), "found");
  assertEquals(choose(14), "refused");
  ancestors[0]!.retained = 2;
  assertEquals(choose(2), "refused", "the entry there is another one by now");
  assertEquals(ancestorsAfterRewind({ ...after, ancestors }, 1), [
    { segmentId: SEGMENT_ID, retained: 1 },
    { segmentId: OTHER_ID, retained: 1 },
  ]);
});

Deno.test("22: retainedPrefixTexts() keeps the vector's lines and replaces the origin", async () => {
  const { texts } = await source("rewind-before");
  const after = await source("rewind-after");
  const origin = { segment_id: OTHER_ID, at_turn_index: 2 };
  const kept = retainedPrefixTexts(texts, 13, origin);
  assertEquals(kept.slice(1), after.texts.slice(1));
  assertEquals(
    kept[0],
    after.texts[0]!.replace(/}$/, `,"forked_from":${JSON.stringify(origin)}}`),
  );
});

Deno.test("retainedPrefixTexts() replaces compacted_from, keeps unknown keys and odd lines", () => {
  const start = START_TEXT.replace(
    /}$/,
    `,"compacted_from":{"segment_id":"${OTHER_ID}","at_turn_index":1},"writer":"x"}`,
  );
  const odd = ' { "ts":1, "kind":"invoke", "trigger":"notify" }';
  const origin = { segment_id: SEGMENT_ID, at_turn_index: 3 };
  const kept = retainedPrefixTexts([start, odd, '{"kind":"checkpoint"}'], 3, origin);
  const first = JSON.parse(kept[0]!);
  assertEquals([first.forked_from, first.compacted_from, first.writer], [origin, undefined, "x"]);
  assertEquals(kept.slice(1), [odd, '{"kind":"checkpoint"}']);
});

Deno.test("retainedPrefixTexts() refuses a log without a start and counts that do not fit", () => {
  const origin = { segment_id: SEGMENT_ID, at_turn_index: 0 };
  for (const [texts, count] of [[[inputText("x")], 1], [[], 0], [[START_TEXT], 2]] as const) {
    const error = assertThrows(() => retainedPrefixTexts(texts, count, origin), SessionError);
    assertEquals(error.code, "invalid");
  }
});
