import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  byteLength,
  cutToBytes,
  fitContent,
  MAX_CONTENT_BYTES,
  oneLine,
} from "../../lib/tools/_ticket_text.ts";

const FAMILY = "👨‍👩‍👧‍👦";

Deno.test("cutToBytes() names the bytes above the limit, and its marker counts", () => {
  assertEquals(cutToBytes("x".repeat(40), 40), "x".repeat(40));
  const cut = cutToBytes("x".repeat(100), 40);
  assertEquals(cut, `${"x".repeat(11)}[truncated: 60 bytes dropped]`);
  assertEquals(byteLength(cut), 40);
  // No room for more than a part of the marker: the limit still holds.
  assertEquals(cutToBytes("x".repeat(100), 5), "[trun");
});

Deno.test("cutToBytes() cuts between letters as people see them", () => {
  // The family has 25 bytes: with a limit of 29 + 24 it does not fit and goes as a whole.
  const text = `${FAMILY}${"x".repeat(100)}`;
  const marker = `[truncated: ${byteLength(text) - 53} bytes dropped]`;
  assertEquals(cutToBytes(text, 53), marker);
  assertEquals(cutToBytes(text, 54), `${FAMILY}[truncated: 71 bytes dropped]`);
  assertEquals(cutToBytes(`e\u0301${"x".repeat(50)}`, 31), "[truncated: 22 bytes dropped]");
});

Deno.test("cutToBytes() never exceeds its limit nor tears a letter", () => {
  const letters = fc.string({ unit: "grapheme", maxLength: 300 });
  fc.assert(fc.property(letters, fc.integer({ min: 1, max: 400 }), (text, limit) => {
    const cut = cutToBytes(text, limit);
    assert(byteLength(cut) <= limit);
    assert(cut.isWellFormed());
    if (byteLength(text) <= limit) assertEquals(cut, text);
    else assert(cut.startsWith("[") || text.startsWith(cut.slice(0, cut.lastIndexOf("["))));
  }));
});

Deno.test("oneLine() collapses blanks and cuts to whole letters", () => {
  assertEquals(oneLine("  a\n\tb  c ", 96), "a b c");
  assertEquals(oneLine("x".repeat(96), 96), "x".repeat(96));
  assertEquals(oneLine("x".repeat(97), 96), `${"x".repeat(93)}...`);
  const families = oneLine(FAMILY.repeat(20), 96);
  assert([...families].length <= 96 && families.endsWith(`${FAMILY}...`));
});

Deno.test("fitContent() shortens texts first, then lists, and stays JSON within the limit", () => {
  const answer = (texts: number, size: number) =>
    fitContent(
      ({ text, rows }) => ({
        items: Array.from({ length: Math.min(texts, rows) }, () =>
          cutToBytes("é".repeat(size), text)),
      }),
      { text: 65536, rows: 100 },
    );
  const items = (content: string): string[] => {
    assert(byteLength(content) <= MAX_CONTENT_BYTES);
    return JSON.parse(content).items;
  };
  assertEquals(items(answer(2, 100)), ["é".repeat(100), "é".repeat(100)]);
  const shorter = items(answer(10, 10_000));
  assertEquals(shorter.length, 10);
  assert(shorter.every((text) => /\[truncated: \d+ bytes dropped\]$/.test(text)));
  assertEquals(items(answer(100, 10_000)).length, 100);
  const fewer = fitContent(
    ({ rows }) => ({ items: Array.from({ length: rows }, () => "\u0001".repeat(500)) }),
    { text: 65536, rows: 100 },
  );
  // Each needs about 3,000 bytes: as many as fit, not a power of two of them.
  assertEquals(items(fewer).length, 21);
});
