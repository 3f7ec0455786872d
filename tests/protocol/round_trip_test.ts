/** Properties of decoding and encoding together, on random values. */

import { assert, assertEquals } from "@std/assert";
import fc, { type Arbitrary } from "fast-check";
import {
  decodeClientEvent,
  decodeEvent,
  decodeMethod,
  encodeEvent,
  encodeMethod,
  type EncodeOptions,
  type Event,
  type Method,
  ProtocolError,
} from "../../lib/protocol/mod.ts";
import { anyEvent, anyMethod, json } from "./arbitraries.ts";

const directions = [
  {
    name: "Method",
    any: anyMethod as Arbitrary<unknown>,
    decode: decodeMethod as (value: unknown) => unknown,
    encode: (value: unknown, options?: EncodeOptions) => encodeMethod(value as Method, options),
  },
  {
    name: "Event",
    any: anyEvent as Arbitrary<unknown>,
    decode: decodeEvent as (value: unknown) => unknown,
    encode: (value: unknown, options?: EncodeOptions) => encodeEvent(value as Event, options),
  },
];

for (const { name, any, decode, encode } of directions) {
  Deno.test(`encode${name}: the text of any ${name} is stable`, () => {
    fc.assert(fc.property(any, (value) => {
      const text = encode(value);
      assertEquals(encode(decode(JSON.parse(text))), text);
    }));
  });

  Deno.test(`encode${name} with keepUnknown loses nothing of any ${name}`, () => {
    fc.assert(fc.property(any, fc.dictionary(fc.string(), json), (value, extra) => {
      const given = JSON.parse(JSON.stringify({ ...extra, ...value as object }));
      delete given.id;
      delete given.seq;
      const expected = structuredClone(given);
      if (expected.params === null) delete expected.params;
      if (expected.data === null) delete expected.data;
      let decoded;
      try {
        decoded = decode(given);
      } catch (error) {
        // The random key was one of the envelope's own.
        assert(error instanceof ProtocolError && ("params" in extra || "data" in extra));
        return;
      }
      assertEquals(JSON.parse(encode(decoded, { keepUnknown: true })), expected);
    }));
  });

  Deno.test(`encode${name} does not depend on the order of keys`, () => {
    fc.assert(fc.property(any, (value) => {
      const text = encode(value);
      assertEquals(JSON.parse(encode(reversed(value))), JSON.parse(text));
      assertEquals(
        JSON.parse(encode(reversed(value), { keepUnknown: true })),
        JSON.parse(encode(value, { keepUnknown: true })),
      );
    }));
  });

  Deno.test(`decode${name} meets a damaged ${name} with a verdict`, () => {
    fc.assert(fc.property(any, fc.nat(), odd, (value, place, replacement) => {
      const damaged = damage(JSON.parse(JSON.stringify(value)), place, replacement);
      assertVerdict(() => encode(decode(damaged)));
      assertVerdict(() => encode(decode(damaged), { keepUnknown: true }));
    }));
  });

  Deno.test(`decode${name} meets any JSON with a verdict`, () => {
    const tag = name.toLowerCase();
    const envelope = fc.record({
      [tag]: fc.oneof(fc.string(), fc.constantFrom("__proto__", "toString", "run", "usage")),
      params: odd,
      data: odd,
    });
    fc.assert(fc.property(fc.oneof(json, envelope), (value) => {
      assertVerdict(() => decode(value));
      assertVerdict(() => decodeClientEvent(value));
    }));
  });
}

/** Values that are seldom what is expected. */
const odd: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(null, undefined, -1, 1.5, Infinity, 2 ** 53, "", "\ud800", true, [], {}),
  fc.constantFrom({ kind: "toString" }, { kind: "__proto__" }, { kind: 1 }, [null], [[]]),
  json,
);

function assertVerdict(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    assert(error.path.startsWith("$"));
  }
}

/** `value` with one of its parts, counted in reading order, replaced. */
function damage(value: unknown, place: number, replacement: unknown): unknown {
  const parts: (() => void)[] = [];
  const visit = (container: unknown) => {
    if (typeof container !== "object" || container === null) return;
    const members = container as Record<string, unknown>;
    for (const key of Object.keys(members)) {
      parts.push(() => Object.defineProperty(members, key, { value: replacement }));
      visit(members[key]);
    }
  };
  visit(value);
  parts[place % parts.length]?.();
  return value;
}

/** `value` with the keys of all objects in reverse order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).reverse();
  return Object.fromEntries(members.map(([key, member]) => [key, reversed(member)]));
}
