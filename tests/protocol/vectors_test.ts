/** The wire vectors: the verdicts and texts of the reference's own decoder and encoder. */

import { assertEquals, assertInstanceOf } from "@std/assert";
import {
  decodeEvent,
  decodeMethod,
  encodeEvent,
  encodeMethod,
  ProtocolError,
} from "../../lib/protocol/mod.ts";

interface Vector {
  name: string;
  /** One received line, without its line feed. */
  wire: string;
  accept: boolean;
  canonical: string | null;
  why: string;
}

const reencodeMethod = (value: unknown) => encodeMethod(decodeMethod(value));
const reencodeEvent = (value: unknown) => encodeEvent(decodeEvent(value));

for (
  const [file, reencode] of [
    ["protocol-methods.jsonl", reencodeMethod],
    ["protocol-events.jsonl", reencodeEvent],
  ] as const
) {
  for (const vector of await readVectors(file)) {
    Deno.test(`${file}: ${vector.name}: ${vector.why}`, () => {
      if (vector.name.startsWith("quirk_")) tryQuirk(vector, reencode);
      else if (vector.accept) checkAccepted(vector, reencode);
      else checkRejected(vector, reencode);
    });
  }
}

function checkAccepted(vector: Vector, reencode: (value: unknown) => string): void {
  const { wire, canonical } = vector;
  if (canonical === null) {
    throw new Error(`Cannot use vector ${vector.name}: it has no canonical text`);
  }

  // Payloads without a known shape keep the order they came in, so only the values are equal there.
  const text = reencode(JSON.parse(wire));
  assertEquals(JSON.parse(text), JSON.parse(canonical));
  assertEquals(reencode(sortPayloads(JSON.parse(wire))), canonical);

  assertEquals(reencode(JSON.parse(canonical)), canonical);
}

function checkRejected({ wire }: Vector, reencode: (value: unknown) => string): void {
  const error = failureOf(() => reencode(JSON.parse(wire)));
  if (error instanceof SyntaxError) return; // the line is no JSON: refused before the decoder
  assertInstanceOf(error, ProtocolError);
  assertEquals(error.path.startsWith("$"), true);
}

/** Both verdicts conform; anything but a verdict does not. */
function tryQuirk({ wire }: Vector, reencode: (value: unknown) => string): void {
  const error = failureOf(() => reencode(JSON.parse(wire)));
  if (error !== undefined && !(error instanceof SyntaxError)) {
    assertInstanceOf(error, ProtocolError);
  }
}

function failureOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
}

/** The line with the keys of its payloads sorted by code point, as the reference writes them. */
function sortPayloads(line: { data?: Record<string, unknown> }): unknown {
  for (const key of ["item", "entry", "pods", "result"]) {
    if (line.data && key in line.data) line.data[key] = sortKeys(line.data[key]);
  }
  // `completions` has entries of a known shape, which sorting leaves as they are once written.
  if (Array.isArray(line.data?.entries)) line.data.entries = sortKeys(line.data.entries);
  return line;
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).sort(([one], [other]) => one < other ? -1 : 1);
  return Object.fromEntries(members.map(([key, member]) => [key, sortKeys(member)]));
}

async function readVectors(file: string): Promise<Vector[]> {
  const text = await Deno.readTextFile(new URL(`../data/protocol/${file}`, import.meta.url));
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}
