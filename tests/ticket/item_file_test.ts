import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { locateParts, splitItem } from "../../lib/ticket/item_file.ts";
import { TicketError } from "../../lib/ticket/ticket_error.ts";
import { assertTicketError } from "./_assert_ticket_error.ts";
import { corpusItems, hasCorpus } from "./_corpus.ts";

const ITEM = "---\ntitle: 'A'\nstate: 'ready'\n---\n\n## Background\n\n---\nmore\n";

Deno.test("splitItem gives frontmatter and body, a later line of dashes is text", () => {
  const item = splitItem(ITEM, "item.md");
  assertEquals(item.frontmatter, "title: 'A'\nstate: 'ready'\n");
  assertEquals(item.body, "\n## Background\n\n---\nmore\n");
  assertEquals(item.hasBom, false);
  assertEquals(item.lineEnding, "\n");
  assertEquals(item.text.slice(item.frontmatterStart, item.frontmatterEnd), item.frontmatter);
});

Deno.test("splitItem accepts CRLF and a byte order mark, and keeps the text", () => {
  const text = `\ufeff${ITEM.replaceAll("\n", "\r\n")}`;
  const item = splitItem(text, "item.md");
  assertEquals(item.frontmatter, "title: 'A'\nstate: 'ready'\n");
  assertEquals(item.body, "\n## Background\n\n---\nmore\n");
  assertEquals(item.hasBom, true);
  assertEquals(item.lineEnding, "\r\n");
  assertEquals(item.text, text);
});

Deno.test("splitItem reads the smallest files", () => {
  assertEquals(splitItem("---\n---", "item.md").body, "");
  assertEquals(splitItem("---\n---\n", "item.md").frontmatter, "");
  assertEquals(splitItem("---\n---\nx", "item.md").body, "x");
  assertEquals(splitItem("---\r\n---\r\nx\r\n", "item.md").body, "x\n");
});

Deno.test("splitItem tells an empty file, a missing opener and a missing closer apart", () => {
  const faults: readonly (readonly [string, string])[] = [
    ["", "the file is empty"],
    ["\ufeff", "the file is empty"],
    ["\n---\ntitle: a\n---\n", "not opened"],
    ["--- \ntitle: a\n---\n", "not opened"],
    ["----\ntitle: a\n---\n", "not opened"],
    ["title: a\n", "not opened"],
    ["<<<<<<< a\n---\n", "the file begins with the marker of an unfinished merge"],
    ["---\ntitle: a\n", "not closed"],
    ["---\ntitle: a\n--- \n----\n ---\n...\n", "not closed"],
    ["---", "not closed"],
    ["---\n", "not closed"],
  ];
  for (const [text, words] of faults) {
    const error = assertTicketError(() => splitItem(text, "a/item.md"), "parse", words);
    assertEquals(error.path, "a/item.md");
    assertEquals(error.line, 1);
  }
});

Deno.test("locateParts needs no more than the head of a file", () => {
  const parts = locateParts("---\ntitle: 'A'\n---\n## Backgr", "item.md");
  assertEquals(parts.frontmatterEnd, 15);
  assertEquals(parts.bodyStart, 19);
});

Deno.test("splitItem never loses a character, whatever the text", () => {
  const line = fc.constantFrom("---", "--- ", "title: x", "", "\r", "a\rb", "\ufeff", "----");
  const text = fc.array(fc.tuple(line, fc.constantFrom("\n", "\r\n")), { maxLength: 8 })
    .map((lines) => "---\n" + lines.map((it) => it.join("")).join(""));
  fc.assert(fc.property(text, (text) => {
    let item;
    try {
      item = splitItem(text, "item.md");
    } catch (error) {
      assert(error instanceof TicketError);
      // No line is a closer: LF and CRLF end lines, and nothing else does.
      assert(!text.split(/\r?\n/).slice(1).includes("---"));
      return;
    }
    const closer = text.slice(item.frontmatterEnd, item.bodyStart);
    assert(/^---\r?\n?$/.test(closer), JSON.stringify(closer));
    assertEquals(item.frontmatter, text.slice(4, item.frontmatterEnd).replaceAll("\r\n", "\n"));
    assertEquals(item.body, text.slice(item.bodyStart).replaceAll("\r\n", "\n"));
    assert(!item.frontmatter.split("\n").includes("---"));
  }));
});

Deno.test({
  name: "splitItem reads every item of the corpus (needs ../shared/corpus)",
  ignore: !hasCorpus,
  fn: async () => {
    for (const { text, path } of await corpusItems()) {
      const item = splitItem(text, path);
      assertEquals(`---\n${item.frontmatter}---\n${item.body}`, text, path);
    }
  },
});
