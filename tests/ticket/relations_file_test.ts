import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Relation, RELATION_KINDS, sortRelations } from "../../lib/ticket/relation_view.ts";
import {
  checkNewRelation,
  parseRelations,
  renderRelations,
} from "../../lib/ticket/relations_file.ts";
import type { TicketError } from "../../lib/ticket/ticket_error.ts";
import { assertTicketError } from "./_assert_ticket_error.ts";
import { hasCorpus } from "./_corpus.ts";
import { corpusFiles } from "./_corpus_files.ts";

const A = "00001KT07NV00";
const B = "00001KT07NV01";
const C = "00001KT07NV02";
const PLACE = { path: "relations.json", ticketId: A };
const STORED = {
  ticket_id: A,
  kind: "depends_on",
  target: B,
  note: "schema first",
  author: "intake",
  at: "2026-06-01T00:00:00Z",
};

function fileWith(...relations: unknown[]): string {
  return JSON.stringify({ version: 1, relations });
}

function assertFault(text: string, detail: string): TicketError {
  const error = assertTicketError(() => parseRelations(text, PLACE), "parse", detail);
  assertEquals(error.path, PLACE.path);
  return error;
}

Deno.test("renderRelations() writes two blanks, one member a line, a final LF, no absent note", () => {
  const relations: Relation[] = [
    {
      ticketId: A,
      kind: "related",
      target: B,
      note: null,
      author: "i",
      at: "2026-06-02T00:00:00Z",
    },
    { ticketId: A, kind: "depends_on", target: C, note: 'x\n"y"', author: "i", at: "t" },
    { ticketId: A, kind: "depends_on", target: B, note: "設計", author: "i", at: "t" },
  ];
  assertEquals(
    renderRelations(relations),
    `{
  "version": 1,
  "relations": [
    {
      "ticket_id": "${A}",
      "kind": "depends_on",
      "target": "${B}",
      "note": "設計",
      "author": "i",
      "at": "t"
    },
    {
      "ticket_id": "${A}",
      "kind": "depends_on",
      "target": "${C}",
      "note": "x\\n\\"y\\"",
      "author": "i",
      "at": "t"
    },
    {
      "ticket_id": "${A}",
      "kind": "related",
      "target": "${B}",
      "author": "i",
      "at": "2026-06-02T00:00:00Z"
    }
  ]
}
`,
  );
  assertEquals(renderRelations([]), '{\n  "version": 1,\n  "relations": []\n}\n');
});

Deno.test("parseRelations() keeps file order and reads an absent note as null", () => {
  const { note: _, ...bare } = STORED;
  const parsed = parseRelations(fileWith({ ...bare, kind: "related" }, STORED), PLACE);
  assertEquals(parsed.map(({ kind, note }) => [kind, note]), [
    ["related", null],
    ["depends_on", "schema first"],
  ]);
  assertEquals(parseRelations(fileWith({ ...STORED, note: null }), PLACE)[0]?.note, null);
});

Deno.test("parseRelations() takes a missing list for an empty one", () => {
  assertEquals(parseRelations('{"version":1}', PLACE), []);
});

Deno.test("parseRelations() refuses whatever the format does not name", () => {
  const cases: [text: string, detail: string][] = [
    ["", "not valid JSON"],
    ["{", "not valid JSON"],
    ["\ufeff{}", "not valid JSON"],
    ["[]", "the document must be an object, not a list"],
    ["null", "the document must be an object, not null"],
    ["{}", "version is missing"],
    ['{"version":2}', "version must be 1, not 2"],
    ['{"version":"1"}', "version must be 1, not a text"],
    ['{"version":1,"relation":[]}', "relation is unknown"],
    ['{"version":1,"__proto__":{"relations":[]}}', "__proto__ is unknown"],
    ['{"version":1,"relations":null}', "relations must be a list, not null"],
    ['{"version":1,"relations":{}}', "relations must be a list, not an object"],
    [fileWith("x"), "relations[0] must be an object, not a text"],
    [fileWith({ ...STORED, extra: 1 }), "relations[0].extra is unknown"],
    [fileWith({ ...STORED, ticket_id: B }), `relations[0].ticket_id must be "${A}"`],
    [fileWith({ ...STORED, kind: "blocked_by" }), "relations[0].kind is unknown"],
    [fileWith({ ...STORED, kind: "toString" }), "relations[0].kind is unknown"],
    [fileWith({ ...STORED, target: A }), "relations[0].target must not be the ticket itself"],
    [fileWith({ ...STORED, target: " " }), "relations[0].target must not be blank"],
    [fileWith({ ...STORED, author: 1 }), "relations[0].author must be a text, not a number"],
    [fileWith({ ...STORED, at: undefined }), "relations[0].at is missing"],
    [fileWith({ ...STORED, at: "a\nb" }), "relations[0].at must be a single line"],
    [fileWith({ ...STORED, author: "a\rb" }), "relations[0].author must be a single line"],
    [fileWith({ ...STORED, note: "a\0b" }), "relations[0].note must not contain NUL"],
    [fileWith({ ...STORED, note: "\ud800" }), "relations[0].note must be well-formed Unicode"],
    [fileWith(STORED, { ...STORED, note: "x" }), `relations[1] repeats depends_on "${B}"`],
  ];
  for (const [text, detail] of cases) assertFault(text, detail);
});

Deno.test("parseRelations() refuses a member that is given twice, at any depth", () => {
  const text = fileWith(STORED);
  assertFault(
    text.replace('"version":1', '"version":2,"version":1'),
    "a member is given twice",
  );
  assertFault(
    text.replace('"author":', '"author" : "x", "author"\n:'),
    "a member is given twice",
  );
  // What only looks like one, inside a text, is none.
  const tricky = fileWith({ ...STORED, note: '"note": "x\\", "note": \\' });
  assertEquals(parseRelations(tricky, PLACE).length, 1);
});

Deno.test("parseRelations() counts limits in UTF-8 bytes", () => {
  const read = (more: object) => parseRelations(fileWith({ ...STORED, ...more }), PLACE);
  assertEquals(read({ author: "a".repeat(1_024) }).length, 1);
  assertEquals(read({ author: "あ".repeat(341) }).length, 1);
  assertTicketError(() => read({ author: "a".repeat(1_025) }), "parse", "longer than 1024 bytes");
  assertTicketError(() => read({ author: "あ".repeat(342) }), "parse", "longer than 1024 bytes");
  assertEquals(read({ note: "a\n".repeat(8_192) }).length, 1);
  assertTicketError(() => read({ note: "a".repeat(16_385) }), "parse", "longer than 16384 bytes");
  assertTicketError(() => read({ note: "あ".repeat(5_462) }), "parse", "longer than 16384 bytes");
});

Deno.test("parseRelations() reads hostile files in linear time", () => {
  const deep = "[".repeat(200_000) + "]".repeat(200_000);
  assertFault(`{"version":1,"relations":[${deep}]}`, "");
  assertFault(fileWith({ ...STORED, note: '"'.repeat(2_000_000) }), "longer than 16384 bytes");
});

Deno.test("parseRelations() never quotes the file", () => {
  assertEquals(assertFault("secret words", "").message.includes("secret"), false);
  assertEquals(
    assertFault(fileWith({ ...STORED, note: "secret\0" }), "NUL").message.includes("secret"),
    false,
  );
});

Deno.test("renderRelations() and parseRelations() round-trip", () => {
  const id = fc.constantFrom(B, C, "20260601-000000-001");
  const line = fc.string({ unit: "grapheme", maxLength: 40 }).filter((text) =>
    !/[\r\n\0]/.test(text)
  );
  const note = fc.string({ unit: "grapheme", maxLength: 80 }).filter((text) =>
    !text.includes("\0")
  );
  const relation = fc.record({
    ticketId: fc.constant(A),
    kind: fc.constantFrom(...RELATION_KINDS.map((row) => row.kind)),
    target: id,
    note: fc.option(note),
    author: line,
    at: line,
  });
  const list = fc.uniqueArray(relation, { selector: ({ kind, target }) => `${kind} ${target}` });
  fc.assert(fc.property(list, (relations) => {
    const text = renderRelations(relations);
    assertEquals(parseRelations(text, PLACE), sortRelations(relations));
    assertEquals(renderRelations(parseRelations(text, PLACE)), text);
  }));
});

Deno.test("checkNewRelation() trims the target and drops a blank note", () => {
  assertEquals(checkNewRelation({ kind: "blocks", target: ` ${B}\n`, note: " \n" }), {
    kind: "blocks",
    target: B,
    note: null,
  });
  assertEquals(checkNewRelation({ kind: "blocks", target: B, note: "a\r\nb" }).note, "a\nb");
});

Deno.test("checkNewRelation() refuses what a file could not hold, naming the field", () => {
  const cases: [input: Parameters<typeof checkNewRelation>[0], field: string][] = [
    [{ kind: "blocked_by", target: B }, "relation kind"],
    [{ kind: "__proto__", target: B }, "relation kind"],
    [{ kind: "blocks", target: " " }, "relation target"],
    [{ kind: "blocks", target: "a\nb" }, "relation target"],
    [{ kind: "blocks", target: "a\x1bb" }, "relation target"],
    [{ kind: "blocks", target: "あ".repeat(342) }, "relation target"],
    [{ kind: "blocks", target: B, note: "a\0" }, "relation note"],
    [{ kind: "blocks", target: B, note: "\ud800" }, "relation note"],
    [{ kind: "blocks", target: B, note: "a".repeat(16_385) }, "relation note"],
  ];
  for (const [input, field] of cases) {
    assertTicketError(() => checkNewRelation(input), "conflict", field);
  }
});

Deno.test({
  name: "renderRelations() gives back every file of the reference (needs ../shared/corpus)",
  ignore: !hasCorpus,
  fn() {
    const files = corpusFiles("relations.json");
    assertEquals(files.length > 0, true);
    for (const { path, ticketId, text } of files) {
      assertEquals(renderRelations(parseRelations(text, { path, ticketId })), text, path);
    }
  },
});
