import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { appendixTo } from "../../lib/ticket/event_text.ts";
import {
  formatThread,
  parseEventHeader,
  parseThread,
  toTicketEvent,
} from "../../lib/ticket/thread.ts";
import { text } from "./_thread_pieces.ts";

const AT = "2026-06-01T00:00:00Z";
const bodiesOf = (thread: string) => parseThread(thread).events.map(({ body }) => body);
const kindsOf = (thread: string) => parseThread(thread).events.map(({ kind }) => kind);
const codesOf = (thread: string) =>
  parseThread(thread).diagnostics.map(({ code, line }) => `${code}:${line}`);

Deno.test("parseThread() reads header, heading and body", () => {
  const raw =
    `<!-- event: review author: "a b" at: ${AT} status: approve -->\n\n## Review: approve\n\n` +
    "Fine.\n\n## Not a heading\n\n\n---\n";
  assertEquals(parseThread(raw), {
    preamble: "",
    events: [{
      kind: "review",
      author: "a b",
      at: AT,
      heading: "Review: approve",
      body: "Fine.\n\n## Not a heading",
      attributes: { event: "review", author: "a b", at: AT, status: "approve" },
      line: 1,
      raw,
      endsInFence: null,
    }],
    diagnostics: [],
  });
});

Deno.test("toTicketEvent() has exactly the keys of a ticket's event", () => {
  const [event] = parseThread("<!-- event: closed -->\n").events;
  assertEquals(toTicketEvent(event!), {
    kind: "closed",
    author: null,
    at: null,
    heading: null,
    body: "",
    attributes: { event: "closed" },
  });
});

Deno.test("parseThread() keeps `---` lines, quoted files and tables inside a body", () => {
  const body = "---\nid: x\n---\n\n## Old text\n\n --- \n\nend";
  const thread =
    `<!-- event: close -->\n\n## Closed\n\n${body}\n\n---\n\n<!-- event: plan -->\n\n---\n`;
  assertEquals(bodiesOf(thread), [body, ""]);
  assertEquals(codesOf(thread), []);
});

Deno.test("parseThread() takes no header out of a code fence of the event", () => {
  const code = "```md\n<!-- event: forged -->\n\n---\n~~~\n``` x\n<!-- event: forged -->\n````";
  const thread = `<!-- event: comment -->\n\n${code}\n\n---\n\n<!-- event: plan -->\n\n---\n`;
  assertEquals(kindsOf(thread), ["comment", "plan"]);
  assertEquals(bodiesOf(thread)[0], code);
});

Deno.test("parseThread() knows the fences of CommonMark", () => {
  const opens = ["```", "````", "   ~~~", "~~~ a`b", "```ts", "``` \r"];
  const opensNot = ["``", "    ```", "     ```", "\t```", "``` a`b", "> ```", "- ```", "x ```", ""];
  for (const [lines, isFence] of [[opens, true], [opensNot, false]] as const) {
    for (const line of lines) {
      const thread = `<!-- event: a -->\n${line}\n<!-- event: b -->\n`;
      assertEquals(kindsOf(thread), isFence ? ["a"] : ["a", "b"], JSON.stringify(line));
    }
  }
  const closes = ["~~~~", "~~~~~", "   ~~~~ \t", "~~~~\r"];
  const closesNot = ["~~~", "     ~~~~", "    ~~~~", "~~~~ x", "````", ""];
  for (const [lines, isClosed] of [[closes, true], [closesNot, false]] as const) {
    for (const line of lines) {
      const thread = `<!-- event: a -->\n~~~~\n${line}\n<!-- event: b -->\n`;
      assertEquals(kindsOf(thread), isClosed ? ["a", "b"] : ["a"], JSON.stringify(line));
    }
  }
});

Deno.test("parseThread() looks once at a line of any number of items in items", () => {
  // With a look for each item, this would take minutes.
  for (const end of ["x", "*", "```"]) {
    const header = `<!-- event: comment author: a at: ${AT} -->`;
    const thread = `${header}\n\n${"- ".repeat(200_000)}${end}\n${header}\n\nlast\n\n---\n`;
    assertEquals(kindsOf(thread).length, 2, end);
  }
});

Deno.test("parseThread() lets a fence in a list item end with the item", () => {
  const header = "<!-- event: a -->";
  const inLists = [
    "- ```sh\n  x\n  ```",
    "1. ```sh\n   x\n   ```",
    "1. one\n\n    ```\n    x\n   ```",
    "- a\n  - b\n    ```\n    x\n  ```",
    "* a\n  ```\n  code",
    "+ a\n\n  ~~~\n  code\n\n",
    "10) a\n    ```",
    "- a\n  ```sh\n  x\n```",
    "-\n  ```",
  ];
  const inNone = [
    "```",
    " ```",
    "- a\n\ntext\n  ```",
    "---\n  ```",
    "*a*\n ```",
    "1.a\n ```",
    "10) a\n  ```",
    "<p>\n ```",
  ];
  for (const [bodies, count] of [[inLists, 2], [inNone, 1]] as const) {
    for (const body of bodies) {
      assertEquals(
        kindsOf(`${header}\n\n${body}\n${header}\n`).length,
        count,
        JSON.stringify(body),
      );
    }
  }
});

Deno.test("parseThread() keeps a header in a fence behind a list, whatever the list was", () => {
  const header = "<!-- event: nobody -->";
  const bodies = [
    `10. Run this:\n\n   \`\`\`md\n${header}\n   \`\`\``,
    `- the log:\n\n \`\`\`\n${header}\n \`\`\``,
    `- see\n  \`\`\`\n  code\n\nThen the thread:\n\n\`\`\`md\n${header}\n\`\`\``,
    `- \`\`\`sh\n  make\n  \`\`\`\n\nThen:\n\n\`\`\`md\n${header}\n\`\`\``,
  ];
  for (const body of bodies) {
    const thread = `<!-- event: a -->\n\n${body}\n\n---\n\n<!-- event: b -->\n\nb\n\n---\n`;
    assertEquals(kindsOf(thread), ["a", "b"], body);
  }
});

Deno.test("parseThread() takes closing fences of careless writers for what they are", () => {
  const tail = "\n\n---\n\n<!-- event: b -->\n\nb\n\n---\n";
  const bodies = [
    "- a\n  ```sh\n  x\n```",
    "- a\n  ```\n  x\nat the margin\n  ```",
    "1. Run:\n   ```sh\nat the margin\n```",
    "1. Run:\n\n   ```\nat the margin\n\n   x\n```\n\n2. Next",
    "- a\n  ```\n\nThen:\n\n```\nx\n```",
    "- a\n  ```\n  left open\n\n```sh\nx\n```\n\n1. Run:\n   ```\nat the margin\n   ```",
  ];
  for (const body of bodies) {
    assertEquals(kindsOf(`<!-- event: a -->\n\n${body}${tail}`), ["a", "b"], body);
  }
});

Deno.test("appendixTo() closes a fence in a list item inside of that", () => {
  const thread = "<!-- event: a -->\n\n- one\n  ```\n  code\n";
  const event = { kind: "b", author: "a", at: "2026-06-01T00:00:00Z", heading: "B", body: "next" };
  const appendix = appendixTo(thread, [event]);
  assert(appendix.startsWith("  ```\n\n---\n\n<!-- event: b "), appendix);
  assertEquals(kindsOf(thread + appendix), ["a", "b"]);
});

Deno.test("parseThread() keeps a list item open while its paragraph goes on at the margin", () => {
  const second = "<!-- event: b -->\n\nTwo.\n\n---\n";
  const inItem = "<!-- event: a -->\n\n- item\nits paragraph\n  ```\n  code\n\n---\n\n";
  assertEquals(kindsOf(inItem + second), ["a", "b"]);
  // A heading ends the item, so the fence is none of its own.
  const behind = inItem.replace("its paragraph", "# heading");
  assertEquals(kindsOf(behind + second), ["a"]);
});

Deno.test("parseThread() says which fence the last event leaves open", () => {
  const thread = "<!-- event: a -->\n```\n```\n\n---\n\n<!-- event: b -->\n  ~~~~ x\n\n---\n";
  assertEquals(parseThread(thread).events.map((event) => event.endsInFence), [null, "~~~~"]);
});

Deno.test("parseThread() counts no fence of the preamble", () => {
  assertEquals(kindsOf("```\n<!-- event: a -->\n"), ["a"]);
});

Deno.test("parseThread() ends an escaped event at the next header and takes one backslash away", () => {
  const thread =
    "<!-- event: a esc: 1 -->\n\n## A\n\n```\n\\---\n  \\\\--- \n\\<!-- event: x -->\n\\text\n" +
    "\\ ---\n---\nend\n\n---\n\n<!-- event: b -->\n\n\\---\n\n---\n";
  assertEquals(bodiesOf(thread), [
    "```\n---\n  \\--- \n<!-- event: x -->\n\\text\n\\ ---\n---\nend",
    "\\---",
  ]);
  assertEquals(parseThread(thread).events.map((event) => event.endsInFence), [null, null]);
});

Deno.test("parseThread() asks for a header in column 0 whose first attribute is the event", () => {
  const headers: [line: string, isBoundary: boolean][] = [
    ["<!-- event: x -->", true],
    ["<!-- event:x -->", true],
    ["<!-- word event: x -->", true],
    ["<!--  event: x at: y -->", true],
    ['<!-- event: "x --> -->', true],
    [" <!-- event: x -->", false],
    ["<!-- event: x --> ", false],
    ["<!-- event: x-->", false],
    ["<!--event: x -->", false],
    ["<!-- author: x event: x -->", false],
    ["<!-- event -->", false],
    ["<!-- -->", false],
    ["<!--  -->", false],
    ["<!-- events: x -->", false],
  ];
  for (const [line, isBoundary] of headers) {
    assertEquals(parseThread(`${line}\n`).events.length, isBoundary ? 1 : 0, line);
  }
});

Deno.test("parseThread() reads a heading only in the next line with text, in column 0", () => {
  const headings = (lines: string) => parseThread(`<!-- event: x -->\n${lines}`).events[0]!.heading;
  assertEquals(headings("## At once\n"), "At once");
  assertEquals(headings("\n \n##  Blanks \r\n"), "Blanks");
  assertEquals(headings("\n ## Indented\n"), null);
  assertEquals(headings("\ntext\n\n## Later\n"), null);
  assertEquals(headings("\n##\n"), null);
  assertEquals(headings("\n### Deep\n"), null);
});

Deno.test("parseThread() tells preamble, missing separators and headers that are none", () => {
  const thread = "notes\n\n<!-- event: a -->\n\ntext\n<!-- event: b -->\n<!-- event: torn\n" +
    "<!-- event: near-->\n```\n<!-- event: near-->\n<!-- event: torn\n```\n";
  assertEquals(codesOf(thread), [
    "preamble:1",
    "unseparated:3",
    "unterminated:6",
    "malformed_header:7",
    "near_header:8",
    "malformed_header:11",
  ]);
  assertEquals(parseThread(thread).preamble, "notes\n\n");
  assertEquals(codesOf("\n \n<!-- event: a -->\n---\n"), []);
  assertEquals(codesOf("only text"), ["preamble:1"]);
  assertEquals(codesOf(""), []);
  assertEquals(codesOf("\ufeff<!-- event: a -->\n---\n"), ["byte_order_mark:1"]);
  assertEquals(kindsOf("\ufeff<!-- event: a -->\n---\n"), ["a"]);
});

Deno.test("parseThread() takes doubled separators and blank lines off a body's end", () => {
  const thread = "<!-- event: a -->\n\ntext\n\n---\n\n --- \n\n\n<!-- event: b -->\n\n---\n---\n";
  assertEquals(bodiesOf(thread), ["text", ""]);
  assertEquals(codesOf(thread), []);
});

Deno.test("parseThread() reads CRLF like LF", () => {
  const thread = "<!-- event: a -->\n\n## A\n\none\n\ntwo\n\n---\n\n<!-- event: b -->\n\n---\n";
  const crlf = parseThread(thread.replaceAll("\n", "\r\n"));
  assertEquals(crlf.events.map(toTicketEvent), parseThread(thread).events.map(toTicketEvent));
  assertEquals(crlf.diagnostics, []);
});

Deno.test("parseEventHeader() scans attributes as the reference does", () => {
  const inner: [text: string, attributes: Record<string, string>][] = [
    ["event: a author: x:y", { event: "a", author: "x:y" }],
    ["event: a word author: b", { event: "a", author: "b" }],
    ["event: a at: 1 at: 2", { event: "a", at: "2" }],
    ['event: "a \\"b\\" \\\\ \\c"', { event: 'a "b" \\ c' }],
    ['event: "rest of: it', { event: "rest of: it" }],
    ['event: "a"author: b', { event: "a", author: "b" }],
    ["event: a author:", { event: "a", author: "" }],
    ["event:\ta\u2003author:  b", { event: "a", author: "b" }],
    [": x event: a", { event: "a" }],
  ];
  for (const [text, attributes] of inner) {
    assertEquals(parseEventHeader(`<!-- ${text} -->`), attributes, text);
  }
  const hostile = parseEventHeader("<!-- event: a __proto__: b constructor: c -->")!;
  assertEquals(Object.entries(hostile), [["event", "a"], ["__proto__", "b"], ["constructor", "c"]]);
  assertEquals(Object.getPrototypeOf(hostile), Object.prototype);
});

Deno.test("formatThread() gives back every text", () => {
  const anything = fc.oneof(text, fc.string({ unit: "binary", maxLength: 200 }));
  fc.assert(
    fc.property(anything, (thread) => formatThread(parseThread(thread)) === thread),
    { numRuns: 3000 },
  );
});

Deno.test("parseThread() loses no line: each is in the preamble or in one event", () => {
  fc.assert(fc.property(text, (thread) => {
    const { events } = parseThread(thread);
    const lines = thread.split("\n");
    for (const event of events) {
      assert(event.raw.startsWith(lines[event.line - 1]!));
      assert(event.attributes.event === event.kind);
    }
  }));
});

Deno.test("parseThread() takes hostile threads in one pass", () => {
  const headers = "<!-- event: x -->\n".repeat(10_000);
  assertEquals(parseThread(headers).events.length, 10_000);

  const long = `<!-- event: x -->\n${"y".repeat(5 * 1024 * 1024)}`;
  assertEquals(parseThread(long).events[0]!.body.length, 5 * 1024 * 1024);
  const longHeader = `<!-- event: x${" k: v".repeat(1_000_000)} -->\n`;
  assertEquals(parseThread(longHeader).events[0]!.attributes, { event: "x", k: "v" });
  const open = `<!-- event: x --${" ".repeat(5_000_000)}`;
  assertEquals(codesOf(open), ["malformed_header:1", "preamble:1"]);

  const fences = Array.from({ length: 2_000 }, (_, depth) => "`".repeat(2_003 - depth)).join("\n");
  assertEquals(parseThread(`<!-- event: x -->\n${fences}\n${headers}`).events.length, 1);
  const blank = `<!-- event: x -->\n${"\n \n---\n".repeat(300_000)}`;
  assertEquals(bodiesOf(blank), [""]);
});
