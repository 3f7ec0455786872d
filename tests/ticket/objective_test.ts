import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { loadYaml } from "../../lib/ticket/frontmatter.ts";
import {
  isObjectiveState,
  newObjectiveText,
  readObjective,
  renderObjective,
} from "../../lib/ticket/objective.ts";
import { assertTicketError } from "./_assert_ticket_error.ts";

const PLACE = { id: "00001KTK0A000", path: "item.md" };
const AT = "2026-06-09T00:00:00Z";
const TEXT = newObjectiveText("Faster search", ["00001KT07NV00", "00001KT07NV00"], AT);

Deno.test("newObjectiveText() writes double quotes and the five sections", () => {
  assertEquals(
    TEXT,
    `---
title: "Faster search"
state: "active"
created_at: "${AT}"
updated_at: "${AT}"
linked_tickets: ["00001KT07NV00", "00001KT07NV00"]
---

## Goal

TBD

## Motivation / background

TBD

## Strategy / design direction

TBD

## Success criteria / exit conditions

- TBD

## Decision context

TBD
`,
  );
});

Deno.test("readObjective() reads what was written, repeats and body included", () => {
  const objective = readObjective(TEXT, PLACE);
  assert(objective !== "needs_yaml");
  const { id, title, state, createdAt, updatedAt, linkedTickets, body } = objective;
  assertEquals({ id, title, state, createdAt, updatedAt }, {
    id: PLACE.id,
    title: "Faster search",
    state: "active",
    createdAt: AT,
    updatedAt: AT,
  });
  assertEquals(linkedTickets, ["00001KT07NV00", "00001KT07NV00"]);
  assert(body.startsWith("\n## Goal\n"));
  assertEquals(renderObjective(objective), TEXT);
});

Deno.test("readObjective() keeps unknown keys and states, and does without links", async () => {
  const text = `---\ntitle: a\nstate: someday\ncreated_at: ""\nupdated_at: x\nowner: me\n---\n`;
  const objective = readObjective(text, PLACE, await loadYaml());
  assertEquals([objective.state, objective.frontmatter["owner"]], ["someday", "me"]);
  assertEquals(objective.linkedTickets, []);
  assertEquals([isObjectiveState("paused"), isObjectiveState("someday")], [true, false]);
});

Deno.test("readObjective() refuses missing and wrongly typed fields, never quoting them", async () => {
  const yaml = await loadYaml();
  const read = (text: string) => () => readObjective(text, PLACE, yaml);
  assertTicketError(read(""), "parse", "empty");
  assertTicketError(read("title: a\n"), "parse", "not opened");
  assertTicketError(read("---\ntitle: a\n"), "parse", "not closed");
  const without = (key: string) => TEXT.replace(new RegExp(`^${key}: .*\n`, "m"), "");
  for (const key of ["title", "state", "created_at", "updated_at"]) {
    assertTicketError(read(without(key)), "parse", `field ${key} is missing`);
    assertTicketError(read(TEXT.replace(`${key}: "`, `${key}: 12 # "`)), "parse", `field ${key}`);
  }
  assertTicketError(read(TEXT.replace(/\[.*\]/, "'x'")), "parse", "linked_tickets must be a list");
  assertTicketError(read(TEXT.replace(/\[.*\]/, "[1]")), "parse", "linked_tickets");
  const links = `[${Array.from({ length: 10_000 }, (_, index) => `"T${index}"`).join(", ")}]`;
  assertTicketError(read(TEXT.replace(/\[.*\]/, links)), "parse", "at most 65536 are read");
});

/** Lines of keys that objectives do not have, in every way of writing that YAML knows. */
const UNKNOWN_KEYS = [
  "foo: {a: [1, 2]}",
  "foo: [[1]]",
  "foo: [1, 2]",
  "foo:\n  bar: x\n  baz: [a]",
  "foo:\n- bar: x\n  baz: y",
  "12: x",
  "true: x",
  "estimate: 5\n1.0: shipped",
  "0x10: [a]\nestimate: 5",
  "? [a]\n: b",
  "? {a: 1}\n: b",
  'foo: &a "' + "x".repeat(9_000) + '"\nbar: [*a, *a, *a, *a, *a, *a, *a, *a]',
];

Deno.test("readObjective() ignores unknown keys, whatever they hold, and is strict with its own", async () => {
  const yaml = await loadYaml();
  for (const lines of UNKNOWN_KEYS) {
    for (const before of ["title:", "linked_tickets:", "---\n\n"]) {
      const text = TEXT.replace(before, `${lines}\n${before}`);
      const objective = readObjective(text, PLACE, yaml);
      assertEquals(renderObjective(objective), TEXT);
      assertTicketError(
        () => readObjective(text.replace(/^linked_.*/m, "linked_tickets: {a: b}"), PLACE, yaml),
        "parse",
        'field "linked_tickets" holds a mapping',
      );
    }
  }
  const merged = TEXT.replace(/^title: .*/m, 'x: &a {title: "y"}\n<<: *a');
  assertTicketError(() => readObjective(merged, PLACE, yaml), "parse", "field title is missing");
  for (const line of ["x: [a", "title: x"]) {
    const text = TEXT.replace("title:", `${line}\ntitle:`);
    assertTicketError(() => readObjective(text, PLACE, yaml), "parse", "not valid YAML");
  }
});

Deno.test("newObjectiveText() and readObjective() round-trip any title", async () => {
  const yaml = await loadYaml();
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (title) => {
    const objective = readObjective(newObjectiveText(title, [], AT), PLACE, yaml);
    assertEquals(objective.title, title);
  }));
});
