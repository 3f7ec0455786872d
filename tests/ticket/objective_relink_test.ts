import { assertEquals, assertStrictEquals } from "@std/assert";
import { loadYaml } from "../../lib/ticket/frontmatter.ts";
import { relinkObjective } from "../../lib/ticket/_objective_relink.ts";
import { assertTicketError } from "./_assert_ticket_error.ts";

const yaml = await loadYaml();
const OLD = "20260601-000000-001";
const OTHER = "20260601-000000-002";
const NEW = "00001KT07NV00";
const NEWER = "00001KT07NV01";
const IDS = new Map([[OLD, NEW], [OTHER, NEWER]]);

const relink = (text: string, ids = IDS) => relinkObjective(text, ids, "item.md", yaml);
const file = (links: string, lineEnding = "\n") =>
  [
    "---",
    `# about ${OLD}`,
    `title: "${OLD}"`,
    links,
    `owner: ${OLD}`,
    "---",
    "",
    `linked_tickets: ["${OLD}"]`,
    "",
  ].join("\n").replaceAll("\n", lineEnding);

Deno.test("relinkObjective() changes links in every style and no other byte", () => {
  const cases: [before: string, after: string][] = [
    [`linked_tickets: ["${OLD}", "${OTHER}"]`, `linked_tickets: ["${NEW}", "${NEWER}"]`],
    [`linked_tickets: ['${OLD}',${OLD} ]`, `linked_tickets: ['${NEW}',${NEW} ]`],
    [`linked_tickets:   [ "x", ${OLD}] # ${OLD}`, `linked_tickets:   [ "x", ${NEW}] # ${OLD}`],
    [`linked_tickets:\n- ${OLD}\n- "keep"`, `linked_tickets:\n- ${NEW}\n- "keep"`],
    [
      `linked_tickets:\n  # ${OLD}\n  - '${OLD}' # ${OLD}\n\n  - ${OTHER}   # x`,
      `linked_tickets:\n  # ${OLD}\n  - '${NEW}' # ${OLD}\n\n  - ${NEWER}   # x`,
    ],
    [
      `"linked_tickets": [\n  ${OLD},\n  ${OTHER},\n]`,
      `"linked_tickets": [\n  ${NEW},\n  ${NEWER},\n]`,
    ],
    [
      `linked_tickets: [a ${OLD}, ${OLD}-x, ${OLD}]`,
      `linked_tickets: [a ${OLD}, ${OLD}-x, ${NEW}]`,
    ],
  ];
  for (const [before, after] of cases) {
    assertEquals(relink(file(before)), file(after));
    assertEquals(relink(file(before, "\r\n")), file(after, "\r\n"));
    assertEquals(relink(`\ufeff${file(before)}`), `\ufeff${file(after)}`);
  }
});

Deno.test("relinkObjective() keeps the bytes of unknown keys, whatever they hold", () => {
  for (
    const foreign of [
      `foo: {a: [1, ${OLD}]}`,
      `foo:\n  linked_tickets: [${OLD}]\n  bar: '${OLD}'`,
      `foo:\n- bar: ${OLD}\n  baz: [[${OLD}]]`,
      `12: "${OLD}"`,
    ]
  ) {
    const links = (id: string) => `${foreign}\nlinked_tickets: ["${id}"]\nbar: {a: ${OLD}}`;
    assertEquals(relink(file(links(OLD))), file(links(NEW)));
  }
});

Deno.test("relinkObjective() gives back the same text when no link changes", () => {
  for (
    const links of ["state: 'x'", "linked_tickets: []", "linked_tickets:", `linked_tickets: ${OLD}`]
  ) {
    const text = file(links);
    assertStrictEquals(relink(text), text);
  }
  const done = relink(file(`linked_tickets: ["${OLD}"]`));
  assertStrictEquals(relink(done), done);
});

Deno.test("relinkObjective() quotes a plain id that YAML takes for a number", () => {
  const number = "0000112345678";
  const float = "00001E1234567";
  const ids = new Map([[OLD, number], [OTHER, float]]);
  assertEquals(
    relink(file(`linked_tickets: [${OLD}, '${OLD}', ${OTHER}]`), ids),
    file(`linked_tickets: ["${number}", '${number}', "${float}"]`),
  );
});

Deno.test("relinkObjective() follows a map that swaps ids", () => {
  const swap = new Map([[OLD, OTHER], [OTHER, OLD]]);
  assertEquals(
    relink(file(`linked_tickets: ["${OLD}", "${OTHER}"]`), swap),
    file(`linked_tickets: ["${OTHER}", "${OLD}"]`),
  );
});

Deno.test("relinkObjective() refuses links that it cannot change alone, and broken files", () => {
  const escaped = `linked_tickets: ["\\x32${OLD.slice(1)}"]`;
  assertTicketError(() => relink(file(escaped)), "conflict", "linked_tickets of item.md");
  assertTicketError(() => relink("---\nlinked_tickets: [\n---\n"), "parse", "item.md");
});
