import { assertEquals, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import { capOutput, firstBytes } from "../../lib/worker/output_cap.ts";

const bytes = (text: string) => new TextEncoder().encode(text).length;

Deno.test("capOutput() keeps any content within its limit and its beginning whole", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.integer({ min: 80, max: 200 }),
      (content, limit) => {
        const wellFormed = content.toWellFormed();
        const { output, notices } = capOutput("T", { summary: "s", content: wellFormed }, {
          defaultMaxBytes: limit,
        });
        const kept = output.content ?? "";
        assertLessOrEqual(bytes(kept), limit);
        const isCut = bytes(wellFormed) > limit;
        assertEquals(notices.length, isCut ? 1 : 0);
        const text = isCut ? kept.slice(0, kept.lastIndexOf("\n\n[truncated: ")) : kept;
        assertEquals(wellFormed.startsWith(text), true);
      },
    ),
    { numRuns: 50 },
  );
});

Deno.test("capOutput() bounds summaries too (W41)", () => {
  const { output, notices } = capOutput("T", { summary: "x".repeat(10_000) });
  assertLessOrEqual(bytes(output.summary), 4096);
  assertEquals(
    output.summary.endsWith(" [truncated: 5972 bytes dropped, refine your query]"),
    true,
  );
  assertEquals(notices, ['The summary of a "T" call was cut: 10000 bytes, the limit is 4096']);
});

Deno.test("firstBytes() never cuts a letter", () => {
  assertEquals(firstBytes("日本", 5), "日");
  assertEquals(firstBytes("abc", 5), "abc");
});
