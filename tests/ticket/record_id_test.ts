import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  checkRecordId,
  decodeRecordId,
  encodeRecordId,
  isRecordId,
} from "../../lib/ticket/record_id.ts";

const VECTORS: readonly (readonly [bigint, string])[] = [
  [0n, "0000000000000"],
  [31n, "000000000000Z"],
  [32n, "0000000000010"],
  [1024n, "0000000000100"],
  [1_780_272_000_000n, "00001KT07NV00"],
  [2n ** 53n - 1n, "007ZZZZZZZZZZ"],
  [2n ** 64n - 1n, "FZZZZZZZZZZZZ"],
];

Deno.test("encodeRecordId and decodeRecordId follow the vectors", () => {
  for (const [value, id] of VECTORS) {
    assertEquals(encodeRecordId(value), id);
    assertEquals(decodeRecordId(id), value);
    assert(isRecordId(id));
    assertEquals(checkRecordId(id), undefined);
  }
});

Deno.test("encodeRecordId takes numbers and refuses what has no id, each with its reason", () => {
  assertEquals(encodeRecordId(1_780_272_000_000), "00001KT07NV00");
  assertThrows(() => encodeRecordId(-1), RangeError, "before 1970");
  assertThrows(() => encodeRecordId(2n ** 64n), RangeError, "beyond 64 bits");
  assertThrows(() => encodeRecordId(1.5), RangeError, "not a whole number");
  assertThrows(() => encodeRecordId(NaN), RangeError, "not a whole number");
});

Deno.test("checkRecordId tells length, character and overflow apart", () => {
  const faults: readonly (readonly [string, string, string])[] = [
    ["", "length", "0 bytes"],
    ["00001KT07NV0", "length", "12 bytes"],
    ["00001KT07NV000", "length", "14 bytes"],
    ["あああああああああああああ", "length", "39 bytes"],
    ["00001kt07nv00", "character", '"k"'],
    ["00001KT07NVI0", "character", '"I"'],
    ["00001KT07NVL0", "character", '"L"'],
    ["00001KT07NVO0", "character", '"O"'],
    ["00001KT07NVU0", "character", '"U"'],
    ["00001-KT07-NV", "character", '"-"'],
    ["../0001KT07NV", "character", '"."'],
    ["00001KT07NV0\n", "character", '"\\n"'],
    ["ZZZZZZZZZZZZZ", "overflow", "too large"],
    ["G000000000000", "overflow", "too large"],
  ];
  for (const [text, kind, words] of faults) {
    const fault = checkRecordId(text);
    assertEquals(fault?.kind, kind, text);
    assert(fault?.message.includes(words), fault?.message);
    assert(!isRecordId(text));
    assertThrows(() => decodeRecordId(text), RangeError, words);
  }
});

Deno.test("record ids round-trip, and sort as their moments do", () => {
  const moment = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  fc.assert(fc.property(moment, moment, (a, b) => {
    const [left, right] = [encodeRecordId(a), encodeRecordId(b)];
    assertEquals(decodeRecordId(left), a);
    assertEquals(left < right, a < b);
  }));
});

Deno.test("isRecordId and checkRecordId agree on every text", () => {
  const letter = fc.constantFrom(..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabc-あ");
  const text = fc.array(letter, { minLength: 12, maxLength: 14 }).map((letters) =>
    letters.join("")
  );
  fc.assert(fc.property(text, (id) => {
    assertEquals(isRecordId(id), checkRecordId(id) === undefined);
  }));
});
