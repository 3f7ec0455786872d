import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  loadYaml,
  MAX_FRONTMATTER_BYTES,
  readGeneralFrontmatter,
  readRawFrontmatter,
  readStrictFrontmatter,
} from "../../lib/ticket/frontmatter.ts";
import { splitItem } from "../../lib/ticket/item_file.ts";
import type { Frontmatter } from "../../lib/ticket/ticket.ts";
import { TicketError } from "../../lib/ticket/ticket_error.ts";
import { assertTicketError } from "./_assert_ticket_error.ts";
import { corpusItems, hasCorpus } from "./_corpus.ts";

const yaml = await loadYaml();
const general = (block: string) => readGeneralFrontmatter(block, "item.md", yaml);

/** As a list, so that order counts and the missing prototype does not. */
function pairs(frontmatter: Frontmatter | undefined): unknown {
  return frontmatter && Object.entries(frontmatter);
}

Deno.test("readStrictFrontmatter reads every style that programs write, as YAML does", () => {
  const block = [
    "title: 'It''s: a [title] # with {signs}'",
    'state: "ready"',
    "# a comment line",
    "",
    "created_at: 2026-06-01T00:00:00Z",
    "updated_at: '2026-06-01T00:00:00Z'",
    "assignee: null",
    "tilde: ~",
    "empty:",
    "blanks:   ",
    "Null-word: NULL",
    "id: 20260601-000000-some-slug",
    "plain: Cache the index, it's slow:5ms? (a [list] & more)#1",
    "japanese: 手動 rewind",
    "yes_word: yes",
    "truth: true",
    "untruth: False",
    "risk_flags: ['io', 'it''s', \"x, y\", plain-word, a/b.c_d]",
    "labels: [ ]",
    "padded:   'a'  ",
    "nothing: ''",
    "long_word: nullify",
    "",
  ].join("\n");
  const strict = readStrictFrontmatter(block);
  assertEquals(pairs(strict), pairs(general(block)));
  assertEquals(strict?.["title"], "It's: a [title] # with {signs}");
  assertEquals(strict?.["created_at"], "2026-06-01T00:00:00Z");
  assertEquals(strict?.["risk_flags"], ["io", "it's", "x, y", "plain-word", "a/b.c_d"]);
  assertEquals(strict?.["truth"], true);
  assertEquals(strict?.["empty"], null);
  assertEquals(strict?.["labels"], []);
  assertEquals(pairs(readStrictFrontmatter("")), []);
  assertEquals(pairs(readStrictFrontmatter("a: b")), [["a", "b"]]);
});

Deno.test("readStrictFrontmatter leaves everything else to the general reader", () => {
  const blocks = [
    "title: 12\n",
    "title: 1e3\n",
    "title: 1e-3\n",
    "title: -\n",
    "title: .inf\n",
    "title: 'a' # comment\n",
    "title: a # comment\n",
    "title: 'a\n  b'\n",
    "title: a\n  b\n",
    "title: |\n  a\n",
    "title: >-\n  a\n",
    'title: "a\\nb"\n',
    "title: a: b\n",
    "title: a:\n",
    "title:a\n",
    "title: *a\n",
    "title: &a b\n",
    "title: !!str 1\n",
    "title: 'a' state: 'b'\n",
    "title: 'a''\n",
    "title: '\n",
    "title: 😀\n",
    "title: {a: b}\n",
    "title: [a, [b]]\n",
    "title: [a, 1]\n",
    "title: [a,]\n",
    "title: [a, b\n",
    "title: [a b]\n",
    "title: ['a' 'b']\n",
    "title: [null]\n",
    "title: [\n",
    "title:\n- a\n",
    "title:\n  - a\n",
    "title : a\n",
    "'title': a\n",
    " title: a\n",
    "title:\ta\n",
    "title: a\tb\n",
    "title: a\u0085b\n",
    "title: a\r\n",
    "title: a\ntitle: b\n",
    "title:\ntitle: b\n",
    "null: a\n",
    "true: a\n",
    "12: a\n",
    "{title: a}\n",
    "? title\n: a\n",
    "... \n",
    "--- a\n",
    "%YAML 1.2\n",
    "title\n",
  ];
  for (const block of blocks) {
    assertEquals(readStrictFrontmatter(block), undefined, JSON.stringify(block));
  }
});

Deno.test("readStrictFrontmatter and readGeneralFrontmatter keep keys that objects have names for", () => {
  const block = "__proto__: a\nconstructor: b\ntoString: c\n";
  const expected = [["__proto__", "a"], ["constructor", "b"], ["toString", "c"]];
  assertEquals(pairs(readStrictFrontmatter(block)), expected);
  assertEquals(pairs(general(block)), expected);
  assertEquals(pairs(readRawFrontmatter(block)), expected);
  assertEquals(general("a: b\n")["constructor"], undefined);
  assertEquals(readStrictFrontmatter("a: b\n")?.["constructor"], undefined);
});

/** Mostly harmless, so that the strict reader answers often enough. */
const piece = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom(..."abcdefx ", "手", "word") },
  { weight: 2, arbitrary: fc.constantFrom(..."0123456789-_./:,'#") },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ..."abcxXeE_-.0123456789+~ '\":#[]{},&*!|>-?%@`\\\t/",
      "''",
      ": ",
      " #",
      "null",
      "true",
      "False",
      "0x",
      "0b",
      "2026-06-01T00:00:00Z",
      "...",
      "---",
      "é",
      "手",
      "😀",
      "\u00a0",
      "\u0085",
      "\u2028",
      "\ufeff",
      "\ufffe",
      "\u0001",
      "\r",
    ),
  },
);
const number = fc.string({ unit: fc.constantFrom(..."0012789-+._eExXbo:~"), maxLength: 7 });
const scrap = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(""));
const usualKey = fc.constantFrom("title", "state", "a_b", "x-y", "y", "labels", "note");
const oddKey = fc.constantFrom("null", "1", "1-2-3", "-a", "é", "NULL", "'title'");
const key = fc.oneof({ weight: 15, arbitrary: usualKey }, { weight: 1, arbitrary: oddKey });
const value = fc.oneof(
  scrap,
  number,
  scrap.map((it) => `'${it.replaceAll("'", "''")}'`),
  number.map((it) => `[a, ${it}]`),
  scrap.map((it) => `'${it}'`),
  scrap.map((it) => `"${it}"`),
  scrap.map((it) => `[${it}]`),
  fc.array(fc.oneof(scrap, scrap.map((it) => `'${it.replaceAll("'", "''")}'`)), { maxLength: 3 })
    .map((items) => `[${items.join(", ")}]`),
);
const line = fc.oneof(
  { weight: 15, arbitrary: fc.tuple(key, fc.constantFrom(": ", ":", ":  "), value) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom("", " ", "  ", "# ", "- "), scrap) },
).map((parts) => parts.join(""));
const block = fc.array(line, { maxLength: 3 }).map((lines) =>
  lines.map((it) => `${it}\n`).join("")
);

Deno.test("readStrictFrontmatter agrees with the general reader wherever it answers", () => {
  let answered = 0;
  fc.assert(
    fc.property(block, (block) => {
      const strict = readStrictFrontmatter(block);
      if (strict === undefined) return;
      answered++;
      assertEquals(new Map(Object.entries(strict)), new Map(Object.entries(general(block))));
    }),
    { numRuns: 4000 },
  );
  assert(answered > 400, `it answered ${answered} times`);
});

Deno.test("readStrictFrontmatter answers for whatever it is meant for", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 20 })
    .filter((it) => !/\p{Cc}/u.test(it));
  const style = fc.constantFrom(
    (it: string) => `'${it.replaceAll("'", "''")}'`,
    (it: string) => `"${it.replaceAll(/["\\]/g, "")}"`,
    (it: string) => `['${it.replaceAll("'", "''")}', word]`,
    (it: string) => `a${it.replaceAll(/[:#\ud800-\udfff\ufffe\uffff]/g, "")}`,
  );
  fc.assert(fc.property(text, style, (text, style) => {
    const block = `title: ${style(text)}\nassignee: null\n`;
    const strict = readStrictFrontmatter(block);
    assert(strict !== undefined, JSON.stringify(block));
    assertEquals(pairs(strict), pairs(general(block)));
  }));
});

Deno.test("readGeneralFrontmatter reads what YAML allows", () => {
  const block = [
    'title: "two\\nlines"',
    "folded: >-",
    "  one",
    "  two",
    "literal: |",
    "  state: not a key",
    "",
    "  # nor a comment",
    "plain: one",
    "  two",
    "quoted: 'one",
    "",
    "  two'",
    "labels:",
    "- a",
    "- 'b'",
    "flags: [a,",
    "  b]",
    "anchor: &x 'again'",
    "alias: *x",
    "date: 2026-06-01",
    "octal: 0x10",
    "'1': quoted key",
    "",
  ].join("\n");
  const fields = general(block);
  assertEquals(fields["title"], "two\nlines");
  assertEquals(fields["folded"], "one two");
  assertEquals(fields["literal"], "state: not a key\n\n# nor a comment\n");
  assertEquals(fields["plain"], "one two");
  assertEquals(fields["quoted"], "one\ntwo");
  assertEquals(fields["labels"], ["a", "b"]);
  assertEquals(fields["flags"], ["a", "b"]);
  assertEquals(fields["alias"], "again");
  assertEquals(fields["date"], "2026-06-01");
  assertEquals(fields["octal"], 16);
  assertEquals(fields["1"], "quoted key");
  assertEquals(pairs(general("")), []);
  assertEquals(pairs(general("\n# nothing\n  # null\n \n")), []);
  assertEquals(pairs(general("{title: a, state: ready}\n")), [["title", "a"], ["state", "ready"]]);
  assertEquals(pairs(general("  title: a\n  state: b\n")), [["title", "a"], ["state", "b"]]);
});

Deno.test("readGeneralFrontmatter names fields, kinds and lines, and quotes nothing else", () => {
  const faults: readonly (readonly [string, string, number | undefined])[] = [
    ["- a\n- b\n", "the frontmatter is a list instead of a mapping", undefined],
    ["secret\n", "the frontmatter is a text instead of a mapping", undefined],
    ["12\n", "the frontmatter is a number instead of a mapping", undefined],
    ["null\n", "the frontmatter is null instead of a mapping", undefined],
    ["# secret\n\n~ # secret\n", "the frontmatter is null instead of a mapping", undefined],
    ["--- null\n", "the frontmatter is null instead of a mapping", undefined],
    ["# secret\rNULL\n", "the frontmatter is null instead of a mapping", undefined],
    ["title:\n  secret: 1\n", 'field "title" holds a mapping', undefined],
    ["extra: {secret: 1}\n", 'field "extra" holds a mapping', undefined],
    ["extra: [{secret: 1}]\n", 'item 0 of field "extra" is a mapping', undefined],
    ["labels: [a, 12]\n", 'item 1 of field "labels" is a number instead of a text', undefined],
    ["labels: [a, [secret]]\n", 'item 1 of field "labels" is a list', undefined],
    ["labels: [null]\n", 'item 0 of field "labels" is null', undefined],
    ["a: b\ntitle: a\ntitle: secret\n", "duplicated key", 4],
    ["title: a\nstate: secret: b\n", "not valid YAML at line 3", 3],
    ["title: 'secret\n", "not valid YAML", undefined],
    ["title: *secret\n", "not valid YAML at line 2", 2],
    ["title: !secret x\n", "not valid YAML", undefined],
    ["title: a\n\tsecret: b\n", "does not stand at the beginning", undefined],
    ["title: 'a' secret: b\n", 'key "secret" does not stand at the beginning of a line', undefined],
    ["title: [a] secret: b\n", 'key "secret" does not stand at the beginning of a line', undefined],
    ["12: secret\n", 'the key "12" on line 2 is not a text; put it into quotes', 2],
    ["a: b\ntrue: secret\n", 'the key "true" on line 3 is not a text', 3],
    ["{1: secret}\n", 'the key "1" is not a text', undefined],
    ["? {a: b}\n: secret\n", "is not a text", undefined],
    ["a: b\nc: d\u0000\n", "control character U+0000 on line 3", 3],
    ["a: \u001bsecret\n", "control character U+001B", 2],
    ["a: b\n--- \nsecret: d\n", "not valid YAML", undefined],
    [
      "title: a\n<<<<<<< secret\nstate: b\n=======\nstate: c\n>>>>>>> secret\n",
      "the frontmatter holds the markers of an unfinished merge at line 3",
      3,
    ],
  ];
  for (const [block, words, line] of faults) {
    const error = assertTicketError(() => general(block), "parse", words);
    assertEquals(error.path, "item.md");
    if (line !== undefined) assertEquals(error.line, line, error.message);
    const shown = error.message.replaceAll('key "secret"', "");
    assert(!shown.includes("secret"), error.message);
    assert(!/\p{Cc}/u.test(error.message), error.message);
  }
});

Deno.test("readGeneralFrontmatter names the line whose text lacks quotes, and how to write it", () => {
  const values = [
    "Fix: secret",
    "[WIP] secret",
    "'it's secret'",
    '"secret" x',
    "@secret",
    "- secret",
  ];
  for (const value of values) {
    const block = `state: ready\ntitle: ${value}\nassignee: null\n`;
    const error = assertTicketError(
      () => general(block),
      "parse",
      `not valid YAML at line 3: write the text of "title" as '...', with '' for every ' in it`,
    );
    assertEquals(error.line, 3);
    assert(!error.message.includes("secret"), error.message);
  }
  // What is no text, or goes on, or has its meaning from another line, is told as before.
  for (
    const block of [
      "labels: [a\ntitle: b\n",
      "title: 'a\n  b\n",
      "a: &x 1\nb: *x\nc: [\n  d\n",
    ]
  ) {
    const { message } = assertTicketError(() => general(block), "parse", "not valid YAML");
    assert(!message.includes("write the text"), message);
  }
});

Deno.test("readGeneralFrontmatter is bounded: size, depth, aliases", () => {
  const long = "a".repeat(MAX_FRONTMATTER_BYTES - 10);
  assertEquals(general(`title: ${long}\n`)["title"], long);
  assertTicketError(() => general(`title: ${long}aaa\n`), "parse", "65537 bytes, at most 65536");
  assertTicketError(() => general(`title: ${"あ".repeat(30_000)}\n`), "parse", "at most 65536");
  const anchor = `a: &a "${"x".repeat(5000)}"\n`;
  const bombs = [
    `${anchor}b: [${"*a, ".repeat(10_000)}]\n`,
    Array.from({ length: 5000 }, (_, i) => `k${i}: *a\n`).reduce((all, it) => all + it, anchor)
      .slice(0, 50_000).replace(/\n[^\n]*$/, "\n"),
    "a: &a [x,x,x,x,x,x,x,x,x]\n" +
    Array.from(
      "bcdefgh",
      (letter, i) => `${letter}: &${letter} [${`*${"abcdefg"[i]},`.repeat(9)}]\n`,
    ).join(""),
    "a: &a [*a]\n",
    "n: 1\na: &a [*a]\n",
    "n: 1\nk0: &k0 {a: x}\n" +
    Array.from({ length: 40 }, (_, i) => `k${i + 1}: &k${i + 1} {a: *k${i}, b: *k${i}}\n`).join(""),
    `a: ${"[".repeat(60_000)}\n`,
    `a: ${"[".repeat(30_000)}${"]".repeat(30_000)}\n`,
    `${"- ".repeat(30_000)}a\n`,
    `${"? ".repeat(30_000)}a\n`,
    `a: ${"{".repeat(60_000)}\n`,
    `a: ${"!!str ".repeat(10_000)}\n`,
    `a: ${"&a ".repeat(20_000)}\n`,
    `a: "${"\\".repeat(60_001)}\n`,
    `a: '${"\n".repeat(60_000)}\n`,
    `a: [${"\n#".repeat(30_000)}\n`,
    `a: ${"b: ".repeat(20_000)}\n`,
    `a: b${" ".repeat(60_000)}: c\n`,
  ];
  for (const bomb of bombs) {
    const error = assertTicketError(() => general(bomb), "parse", "");
    assert(error.message.length < 300, error.message.slice(0, 400));
  }
  assertTicketError(() => general(`a: ${"[".repeat(60_000)}\n`), "parse", "nested too deeply");
});

Deno.test("readGeneralFrontmatter gives a value or a TicketError for every block", () => {
  fc.assert(
    fc.property(block, (block) => {
      try {
        general(block);
      } catch (error) {
        assert(error instanceof TicketError && error.code === "parse", String(error));
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("readRawFrontmatter splits at the first colon and looks into no text", () => {
  const block = [
    "title: TUI: pick a pod [draft] 'x'",
    "id: 20260601-000000-tui-pick",
    "slug: null",
    "status: open",
    "labels: [tui, 'pod', \"ux\"]",
    "risks: [a, 'b, c']",
    "risk_flags: []",
    "assignee: null",
    "legacy_ticket: tickets/a: b.md",
    "needs_preflight: yes",
    "needs-preflight: 0",
    "readiness: [not, a, list]",
    "action_required:",
    "  odd key :   value  ",
    "answer: yes",
    "",
  ].join("\n");
  assertEquals(pairs(readRawFrontmatter(block)), [
    ["title", "TUI: pick a pod [draft] 'x'"],
    ["id", "20260601-000000-tui-pick"],
    ["slug", "null"],
    ["status", "open"],
    ["labels", ["tui", "pod", "ux"]],
    ["risks", ["a", "b", "c"]],
    ["risk_flags", []],
    ["assignee", null],
    ["legacy_ticket", "tickets/a: b.md"],
    ["needs_preflight", true],
    ["needs-preflight", false],
    ["readiness", "[not, a, list]"],
    ["action_required", null],
    ["odd key", "value  "],
    ["answer", "yes"],
  ]);
});

Deno.test("readRawFrontmatter refuses lines without a colon and keys that occur twice", () => {
  const error = assertTicketError(() => readRawFrontmatter("a: b\nsecret\n"), "parse", "line 3");
  assertEquals(error.line, 3);
  assertTicketError(() => readRawFrontmatter("a: b\na : c\n"), "parse", 'the key "a" occurs twice');
});

Deno.test({
  name: "both readers agree on the corpus (needs ../shared/corpus)",
  ignore: !hasCorpus,
  fn: async () => {
    let answered = 0;
    const items = await corpusItems();
    for (const { path, text, facts } of items) {
      const { frontmatter } = splitItem(text, path);
      const strict = readStrictFrontmatter(frontmatter);
      if (!facts.frontmatter_yaml_valid) {
        assertEquals(strict, undefined, path);
        assertTicketError(() => general(frontmatter), "parse", "not valid YAML");
        continue;
      }
      if (strict === undefined) general(frontmatter);
      else assertEquals(pairs(strict), pairs(general(frontmatter)), path);
      if (strict !== undefined) answered++;
    }
    assertEquals(items.length, 153);
    assert(answered >= 145, `the strict reader answered ${answered} times`);
  },
});
