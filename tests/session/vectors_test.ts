import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  decodeEntryText,
  encodeEntry,
  replaySegment,
  segmentSummary,
  SessionError,
} from "../../lib/session/mod.ts";
import {
  inVectorWords,
  placeVector,
  readVector,
  temporaryFolder,
  vectorNames,
} from "./_support.ts";

/** Where this program reads on and the reference gives up, with the row its list shows then. */
const READABLE_HERE: Record<string, { diagnostic: string; row: Record<string, unknown> }> = {
  "torn-last-line": {
    diagnostic: "torn_tail",
    row: { preview: "assistant: Hi.", updated_at: 1760000000080 },
  },
  "unknown-entry-kind": {
    diagnostic: "unknown_entry",
    row: { preview: "assistant: Hi.", updated_at: 1760000000040 },
  },
};

for (const name of vectorNames()) {
  Deno.test(`1: replaySegment() and segmentSummary() hold vector ${name}`, async () => {
    await using folder = await temporaryFolder();
    const vector = await readVector(name);
    const path = await placeVector(folder.path, vector);
    const { expected } = vector;
    const readable = READABLE_HERE[name];

    if (expected.outcome === "ok") {
      const actual = inVectorWords(await replaySegment(path));
      for (const [key, value] of Object.entries(actual)) assertEquals(value, expected[key], key);
    } else if (readable !== undefined) {
      const replay = await replaySegment(path);
      const [diagnostic] = replay.diagnostics;
      assertEquals(diagnostic?.code, readable.diagnostic);
      assertEquals(diagnostic?.line, expected.corrupt_line);
    } else {
      const error = await assertRejects(() => replaySegment(path), SessionError);
      assertEquals([error.code, error.line], ["corrupt", expected.corrupt_line as number]);
    }

    const { updatedAt, preview } = await segmentSummary(path);
    assertEquals({ preview, updated_at: updatedAt }, readable?.row ?? expected.list_row);
    assertEquals(await Deno.readFile(path), vector.bytes, "reading changes nothing");
  });
}

for (const name of ["torn-last-line", "wrong-field-type", "unknown-entry-kind"]) {
  Deno.test(`replaySegment() yields the prefix of vector ${name}`, async () => {
    await using folder = await temporaryFolder();
    const { bytes, expected } = await readVector(name);
    const lines = new TextDecoder().decode(bytes).split("\n");
    const path = `${folder.path}/prefix.jsonl`;
    const prefix = lines.slice(0, expected.corrupt_line as number - 1);
    await Deno.writeTextFile(path, prefix.map((line) => `${line}\n`).join(""));
    const actual = inVectorWords(await replaySegment(path));
    const wanted = expected.prefix_before_corrupt_line as Record<string, unknown>;
    for (const [key, value] of Object.entries(wanted)) assertEquals(actual[key], value, key);
  });
}

Deno.test("replaySegment() goes on after an entry of an unknown kind and counts it", async () => {
  await using folder = await temporaryFolder();
  const path = await placeVector(folder.path, await readVector("unknown-entry-kind"));
  const replay = await replaySegment(path);
  assertEquals(replay.entryCount, 5);
  assertEquals(replay.history.length, 2);
  assertEquals(
    replay.entries[3]!.text,
    '{"kind":"checkpoint","ts":1760000000040,"label":"future"}',
  );
});

Deno.test("replaySegment() of the torn vector is its prefix_before_corrupt_line", async () => {
  await using folder = await temporaryFolder();
  const vector = await readVector("torn-last-line");
  const actual = inVectorWords(await replaySegment(await placeVector(folder.path, vector)));
  const wanted = vector.expected.prefix_before_corrupt_line as Record<string, unknown>;
  for (const [key, value] of Object.entries(wanted)) assertEquals(actual[key], value, key);
});

for (const name of vectorNames()) {
  if (name === "tolerant-fields") continue;
  Deno.test(`2: encodeEntry() gives the bytes of vector ${name} again`, async () => {
    const { bytes, expected } = await readVector(name);
    let count = 0;
    new TextDecoder().decode(bytes).split("\n").forEach((line, index) => {
      if (line === "" || index + 1 === expected.corrupt_line && name !== "unknown-entry-kind") {
        return;
      }
      assertEquals(encodeEntry(decodeEntryText(line)), line);
      count++;
    });
    assert(count > 0 || name === "empty");
  });
}
