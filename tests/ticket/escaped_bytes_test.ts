import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { escapeInvalidBytes } from "../../lib/ticket/_escaped_bytes.ts";

Deno.test("escapeInvalidBytes() leaves text as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      assertEquals(escapeInvalidBytes(new TextEncoder().encode(text)), text);
    }),
  );
  const edges = "\0\x7f\x80\u07ff\u0800\ud7ff\ue000\ufeff\ufffd\uffff\u{10000}\u{10ffff}";
  assertEquals(escapeInvalidBytes(new TextEncoder().encode(edges)), edges);
});

Deno.test("escapeInvalidBytes() shows every byte that a decoder refuses, and no other", () => {
  // What decides is whether a byte begins a letter, goes on with one, or does neither.
  const bytes = fc.constantFrom(
    ...[0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf],
    ...[0xe0, 0xe2, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff],
  );
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 12 }), (list) => {
      const shown = escapeInvalidBytes(Uint8Array.from(list));
      const parts = shown.split(/\\x([0-9a-f]{2})/);
      const read = parts.flatMap((part, index) =>
        index % 2 === 1 ? [parseInt(part, 16)] : [...new TextEncoder().encode(part)]
      );
      assertEquals(read, list);
      // A byte that is shown would be none of a letter either with those that follow it.
      for (let at = 0; at < list.length; at++) {
        assertEquals(firstShown(list, at), isRefused(list, at));
      }
    }),
    { numRuns: 2000 },
  );
});

/** Whether the byte at which a text begins is shown as a byte. */
function firstShown(list: readonly number[], at: number): boolean {
  return escapeInvalidBytes(Uint8Array.from(list.slice(at))).startsWith("\\x");
}

/** Whether no letter begins at a byte, as the runtime's decoder has it. */
function isRefused(list: readonly number[], at: number): boolean {
  return ![1, 2, 3, 4].some((length) => {
    const part = Uint8Array.from(list.slice(at, at + length));
    try {
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(part);
      return part.length === length && [...text].length === 1;
    } catch {
      return false; // which is the answer
    }
  });
}
