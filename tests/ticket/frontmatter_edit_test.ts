import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  loadYaml,
  readGeneralFrontmatter,
  readStrictFrontmatter,
} from "../../lib/ticket/frontmatter.ts";
import {
  editFrontmatter,
  type FrontmatterChanges,
  type NewItemFields,
  quoteScalar,
  renderNewItem,
} from "../../lib/ticket/_frontmatter_edit.ts";
import { splitItem } from "../../lib/ticket/item_file.ts";
import { assertTicketError } from "./_assert_ticket_error.ts";
import { corpusItems, hasCorpus } from "./_corpus.ts";

const yaml = await loadYaml();
const edit = (text: string, changes: FrontmatterChanges, options?: { body?: string }) =>
  editFrontmatter(splitItem(text, "item.md"), changes, "item.md", yaml, options);
/** Edits a block of frontmatter alone. */
const editBlock = (block: string, changes: FrontmatterChanges) =>
  edit(`---\n${block}---\nbody\n`, changes).slice(4, -"---\nbody\n".length);

Deno.test("editFrontmatter replaces the span of one value in every style", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["k: old\n", "k: 'new'\n"],
    ["k:   old\n", "k:   'new'\n"],
    ["k:\told\n", "k:\t'new'\n"],
    ["k : old\n", "k : 'new'\n"],
    ["'k': old\n", "'k': 'new'\n"],
    ["k: old # why\n", "k: 'new' # why\n"],
    ["k: old#no comment\n", "k: 'new'\n"],
    ["k: 'it''s' # why\n", "k: 'new' # why\n"],
    ['k: "a \\" b" # why\n', "k: 'new' # why\n"],
    ["k: 'one\n\n  k: two' # why\n", "k: 'new' # why\n"],
    ['k: "one\n  other: two\\\n  three"\n', "k: 'new'\n"],
    ["k: one\n  two\n\n  three\n", "k: 'new'\n"],
    ["k: one\n  two # why\n", "k: 'new' # why\n"],
    ["k: |\n  other: a\n\n  # b\n", "k: 'new'\n"],
    ["k: >- # why\n  a\n  b\n", "k: 'new' # why\n"],
    ["k: |2\n   a\n", "k: 'new'\n"],
    ["k: |+\n  a\n\n\n", "k: 'new'\n\n\n"],
    ["k:\n", "k: 'new'\n"],
    ["k: \n", "k: 'new' \n"],
    ["k: # why\n", "k: 'new' # why\n"],
    ["k: # why\n  - a\n  # in the list\n  - b\n", "k: 'new' # why\n  # in the list\n"],
    ["k:\n- |\n  a\n  # text\n", "k: 'new'\n"],
    ["k: [a, # ] 'why\n  b]\n", "k: 'new'\n  # ] 'why\n"],
    ["k:\n  'a\n  b'\n", "k: 'new'\n"],
    ["k:\n  plain\n  text\n", "k: 'new'\n"],
    ["k: [a, 'b, c', \"]\"] # why\n", "k: 'new' # why\n"],
    ["k: [a, # why a\n  don't,\n  'k: b'\n  ]\n", "k: 'new'\n  # why a\n"],
    ["k: &x old\n", "k: 'new'\n"],
    ["k: !!str 12\n", "k: 'new'\n"],
    ["k: !!str\n", "k: 'new'\n"],
    ["k: null\n", "k: 'new'\n"],
    ["k: 手動 😀\n", "k: 'new'\n"],
  ];
  for (const [old, expected] of cases) {
    for (const frame of [["", ""], ["a: 'k: old'\n# k: old\n", "z: |\n  k: old\n"]] as const) {
      const [before, after] = frame;
      assertEquals(
        editBlock(before + old + after, { k: "new" }),
        before + expected + after,
        JSON.stringify(before + old + after),
      );
    }
  }
});

Deno.test("editFrontmatter keeps the comments within and behind a value", () => {
  const cases: readonly (readonly [string, string])[] = [
    [
      'k: # c\n\n  # d\n  "2026-06-01T00:00:00Z"   # e\n',
      "k: 'new' # c\n  # d\n  # e\n",
    ],
    ["k:\n  old # c\n", "k: 'new'\n  # c\n"],
    ["k:\n  # c\n  old\n  text # d\n", "k: 'new'\n  # c\n  # d\n"],
    ["k: &x # c\n  'a # b\n  # b' # d\n", "k: 'new' # c\n  # d\n"],
    ["k: !!str\n  # c\n  &x 'old' # d\n", "k: 'new'\n  # c\n  # d\n"],
    ["k:\n  [a, # c\n  'b # b', b#b] # d\n", "k: 'new'\n  # c\n  # d\n"],
    ["k: [ # c\n  a, # d\n  # e\n  ] # f\n", "k: 'new' # f\n  # c\n  # d\n  # e\n"],
    ["k:\n- a # c\n# d\n-   # e\n  b\n- 'it''s' # f\n", "k: 'new'\n  # c\n  # d\n  # e\n  # f\n"],
    ["k:\n- it\n  'is # c\n- b#b # d\n", "k: 'new'\n  # c\n  # d\n"],
    [
      "k:\n- | # c\n  a\n  # text\n- >-\n    b\n    # text\n  # d\n- c # e\n",
      "k: 'new'\n  # c\n  # d\n  # e\n",
    ],
    ["k: | # c\n    a\n    # text\n  # d\n", "k: 'new' # c\n  # d\n"],
    ["k: |2 # c\n    a\n  # text\n", "k: 'new' # c\n"],
    ["k: &x\n  |\n  a\n  # text\n", "k: 'new'\n"],
    ["k: 'a\n  # text' # c\n", "k: 'new' # c\n"],
    ["k:\n  null # c\n", "k: 'new'\n  # c\n"],
  ];
  for (const [old, expected] of cases) {
    for (const [before, after] of [["", ""], ["a: |\n  x\n", "# y\nz: |\n  # x\n"]] as const) {
      const edited = editBlock(before + old + after, { k: "new" });
      assertEquals(edited, before + expected + after, JSON.stringify(before + old + after));
      assertEquals(editBlock(edited, { k: "new" }), edited);
    }
    const deeper = old.replaceAll(/^(?=.)/gm, "  ").replaceAll("\n", "\r\n");
    const moved = expected.replaceAll(/^(?=.)/gm, "  ").replaceAll("\n", "\r\n");
    assertEquals(
      edit(`---\r\n${deeper}---\r\n`, { k: "new" }),
      `---\r\n${moved}---\r\n`,
      JSON.stringify(deeper),
    );
  }
});

Deno.test("editFrontmatter removes a key with all its lines, adds keys before the closing line", () => {
  assertEquals(editBlock("a: 1\nk: |\n  x\n\n  y\nb: 2\n", { k: undefined }), "a: 1\nb: 2\n");
  assertEquals(
    editBlock("a: 1\nk:\n- x\n# mine\nb: 2\n", { k: undefined }),
    "a: 1\n# mine\nb: 2\n",
  );
  assertEquals(editBlock("k: 'a' # why\n", { k: undefined }), "");
  assertEquals(editBlock("a: 1\n", { k: undefined }), "a: 1\n");
  assertEquals(
    editBlock("a: 1\n", { k: "x", list: ["a", "it's"], none: null, empty: [] }),
    "a: 1\nk: 'x'\nlist: ['a', 'it''s']\nnone: null\nempty: []\n",
  );
  assertEquals(editBlock("", { k: "x" }), "k: 'x'\n");
  assertEquals(editBlock("  a: 1\n", { k: "x", a: null }), "  a: null\n  k: 'x'\n");
  assertEquals(editBlock("a: 1\n", { "true": "x", "a b": "y" }), "a: 1\n'true': 'x'\n'a b': 'y'\n");
});

Deno.test("editFrontmatter keeps CRLF, mixed line endings, the byte order mark and the body", () => {
  const text =
    "\ufeff---\r\ntitle: 'a\r\n  b' # why\r\nstate: ready\n---\r\n\r\nbody\r\nstate: x\r\n";
  assertEquals(
    edit(text, { title: "new", added: "x" }),
    "\ufeff---\r\ntitle: 'new' # why\r\nstate: ready\nadded: 'x'\r\n---\r\n\r\nbody\r\nstate: x\r\n",
  );
  assertEquals(edit(text, {}), text);
  assertEquals(edit("---\ntitle: a\n---", { title: "b" }), "---\ntitle: 'b'\n---");
});

Deno.test("editFrontmatter replaces the body in the line ending of the file", () => {
  assertEquals(edit("---\na: b\n---\n\nold\n", {}, { body: "new\n" }), "---\na: b\n---\nnew\n");
  assertEquals(edit("---\na: b\n---", {}, { body: "new\n" }), "---\na: b\n---\nnew\n");
  assertEquals(edit("---\na: b\n---", {}, { body: "" }), "---\na: b\n---");
  assertEquals(
    edit("---\r\na: b\r\n---\r\nold\r\n", { a: "c" }, { body: "\nx\n---\n" }),
    "---\r\na: 'c'\r\n---\r\n\r\nx\r\n---\r\n",
  );
  assertTicketError(() => edit("---\n---\n", {}, { body: "a\r\nb" }), "conflict", "body would not");
});

Deno.test("editFrontmatter refuses what it cannot do without harm", () => {
  const refused: readonly (readonly [string, FrontmatterChanges, string])[] = [
    ["{k: old}\n", { k: "new" }, "write one key a line"],
    ["? k\n: old\n", { k: "new" }, "write one key a line"],
    [
      "k: &x old\nother: *x\n",
      { k: "new" },
      "could not be read: the frontmatter is not valid YAML at line 3",
    ],
    ["k: old\n", { k: "a\ud800" }, "surrogate"],
    [
      "a: |\n  x\nk: old\n  # would be text of a\n",
      { k: undefined },
      'key "a" would not read back',
    ],
    ["k: old\n...\n", { new: "x" }, "write one key a line"],
  ];
  for (const [block, changes, words] of refused) {
    assertTicketError(() => editBlock(block, changes), "conflict", words);
  }
  assertTicketError(() => editBlock("k: a\rb: c\n", { k: "new" }), "parse", "beginning of a line");
  assertTicketError(() => editBlock("k: 'old\n", { k: "new" }), "parse", "not valid YAML");
  assertTicketError(() => editBlock("k: {a: b}\n", { k: "new" }), "parse", "mapping");
});

Deno.test("quoteScalar writes single quotes, and escapes only what they cannot carry", () => {
  assertEquals(quoteScalar('it\'s: "#1" \\n'), `'it''s: "#1" \\n'`);
  assertEquals(quoteScalar(""), "''");
  assertEquals(quoteScalar('a\n"b"\\'), '"a\\u000a\\"b\\"\\\\"');
  assertEquals(quoteScalar("\u2028\u0085\ufeff"), '"\\u2028\\u0085\\ufeff"');
});

Deno.test("quoteScalar round-trips every well-formed text on one line", () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: "binary" }).filter((it) => it.isWellFormed()),
    fc.string({
      unit: fc.constantFrom("'", '"', "\\", "\n", "\r", "\t", " ", ":", "#", "-", "\u0000"),
    }),
  );
  fc.assert(fc.property(text, (text) => {
    const block = `k: ${quoteScalar(text)}\n`;
    assertEquals(block.split(/[\r\n\u0085\u2028\u2029]/).length, 2);
    assertEquals(readGeneralFrontmatter(block, "item.md", yaml)["k"], text);
  }));
});

/** One key in some style, and the lines that say it. */
interface Sample {
  readonly key: string;
  readonly lines: string;
}

const words = fc.array(
  fc.constantFrom("cache", "the", "index", "title:", "it's", "手動", "#1", "[x]", "state: y", "😀"),
  { minLength: 1, maxLength: 4 },
);
const comment = fc.constantFrom("", " # why", "   # title: 'x'");
const sample = (key: string): fc.Arbitrary<Sample> =>
  fc.tuple(words, words, comment, fc.integer({ min: 0, max: 13 })).map(
    ([first, second, comment, style]) => {
      const [one, two] = [first.join(" "), second.join(" ")];
      const single = (text: string) => `'${text.replaceAll("'", "''")}'`;
      const lines = [
        `${key}: ${single(one)}${comment}\n`,
        `${key}: ${JSON.stringify(one)}${comment}\n`,
        `${key}: plain-${first.length}${comment}\n`,
        `${key}:${comment}\n`,
        `${key}: null${comment}\n`,
        `${key}: ${first.length}${comment}\n`,
        `${key}: 'one ${one.replaceAll("'", "''")}\n\n  title: ${
          two.replaceAll("'", "''")
        }'${comment}\n`,
        `${key}: "one\n  title: x\\\n  y"${comment}\n`,
        `${key}: |${comment}\n  ${one}\n\n    title: ${two}\n`,
        `${key}: >-${comment}\n  ${one}\n  ${two}\n`,
        `${key}: [${first.map(single).join(", ")}]${comment}\n`,
        `${key}: [${first.map(single).join(`,${comment}\n  `)}]${comment}\n`,
        `${key}:${comment}\n- ${single(one)}\n# in between\n- ${single(two)}\n`,
        `${key}:\n  # first\n  - ${single(one)}\n  -\n    ${single(two)}${comment}\n`,
      ];
      return { key, lines: lines[style]! };
    },
  );
const gap = fc.constantFrom("", "", "\n", "# title: 'comment'\n", "  # indented\n");
const item = fc.tuple(
  fc.subarray(["title", "state", "labels", "x-y", "assignee", "note"], { minLength: 1 }),
  fc.boolean(),
  fc.boolean(),
).chain(([keys, isCrlf, hasBom]) =>
  fc.tuple(fc.tuple(...keys.map(sample)), fc.array(gap, { minLength: 7, maxLength: 7 })).map(
    ([samples, gaps]) => ({
      samples,
      // Below a block scalar, the indented comment would be text: left out where there is one.
      gaps: samples.some((it) => /: [|>]/.test(it.lines)) ? gaps.map((it) => it.trimStart()) : gaps,
      isCrlf,
      hasBom,
    }),
  )
);
const newValue: fc.Arbitrary<string | null | readonly string[] | undefined> = fc.oneof(
  words.map((it) => it.join(" ")),
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.constant(null),
  fc.constant(undefined),
  words,
);

Deno.test("editFrontmatter changes one key and no other byte, whatever the styles", () => {
  fc.assert(
    fc.property(item, fc.nat(), newValue, ({ samples, gaps, isCrlf, hasBom }, pick, value) => {
      const index = pick % samples.length;
      const asFile = (text: string) => isCrlf ? text.replaceAll("\n", "\r\n") : text;
      const chunk = (from: number, to: number) =>
        asFile(samples.slice(from, to).map((it, i) => it.lines + gaps[from + i]).join(""));
      const head = (hasBom ? "\ufeff" : "") + asFile(`---\n${gaps[6]}`) + chunk(0, index);
      const own = asFile(samples[index]!.lines);
      const tail = asFile(gaps[index]!) + chunk(index + 1, samples.length) +
        asFile("---\n\nbody\ntitle: x\n---\n");
      const file = splitItem(head + own + tail, "item.md");
      const before = readGeneralFrontmatter(file.frontmatter, "item.md", yaml);
      const key = samples[index]!.key;
      const text = editFrontmatter(file, { [key]: value }, "item.md", yaml);
      assert(text.startsWith(head), text);
      assert(text.endsWith(tail), text);
      const changed = text.slice(head.length, text.length - tail.length);
      if (value === undefined) assertEquals(changed, "");
      else assert(changed.startsWith(`${key}:`), changed);
      if (isCrlf) assert(!/(?<!\r)\n/.test(text));
      const after = readGeneralFrontmatter(
        splitItem(text, "item.md").frontmatter,
        "item.md",
        yaml,
      );
      const { [key]: _, ...rest } = before;
      const { [key]: result, ...others } = after;
      assertEquals(others, rest);
      assertEquals(result, value);
    }),
    { numRuns: 500 },
  );
});

Deno.test("editFrontmatter takes a key away before or after it changes the one above", () => {
  const text = "---\ntitle: [a, # one\n  b]\nstate: 'x'\nnote: 'y'\n---\n";
  const edited = "---\ntitle: 'z'\n  # one\nnote: 'y'\n---\n";
  assertEquals(edit(text, { state: undefined, title: "z" }), edited);
  assertEquals(edit(text, { title: "z", state: undefined }), edited);
});

Deno.test("editFrontmatter does several changes at once, the same as one after another", () => {
  const change = fc.dictionary(
    fc.constantFrom("title", "state", "labels", "new_one", "queued_by"),
    newValue,
    { maxKeys: 4, noNullPrototype: true },
  );
  fc.assert(fc.property(item, change, ({ samples, gaps }, changes) => {
    const text = `---\n${samples.map((it, i) => it.lines + gaps[i]).join("")}---\n`;
    const atOnce = edit(text, changes);
    const inTurn = Object.entries(changes).reduce(
      (text, [key, value]) => edit(text, { [key]: value }),
      text,
    );
    assertEquals(atOnce, inTurn);
    // The same changes again change nothing more.
    assertEquals(edit(atOnce, changes), atOnce);
  }));
});

const NEW_ITEM: NewItemFields = {
  title: "It's new",
  state: "planning",
  createdAt: "2026-06-01T00:00:00Z",
  updatedAt: "2026-06-01T00:00:00Z",
  assignee: null,
  readiness: null,
  riskFlags: [],
  queuedBy: null,
  queuedAt: null,
  priority: null,
};

Deno.test("renderNewItem writes the keys of a new ticket in their order", () => {
  assertEquals(
    renderNewItem(NEW_ITEM, "## Background"),
    "---\ntitle: 'It''s new'\nstate: 'planning'\ncreated_at: '2026-06-01T00:00:00Z'\n" +
      "updated_at: '2026-06-01T00:00:00Z'\nassignee: null\n---\n\n## Background\n",
  );
  const full = renderNewItem({
    ...NEW_ITEM,
    queuedAt: "2026-06-02T00:00:00Z",
    queuedBy: "panel",
    riskFlags: ["io", "format"],
    readiness: "draft",
    assignee: "someone",
    priority: "P1",
  }, "\nBody\n");
  assertEquals(
    full,
    "---\ntitle: 'It''s new'\nstate: 'planning'\ncreated_at: '2026-06-01T00:00:00Z'\n" +
      "updated_at: '2026-06-01T00:00:00Z'\nassignee: 'someone'\nreadiness: 'draft'\n" +
      "risk_flags: ['io', 'format']\nqueued_by: 'panel'\nqueued_at: '2026-06-02T00:00:00Z'\n" +
      "priority: 'P1'\n---\n\nBody\n",
  );
  assertEquals(renderNewItem(NEW_ITEM, "").slice(-10), "null\n---\n\n");
});

Deno.test("renderNewItem refuses what cannot stand on one line", () => {
  for (const title of ["x\n---\ny", "x\nstate: y", "a\u0000", "a\u2028b\n"]) {
    assertTicketError(() => renderNewItem({ ...NEW_ITEM, title }, ""), "conflict", '"title"');
  }
  assertTicketError(
    () => renderNewItem({ ...NEW_ITEM, riskFlags: ["a\nb"] }, ""),
    "conflict",
    '"risk_flags"',
  );
});

Deno.test("renderNewItem round-trips every title that checkTitle lets through", () => {
  const title = fc.string({ unit: "grapheme", minLength: 1 }).filter((it) =>
    !/[\p{Cc}\u2028\u2029]/u.test(it)
  );
  fc.assert(fc.property(title, (title) => {
    const { frontmatter } = splitItem(renderNewItem({ ...NEW_ITEM, title }, "b"), "item.md");
    assertEquals(readStrictFrontmatter(frontmatter)?.["title"], title);
  }));
});

Deno.test({
  name:
    "editFrontmatter keeps every byte of the corpus that it is not about (needs ../shared/corpus)",
  ignore: !hasCorpus,
  fn: async () => {
    for (const { path, text, facts } of await corpusItems()) {
      const file = splitItem(text, path);
      if (!facts.frontmatter_yaml_valid) {
        assertTicketError(
          () => editFrontmatter(file, { title: "x" }, path, yaml),
          "parse",
          "not valid YAML",
        );
        continue;
      }
      assertEquals(editFrontmatter(file, {}, path, yaml), text, path);
      const at = "2030-01-01T00:00:00Z";
      const edited = editFrontmatter(file, { updated_at: at, "new key": "x" }, path, yaml);
      const expected = text.replace(/^updated_at: .*$/m, `updated_at: '${at}'`)
        .replace(/\n---\n/, "\n'new key': 'x'\n---\n");
      assertEquals(edited, expected, path);
    }
  },
});
