import { assertEquals } from "@std/assert";
import {
  cutLine,
  escapeBrief,
  escapeCell,
  escapeJson,
  escapeText,
} from "../../lib/cli/escape_text.ts";

Deno.test("escapeCell() leaves nothing that ends a cell, a line or a colour", () => {
  assertEquals(escapeCell("a\tb\r\nc\u2028d"), "a b c d");
  assertEquals(escapeCell(" two  blanks\u3000"), " two  blanks\u3000");
  assertEquals(escapeCell("\x1b]0;title\x07"), "\\x1b]0;title\\x07");
  assertEquals(escapeCell("\x9b31m\x7f"), "\\x9b31m\\x7f");
  assertEquals(escapeCell("abc\u202edef\u061c"), "abc\\u202edef\\u061c");
  assertEquals(escapeCell("日本語 👩‍💻"), "日本語 👩‍💻");
});

Deno.test("escapeBrief() makes one blank of every run of blanks", () => {
  assertEquals(escapeBrief(" a\t b\r\n\u3000c \x1b[0m\n"), "a b c \\x1b[0m");
});

Deno.test("escapeText() keeps lines and tabs", () => {
  assertEquals(escapeText("a\tb\r\nc\rd\x1b[2J\n"), "a\tb\nc\\x0dd\\x1b[2J\n");
});

Deno.test("escapeJson() means the same, without a character that a terminal obeys", () => {
  const value = { title: "a\x1b[2J\x9b31m\x7f\u202e\u061c\u2028\n日本 \\u202e" };
  const json = escapeJson(JSON.stringify(value));
  assertEquals(JSON.parse(json), value);
  assertEquals(
    json,
    String.raw`{"title":"a\u001b[2J\u009b31m\u007f\u202e\u061c\u2028\n日本 \\u202e"}`,
  );
});

Deno.test("cutLine() counts code points and cuts between letters", () => {
  assertEquals(cutLine("x".repeat(96), 96), "x".repeat(96));
  assertEquals(cutLine("x".repeat(97), 96), `${"x".repeat(93)}...`);
  assertEquals(cutLine("𝒳".repeat(10), 10), "𝒳".repeat(10));
  // The family is one letter of seven code points, which do not fit beside the dots.
  assertEquals(cutLine(`ab👨‍👩‍👧‍👦${"c".repeat(9)}`, 10), "ab...");
  assertEquals(cutLine("e\u0301".repeat(8), 10), `${"e\u0301".repeat(3)}...`);
});
