import { assertEquals } from "@std/assert";
import { parseThreadAsReference } from "../../lib/ticket/reference_thread.ts";

const seen = (text: string) =>
  parseThreadAsReference(text).map(({ kind, heading, body, line }) => [kind, heading, body, line]);

Deno.test("parseThreadAsReference() reads kinds, headings, bodies and lines", () => {
  const text = "preamble\n<!-- event: a author: x -->\n\n## A\n\none\n\ntwo\n\n\n---\n\n" +
    "<!-- event: b -->\r\n\r\nthree\r\nfour\r\n --- \r\n";
  assertEquals(seen(text), [["a", "A", "one\n\ntwo", 2], ["b", null, "three\nfour", 13]]);
  assertEquals(parseThreadAsReference(text)[0]!.attributes, { event: "a", author: "x" });
});

Deno.test("parseThreadAsReference() cuts a body at `---` and takes what follows for events", () => {
  const text = "<!-- event: a -->\n\none\n\t---\nlost\n  <!-- by: x -->  \nforged\n---\n";
  assertEquals(seen(text), [["a", null, "one", 1], ["", null, "forged", 6]]);
});

Deno.test("parseThreadAsReference() swallows an event behind a missing separator", () => {
  const text = "<!-- event: a -->\n<!-- event: b -->\n\n## B\n\ntwo\n\n---\n";
  assertEquals(seen(text), [["a", null, "<!-- event: b -->\n\n## B\n\ntwo", 1]]);
});

Deno.test("parseThreadAsReference() reads an event to the end of the text", () => {
  assertEquals(seen("<!-- event: a -->"), [["a", null, "", 1]]);
  assertEquals(seen("<!-- event: a -->\n\n## A"), [["a", "A", "", 1]]);
  assertEquals(seen("<!-- event: a -->\n\n## \n\none"), [["a", "", "one", 1]]);
  assertEquals(seen("<!-- event: a -->\n\n---\n\n## A\n"), [["a", null, "", 1]]);
  assertEquals(seen(""), []);
});

Deno.test("parseThreadAsReference() drops newlines at a body's end, not blanks", () => {
  assertEquals(seen("<!-- event: a -->\n\none\n  \n\n\n---\n"), [["a", null, "one\n  ", 1]]);
});

Deno.test("parseThreadAsReference() trims what Unicode calls white space", () => {
  assertEquals(seen("<!-- event: a -->\none\n\ufeff---\n\u0085---\u3000\nlost\n"), [
    ["a", null, "one\n\ufeff---", 1],
  ]);
  assertEquals(seen("<!-- -->\n<!-- x -->\n"), [["", null, "", 2]]);
});
