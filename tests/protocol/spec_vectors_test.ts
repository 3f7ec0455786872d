/** Every field of every Method and Event against every rule of the specification, section 1.3. */

import { assertEquals, assertGreater } from "@std/assert";
import {
  decodeClientEvent,
  decodeEvent,
  decodeMethod,
  encodeEvent,
  encodeMethod,
  ProtocolError,
} from "../../lib/protocol/mod.ts";
import { JsonLineError, JsonLineReader } from "../../lib/stream/json_lines.ts";
import { eventVectors, methodVectors } from "./_spec_vectors.ts";

for (
  const [side, groups, reencode] of [
    ["decodeMethod()", methodVectors(), (value: unknown) => encodeMethod(decodeMethod(value))],
    ["decodeEvent()", eventVectors(), (value: unknown) => encodeEvent(decodeEvent(value))],
  ] as const
) {
  for (const [name, vectors] of groups) {
    Deno.test(`${side}: every rule for every field of ${name}`, async () => {
      assertGreater(vectors.length, 10);
      const texts = await reencoded(vectors.map(({ wire }) => wire), (value) => {
        const text = reencode(value);
        assertEquals(reencode(JSON.parse(text)), text, "the canonical text is stable");
        return text;
      });
      for (const [index, { wire, canonical }] of vectors.entries()) {
        assertEquals(texts[index], canonical, wire);
      }
    });
  }
}

Deno.test("decodeClientEvent() refuses and takes what decodeEvent() does", () => {
  for (const { wire } of eventVectors().get("snapshot")!) {
    const strict = verdict(() => decodeEvent(JSON.parse(wire)));
    // A status of a newer Pod is the one thing that a client forgives.
    if (strict instanceof ProtocolError && strict.path === "$.data.status") continue;
    const lenient = verdict(() => decodeClientEvent(JSON.parse(wire)));
    assertEquals(lenient instanceof Error, strict instanceof Error, wire);
  }
});

function verdict(decode: () => unknown): unknown {
  try {
    return decode();
  } catch (error) {
    return error;
  }
}

/** Each line, by its number, as the reader and then the encoder give it; refused ones are missing. */
async function reencoded(
  lines: string[],
  reencode: (value: unknown) => string,
): Promise<(string | undefined)[]> {
  const source = new Blob(lines.map((line) => `${line}\n`)).stream();
  const texts: (string | undefined)[] = [];
  const bad: JsonLineError[] = [];
  const reader = new JsonLineReader(source, {
    decode: reencode,
    onInvalid: (error) => bad.push(error),
  });
  const values = await Array.fromAsync(reader);
  const badLines = new Set(bad.map(({ line }) => line));
  let next = 0;
  for (let line = 1; line <= lines.length; line++) {
    texts.push(badLines.has(line) ? undefined : values[next++]);
  }
  assertEquals(next, values.length);
  for (const { kind, cause, line } of bad) {
    if (kind !== "syntax") assertEquals(cause instanceof ProtocolError, true, lines[line - 1]);
  }
  return texts;
}
