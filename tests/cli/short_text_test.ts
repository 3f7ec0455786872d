import { assertEquals } from "@std/assert";
import { firstLines, fit, oneLine, pad } from "../../lib/cli/short_text.ts";
import { textWidth } from "../../lib/cli/text_width.ts";

Deno.test("fit() leaves what fits and cuts the rest, an ellipsis included", () => {
  assertEquals(fit("abcdef", 6), "abcdef");
  assertEquals(fit("abcdef", 5), "abcd…");
  assertEquals(fit("日本語", 6), "日本語");
  assertEquals(fit("日本語", 5), "日本…");
  assertEquals(fit("日本語", 4), "日…");
  assertEquals(fit("abc", 1), "…");
  assertEquals(fit("abc", 0), "");
});

Deno.test("fit() cuts between letters, never within one", () => {
  // Each of these is one letter of several code points, as wide as all of them where they stand apart.
  for (const letter of ["👨‍👩‍👧‍👦", "🇯🇵", "👍🏽", "e\u0301"]) {
    const width = textWidth(letter);
    assertEquals(fit(`ab${letter}cd`, 2 + width), `ab…`);
    assertEquals(fit(`ab${letter}cd`, 3 + width), `ab${letter}…`);
  }
  assertEquals(fit("👨‍👩‍👧‍👦", 4), "…");
});

Deno.test("oneLine() joins lines and drops what is not to be printed", () => {
  assertEquals(oneLine(" a\n\n b\t\x1b[1mc\x1b[0m ", 80), "a b c");
});

Deno.test("pad() fills up to a width, by columns", () => {
  assertEquals([pad("ab", 4), pad("日", 4), pad("long", 2)], ["ab  ", "日  ", "long"]);
});

Deno.test("firstLines() says how many lines it left out", () => {
  assertEquals(firstLines("a\nb\n", 2), ["a", "b"]);
  assertEquals(firstLines("a\nb\nc\nd", 3), ["a", "b", "… 2 more lines"]);
});
