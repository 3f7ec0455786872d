import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  JsonLineDecoderStream,
  JsonLineEncoderStream,
  JsonLineReader,
} from "../../lib/stream/mod.ts";
import { bytesOf, cut, outcomeOf, sourceOf } from "./_source.ts";

/** One line of every sort, with letters of one to four bytes, and the same damaged in the middle. */
const CORPUS = new Uint8Array([
  ...bytesOf('{"a":"é","b":"あ","c":"😀"}\n\r\n"\u2028"\r\n \u3000[1]\u00a0\nnot json\n"\ufffd"\n'),
  ...[0x22, 0xe3, 0x81, 0x22, 0x0a, 0x22, 0xf0, 0x9f, 0x98, 0x0a],
  ...bytesOf('"too long for the cap of this test, あいう"\n\n\ufeff1\n"😀"\n{"last":"é'),
]);

const CORPUS_OUTCOME = {
  values: [{ a: "é", b: "あ", c: "😀" }, "\u2028", [1], "\ufffd", "😀"],
  bad: ["syntax:5", "invalid:7", "invalid:8", "too_long:9", "syntax:11", "incomplete:13"],
};

const OPTIONS = { maxLineBytes: 40 };

Deno.test("JsonLineReader gives the same for every cut of the same bytes into two", async () => {
  for (let at = 0; at <= CORPUS.length; at++) {
    const source = sourceOf(CORPUS.subarray(0, at), CORPUS.subarray(at));
    assertEquals(await outcomeOf(source, OPTIONS), CORPUS_OUTCOME, `cut at ${at}`);
  }
});

Deno.test("JsonLineReader gives the same for every cut of the same bytes into three", async () => {
  const part = CORPUS.subarray(0, 80);
  const whole = await outcomeOf(sourceOf(part), OPTIONS);
  for (let first = 0; first <= part.length; first++) {
    for (let second = first; second <= part.length; second += 3) {
      const source = sourceOf(
        part.subarray(0, first),
        part.subarray(first, second),
        part.subarray(second),
      );
      assertEquals(await outcomeOf(source, OPTIONS), whole, `cut at ${first} and ${second}`);
    }
  }
});

Deno.test("JsonLineReader gives the same for chunks of every size", async () => {
  for (let size = 1; size <= CORPUS.length; size++) {
    const source = sourceOf(...cut(CORPUS, size));
    assertEquals(await outcomeOf(source, OPTIONS), CORPUS_OUTCOME, `chunks of ${size}`);
  }
});

/** Cuts bytes at the given places, taken modulo the length. */
function cutAt(bytes: Uint8Array, places: number[]): Uint8Array[] {
  const cuts = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
  return [0, ...cuts].map((from, index) => bytes.subarray(from, cuts[index] ?? bytes.length));
}

const places = fc.array(fc.nat(), { maxLength: 20 });
const jsonValue = fc.jsonValue({ stringUnit: "binary" });

Deno.test("JsonLineReader reads what JsonLineEncoderStream wrote, however it is cut", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(jsonValue, { maxLength: 10 }), places, async (values, places) => {
      const bytes = await new Response(
        ReadableStream.from<unknown>(values).pipeThrough(new JsonLineEncoderStream()),
      ).bytes();
      const expected = values.map((value) => JSON.parse(JSON.stringify(value)));
      const byItem = await outcomeOf(sourceOf(...cutAt(bytes, places)));
      assertEquals(byItem, { values: expected, bad: [] });

      const batches: unknown[] = [];
      await using reader = new JsonLineReader(sourceOf(...cutAt(bytes, places)));
      for (;;) {
        const batch = await reader.readBatch();
        if (batch.length === 0) break;
        batches.push(...batch);
      }
      assertEquals(batches, expected);
    }),
    { numRuns: 200 },
  );
});

/** Lines that are good, bad, long, blank, not UTF-8; and any bytes at all. */
const anyLine = fc.oneof(
  jsonValue.map((value) => bytesOf(JSON.stringify(value))),
  fc.constantFrom("", "\r", " \t", "\u3000", "\ufeff", "\ufffd", '"\ufffd"', "{", "x".repeat(50))
    .map(bytesOf),
  fc.uint8Array({ maxLength: 12 }),
);

Deno.test("JsonLineReader agrees with a plain reading of the same bytes, however they are cut", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyLine, { maxLength: 12 }), places, async (lines, places) => {
      const bytes = new Uint8Array(lines.flatMap((line) => [...line, 0x0a]).slice(0, -1));
      const expected = readPlainly(bytes, OPTIONS.maxLineBytes);
      assertEquals(await outcomeOf(sourceOf(...cutAt(bytes, places)), OPTIONS), expected);

      const bad: string[] = [];
      const stream = sourceOf(...cutAt(bytes, places)).pipeThrough(
        new JsonLineDecoderStream({
          ...OPTIONS,
          onInvalid: (error) => bad.push(`${error.kind}:${error.line}`),
        }),
      );
      assertEquals({ values: await Array.fromAsync(stream), bad }, expected);
    }),
    { numRuns: 300 },
  );
});

/** The rules once more, for bytes that are all there: slow and without any cleverness. */
function readPlainly(bytes: Uint8Array, maxLineBytes: number) {
  const values: unknown[] = [];
  const bad: string[] = [];
  const lines: number[][] = [[]];
  for (const byte of bytes) {
    if (byte === 0x0a) lines.push([]);
    else lines.at(-1)!.push(byte);
  }
  for (const [index, line] of lines.entries()) {
    const isLast = index === lines.length - 1;
    const report = (kind: string) => bad.push(`${isLast ? "incomplete" : kind}:${index + 1}`);
    if (line.length > maxLineBytes) {
      bad.push(`too_long:${index + 1}`);
      continue;
    }
    let text: string;
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
        .decode(new Uint8Array(line));
    } catch {
      report("invalid");
      continue;
    }
    text = text.replace(/^\p{White_Space}+/u, "").replace(/\p{White_Space}+$/u, "");
    if (text === "") continue;
    try {
      values.push(JSON.parse(text));
    } catch {
      report("syntax");
    }
  }
  return { values, bad };
}
