import { assert, assertEquals } from "@std/assert";
import { loadYaml } from "../../lib/ticket/frontmatter.ts";
import { splitItem } from "../../lib/ticket/item_file.ts";
import { type ItemPlace, readBody, readItem, type TicketItem } from "../../lib/ticket/item.ts";
import { assertTicketError } from "./_assert_ticket_error.ts";
import { corpusItems, hasCorpus } from "./_corpus.ts";

const yaml = await loadYaml();
const V3: ItemPlace = { path: "item.md", generation: "v3" };
const v1 = (bucket: "open" | "pending" | "closed"): ItemPlace => ({
  path: "item.md",
  generation: "v1",
  bucket,
});

/** Reads a block of frontmatter with every reader at hand. */
function read(block: string, place: ItemPlace = V3): TicketItem {
  const item = readItem(`---\n${block}---\n\nbody\n`, place, yaml);
  return item;
}

Deno.test("readItem gives every field of v3, and unknown keys as they are", () => {
  const block = [
    "title: 'Cache the index'",
    "state: 'queued'",
    "created_at: '2026-06-01T00:00:00Z'",
    "updated_at: 2026-06-02T00:00:00Z",
    "assignee: null",
    "readiness: 'ready'",
    "risk_flags: ['io', 'format']",
    'queued_by: "panel"',
    'queued_at: "2026-06-02T00:00:00Z"',
    "priority: P1",
    "slug: not-of-this-generation",
    "estimate: few",
    "flag: true",
    "",
  ].join("\n");
  const item = read(block);
  assertEquals(item.fields, {
    title: "Cache the index",
    state: "queued",
    createdAt: "2026-06-01T00:00:00Z",
    updatedAt: "2026-06-02T00:00:00Z",
    assignee: null,
    priority: "P1",
    readiness: "ready",
    riskFlags: ["io", "format"],
    queuedBy: "panel",
    queuedAt: "2026-06-02T00:00:00Z",
    slug: null,
  });
  assertEquals(Object.keys(item.frontmatter), block.match(/^\w+/gm) as string[]);
  assertEquals(item.frontmatter["estimate"], "few");
  assertEquals(item.frontmatter["flag"], true);
  assertEquals(item.notes, []);
});

Deno.test("readItem takes missing keys as absent", () => {
  const { fields } = read("");
  assertEquals(fields, {
    title: "",
    state: "planning",
    createdAt: null,
    updatedAt: null,
    assignee: null,
    priority: null,
    readiness: null,
    riskFlags: [],
    queuedBy: null,
    queuedAt: null,
    slug: null,
  });
  assertEquals(read("title: ~\nrisk_flags:\nstate: null\n").fields, fields);
});

Deno.test("readItem asks for YAML only where the strict reader gave up", () => {
  const strict = "---\ntitle: 'a'\n---\n";
  const general = "---\ntitle: >-\n  a\n---\n";
  assert(readItem(strict, V3) !== "needs_yaml");
  assertEquals(readItem(general, V3), "needs_yaml");
  assertEquals(readItem(general, v1("open")), "needs_yaml");
  const item = readItem(general, V3, yaml);
  assertEquals(item.fields.title, "a");
  assertEquals(
    readItem(strict, V3, () => {
      throw new Error("not to be called");
    }),
    readItem(strict, V3),
  );
});

Deno.test("readItem finds the state of v2 and v3 in state, workflow_state, status, in this order", () => {
  const states: readonly (readonly [string, string])[] = [
    ["state: done\nworkflow_state: queued\nstatus: closed\n", "done"],
    ["workflow_state: queued\nstatus: closed\n", "queued"],
    ["state: null\nworkflow_state: queued\n", "queued"],
    ["status: closed\n", "closed"],
    ["status: pending\n", "planning"],
    ["status: whatever\n", "planning"],
    ["title: a\n", "planning"],
  ];
  for (const [block, state] of states) {
    assertEquals(read(block).fields.state, state, block);
    assertEquals(read(block, { ...V3, generation: "v2" }).fields.state, state, block);
  }
  for (const block of ["state: intake\n", "state: secret\n", "state: ''\n", "state: Done\n"]) {
    const error = assertTicketError(
      () => read(block),
      "parse",
      'field "state" holds no known state',
    );
    assert(!error.message.includes("secret"));
  }
  assertTicketError(() => read("state: done\nworkflow_state: intake\n"), "parse", "workflow_state");
});

Deno.test("readItem names field and kind of what is no text or list", () => {
  const faults: readonly (readonly [string, string])[] = [
    ["title: 12\n", 'field "title" is a number instead of a text; put it into quotes'],
    ["title: true\n", 'field "title" is a boolean instead of a text'],
    ["title: 1e3\n", 'field "title" is a number'],
    ["title: 0o17\n", 'field "title" is a number'],
    ["title: 08\n", 'field "title" is a number'],
    ["title: [a]\n", 'field "title" is a list instead of a text'],
    ["assignee: 12\n", 'field "assignee" is a number'],
    ["state: 1\n", 'field "state" is a number'],
    ["status: false\n", 'field "status" is a boolean'],
    ["priority: 1\n", 'field "priority" is a number'],
    ["risk_flags: io\n", 'field "risk_flags" is a text instead of a list'],
    ["labels: 'a'\n", 'field "labels" is a text instead of a list'],
    ["labels: [a, 1]\n", 'item 1 of field "labels" is a number'],
    ["other:\n  nested: 1\n", 'field "other" holds a mapping'],
    ["title: a\ntitle: b\n", "duplicated key"],
  ];
  for (const [block, words] of faults) {
    const error = assertTicketError(() => read(block), "parse", words);
    assertEquals(error.path, "item.md");
  }
  assertEquals(read("title: 2026-06-01\n").fields.title, "2026-06-01");
  assertEquals(read("title: '12'\n").fields.title, "12");
  assertEquals(read("title: 1_000\n", V3).fields.title, "1_000");
});

Deno.test("readItem: v1 buckets and workflow states as section 1.5 says", () => {
  const cases: readonly (readonly ["open" | "pending" | "closed", string, string, string[]])[] = [
    ["open", "status: open\n", "planning", []],
    ["open", "workflow_state: ready\n", "ready", []],
    ["open", "workflow_state: queued\n", "queued", []],
    ["open", "workflow_state: inprogress\n", "inprogress", []],
    ["open", "workflow_state: done\n", "done", []],
    ["open", "workflow_state: planning\n", "planning", []],
    ["open", "workflow_state: intake\n", "planning", []],
    ["pending", "status: pending\n", "planning", ["pending"]],
    ["pending", "workflow_state: ready\n", "ready", ["pending"]],
    ["closed", "status: closed\nworkflow_state: ready\n", "closed", []],
    ["closed", "workflow_state: whatever\n", "closed", []],
    ["open", "status: closed\n", "planning", ["status_differs"]],
    ["closed", "status: open\n", "closed", ["status_differs"]],
  ];
  for (const [bucket, block, state, notes] of cases) {
    const item = read(block, v1(bucket));
    assertEquals(item.fields.state, state, `${bucket} ${block}`);
    assertEquals(item.notes as string[], notes, `${bucket} ${block}`);
  }
  assertTicketError(() => read("workflow_state: secret\n", v1("open")), "parse", "workflow_state");
  const { fields } = read("slug: some-slug\nrisks: [io]\npriority: P2\n", v1("open"));
  assertEquals(fields.slug, "some-slug");
  assertEquals(fields.riskFlags, ["io"]);
  assertEquals(fields.priority, "P2");
  assertEquals(read("risk_flags: [a]\nrisks: [b]\n", v1("open")).fields.riskFlags, ["a"]);
});

Deno.test("readItem: v1 that is no YAML is read raw, v3 is refused", () => {
  const block = "id: 20260601-000000-pick\nslug: pick\ntitle: TUI: pick a pod\nstatus: open\n" +
    "labels: [tui, 'pod']\nassignee: null\nlegacy_ticket: null\n";
  const item = read(block, v1("open"));
  assertEquals(item.notes, ["raw_dialect"]);
  assertEquals(item.fields.title, "TUI: pick a pod");
  assertEquals(item.fields.assignee, null);
  assertEquals(item.frontmatter["labels"], ["tui", "pod"]);
  assertTicketError(() => read(block), "parse", "not valid YAML at line 4");
  assertEquals(read("title: [draft] x\n", v1("open")).fields.title, "[draft] x");
  assertEquals(read("title: 12\n", v1("open")).fields.title, "12");
  assertEquals(read("title: 'Quoted: late'\n", v1("open")).fields.title, "Quoted: late");
  assertEquals(read("title: a\nworkflow_state: x: y\n", v1("closed")).fields.state, "closed");
  // Neither: the reason is that of the better reader.
  assertTicketError(() => read("title: a: b\nno colon\n", v1("open")), "parse", "not valid YAML");
  assertTicketError(
    () => read("title: a: b\nworkflow_state: secret\n", v1("open")),
    "parse",
    '"workflow_state" holds no known state',
  );
});

Deno.test("readItem accepts CRLF and notes a byte order mark", () => {
  const text = "\ufeff---\r\ntitle: 'a'\r\nstate: 'done'\r\n---\r\nbody\r\n";
  const item = readItem(text, V3);
  assert(item !== "needs_yaml");
  assertEquals(item.fields.title, "a");
  assertEquals(item.fields.state, "done");
  assertEquals(item.notes, ["byte_order_mark"]);
  assertEquals(readBody(text), "body\n");
});

Deno.test("readItem refuses an oversized frontmatter before any parser sees it", () => {
  const text = `---\ntitle: '${"x".repeat(65_536)}'\n---\n`;
  assertTicketError(() => readItem(text, V3), "parse", "at most 65536 are read");
  assertTicketError(() => readItem(text, v1("open"), yaml), "parse", "at most 65536 are read");
});

Deno.test("readItem needs the head of a file only", () => {
  const item = readItem("---\ntitle: 'a'\n---\nbo", V3);
  assert(item !== "needs_yaml");
  assertEquals(item.fields.title, "a");
});

Deno.test({
  name: "readItem reads the corpus as its facts say (needs ../shared/corpus)",
  ignore: !hasCorpus,
  fn: async () => {
    const notes: Record<string, number> = {};
    for (const { path, generation, bucket, text, facts } of await corpusItems()) {
      const place = { path, generation, ...(bucket ? { bucket } : {}) };
      const item = readItem(text, place, yaml);
      assertEquals(item.fields.title, facts.title, path);
      assertEquals(item.fields.state, facts.state, path);
      assertEquals(item.notes.includes("raw_dialect"), !facts.frontmatter_yaml_valid, path);
      // Every key of the file is there.
      const keys = splitItem(text, path).frontmatter.match(/^[\w-]+(?=:)/gm);
      assertEquals(Object.keys(item.frontmatter), keys as string[], path);
      assert(item.fields.createdAt !== null && item.fields.updatedAt !== null, path);
      for (const note of item.notes) notes[note] = (notes[note] ?? 0) + 1;
    }
    assertEquals(notes, { pending: 1, raw_dialect: 6 });
  },
});

Deno.test("readItem(): v1 that is YAML is read raw only where nobody quoted or indented", () => {
  const read = (block: string) => readItem(`---\n${block}---\n`, v1("open"), yaml) as TicketItem;
  for (const line of ["slug: 2\n", "priority: 2\n", "meta:\n  a: b\n"]) {
    assertTicketError(() => read(`title: 'Cache: the index'\n${line}`), "parse", "item.md");
  }
  const raw = read("title: Cache: the index\nslug: 2\n");
  assertEquals([raw.fields.title, raw.fields.slug, raw.notes], [
    "Cache: the index",
    "2",
    ["raw_dialect"],
  ]);
  assertEquals(read("title: 2026\n").fields.title, "2026");
  assertEquals(read("\ntitle: [wip]\n\nslug: x\n").fields.title, "[wip]");
  assertEquals(read('title: "Cache" is slow\n').fields.title, '"Cache" is slow');
});
