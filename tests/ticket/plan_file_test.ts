import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  isPlanKind,
  type NewPlan,
  newPlanRecord,
  parsePlans,
  PLAN_KINDS,
  planAppendixTo,
  type PlanRecord,
  renderPlanRecord,
  sortPlans,
} from "../../lib/ticket/plan_file.ts";
import { assertTicketError } from "./_assert_ticket_error.ts";
import { hasCorpus } from "./_corpus.ts";
import { corpusFiles } from "./_corpus_files.ts";

const A = "00001KT07NV00";
const B = "00001KT07NV01";
const PLACE = { path: "plan.jsonl", ticketId: A };
const CONTEXT = { ticketId: A, author: "orchestrator", at: "2026-06-01T00:00:00Z", existing: "" };
const BASE = { id: "orch-plan-20260601-000000-1", ticket_id: A, author: "o", at: "t" };
const AFTER = { ...BASE, kind: "after", related_ticket: B };
const ACCEPTED = { ...BASE, kind: "accepted_plan", accepted_plan: { summary: "Cache first" } };

function assertFault(line: string, detail: string): void {
  const error = assertTicketError(() => parsePlans(`\n${line}\n`, PLACE), "parse", detail);
  assertEquals([error.path, error.line], [PLACE.path, 2]);
}

Deno.test("renderPlanRecord() writes one compact line, members in order, absent ones left out", () => {
  const record = newPlanRecord({
    kind: "accepted_plan",
    relatedTicket: B,
    note: "two\nlines",
    acceptedPlan: { summary: "s", branch: "b", worktree: "w", rolePlan: "r" },
  }, CONTEXT);
  assertEquals(
    renderPlanRecord(record),
    `{"id":"orch-plan-20260601-000000-1","ticket_id":"${A}","kind":"accepted_plan",` +
      `"related_ticket":"${B}","note":"two\\nlines","accepted_plan":{"summary":"s","branch":"b",` +
      `"worktree":"w","role_plan":"r"},"author":"orchestrator","at":"2026-06-01T00:00:00Z"}\n`,
  );
  assertEquals(
    renderPlanRecord(newPlanRecord({ kind: "after", relatedTicket: B }, CONTEXT)),
    `{"id":"orch-plan-20260601-000000-1","ticket_id":"${A}","kind":"after",` +
      `"related_ticket":"${B}","author":"orchestrator","at":"2026-06-01T00:00:00Z"}\n`,
  );
});

Deno.test("parsePlans() reads records in file order and passes over blank lines", () => {
  const text = `\n${JSON.stringify(AFTER)}\r\n  \n${JSON.stringify(ACCEPTED)}`;
  assertEquals(parsePlans(text, PLACE), [
    {
      id: BASE.id,
      ticketId: A,
      kind: "after",
      relatedTicket: B,
      note: null,
      acceptedPlan: null,
      author: "o",
      at: "t",
    },
    {
      id: BASE.id,
      ticketId: A,
      kind: "accepted_plan",
      relatedTicket: null,
      note: null,
      acceptedPlan: { summary: "Cache first", branch: null, worktree: null, rolePlan: null },
      author: "o",
      at: "t",
    },
  ]);
  assertEquals(parsePlans("", PLACE), []);
});

Deno.test("parsePlans() refuses whatever the format does not name, with the line", () => {
  const cases: [value: unknown, detail: string][] = [
    [[], "must be an object"],
    [{ ...AFTER, extra: 1 }, "extra is unknown"],
    [{ ...AFTER, id: undefined }, "id is missing"],
    [{ ...AFTER, id: " " }, "id must not be blank"],
    [{ ...AFTER, ticket_id: B }, `ticket_id must be "${A}"`],
    [{ ...AFTER, kind: "toString" }, "kind is unknown"],
    [{ ...AFTER, related_ticket: undefined }, "kind after needs related_ticket"],
    [{ ...AFTER, related_ticket: null }, "needs related_ticket"],
    [{ ...AFTER, related_ticket: " " }, "related_ticket must not be blank"],
    [{ ...AFTER, related_ticket: "a\nb" }, "related_ticket must be a single line"],
    [{ ...AFTER, note: 1 }, "note must be a text, not a number"],
    [{ ...AFTER, note: "a\0" }, "note must not contain NUL"],
    [{ ...AFTER, note: "あ".repeat(5_462) }, "note must not be longer than 16384 bytes"],
    [{ ...AFTER, author: "あ".repeat(342) }, "author must not be longer than 1024 bytes"],
    [{ ...AFTER, accepted_plan: { summary: "s" } }, "must not have accepted_plan"],
    [{ ...BASE, kind: "waiting_capacity_note" }, "needs a note"],
    [{ ...BASE, kind: "waiting_capacity_note", note: "\n" }, "needs a note"],
    [{ ...BASE, kind: "accepted_plan" }, "kind accepted_plan needs accepted_plan"],
    [{ ...ACCEPTED, accepted_plan: "s" }, "accepted_plan must be an object, not a text"],
    [{ ...ACCEPTED, accepted_plan: {} }, "accepted_plan.summary is missing"],
    [{ ...ACCEPTED, accepted_plan: { summary: " " } }, "accepted_plan.summary must not be blank"],
    [{ ...ACCEPTED, accepted_plan: { summary: "s", x: 1 } }, "accepted_plan.x is unknown"],
    [{ ...ACCEPTED, accepted_plan: { summary: "s", branch: "a\nb" } }, "branch must be a single"],
    [{ ...ACCEPTED, accepted_plan: { summary: "s", role_plan: "x".repeat(16_385) } }, "role_plan"],
  ];
  for (const [value, detail] of cases) assertFault(JSON.stringify(value), detail);
  assertFault(JSON.stringify(AFTER).slice(0, -1), "line 2: not valid JSON");
  assertFault(JSON.stringify(AFTER).replace('"kind"', '"kind":"before","kind"'), "given twice");
  assertFault(JSON.stringify(AFTER).replace('"kind"', '"__proto__":{},"kind"'), "__proto__");
});

Deno.test("newPlanRecord() numbers by the lines that are there, blank ones left out", () => {
  const first = renderPlanRecord(newPlanRecord({ kind: "after", relatedTicket: B }, CONTEXT));
  const context = { ...CONTEXT, existing: `${first}\n\n${first}` };
  const { id } = newPlanRecord({ kind: "blocks", relatedTicket: B }, context);
  assertEquals(id, "orch-plan-20260601-000000-3");
});

Deno.test("newPlanRecord() trims, and takes blank texts for absent ones", () => {
  const { relatedTicket, note, acceptedPlan } = newPlanRecord({
    kind: "accepted_plan",
    relatedTicket: " ",
    note: " a\r\nb ",
    acceptedPlan: { summary: "  s\n", branch: " ", worktree: " w ", rolePlan: null },
  }, CONTEXT);
  assertEquals(
    { relatedTicket, note, acceptedPlan },
    {
      relatedTicket: null,
      note: "a\nb",
      acceptedPlan: { summary: "s", branch: null, worktree: "w", rolePlan: null },
    },
  );
});

Deno.test("newPlanRecord() refuses what a file could not hold, naming the field", () => {
  const cases: [input: NewPlan, words: string][] = [
    // @ts-expect-error A kind of relations.
    [{ kind: "depends_on", relatedTicket: B }, "plan kind"],
    [{ kind: "after" }, "needs related_ticket"],
    [{ kind: "after", relatedTicket: " \n" }, "needs related_ticket"],
    [{ kind: "after", relatedTicket: "a\nb" }, "plan related_ticket"],
    [{ kind: "after", relatedTicket: B, note: "a\x1b" }, "plan note"],
    [{ kind: "after", relatedTicket: B, note: "x".repeat(16_385) }, "plan note"],
    [{ kind: "waiting_capacity_note", note: " " }, "needs a note"],
    [{ kind: "waiting_capacity_note", note: "n", acceptedPlan: { summary: "s" } }, "must not have"],
    [{ kind: "accepted_plan" }, "needs accepted_plan"],
    [{ kind: "accepted_plan", acceptedPlan: { summary: "\n" } }, "accepted_plan.summary"],
    [{ kind: "accepted_plan", acceptedPlan: { summary: "s", branch: "a\tb" } }, "branch"],
  ];
  for (const [input, words] of cases) {
    assertTicketError(() => newPlanRecord(input, CONTEXT), "conflict", words);
  }
  const record = () =>
    newPlanRecord({ kind: "after", relatedTicket: B }, { ...CONTEXT, author: "" });
  assertTicketError(record, "conflict", "author");
});

Deno.test("planAppendixTo() puts in the LF that the last line lacks", () => {
  const record = newPlanRecord({ kind: "after", relatedTicket: B }, CONTEXT);
  const line = renderPlanRecord(record);
  assertEquals(planAppendixTo("", record), line);
  assertEquals(planAppendixTo(line, record), line);
  assertEquals(planAppendixTo(line.trimEnd(), record), `\n${line}`);
});

Deno.test("sortPlans() sorts by time, then id", () => {
  const record = (id: string, at: string): PlanRecord => ({
    ...newPlanRecord({ kind: "after", relatedTicket: B }, CONTEXT),
    id,
    at,
  });
  const sorted = sortPlans([record("b", "2"), record("a", "2"), record("c", "1")]);
  assertEquals(sorted.map(({ id }) => id), ["c", "a", "b"]);
});

Deno.test("parsePlans() and renderPlanRecord() round-trip", () => {
  const line = fc.string({ unit: "grapheme", maxLength: 30 })
    .filter((text) => !/[\r\n\0]/.test(text));
  const filledLine = line.filter((text) => text.trim() !== "");
  const text = fc.string({ unit: "grapheme", maxLength: 60 })
    .filter((one) => !one.includes("\0") && one.trim() !== "");
  const record: fc.Arbitrary<PlanRecord> = fc.constantFrom(...PLAN_KINDS).chain((row) =>
    fc.record({
      id: filledLine,
      ticketId: fc.constant(A),
      kind: fc.constant(row.kind),
      relatedTicket: row.needs === "relatedTicket" ? filledLine : fc.option(filledLine),
      note: row.needs === "note" ? text : fc.option(text),
      acceptedPlan: row.needs !== "acceptedPlan" ? fc.constant(null) : fc.record({
        summary: text,
        branch: fc.option(line),
        worktree: fc.option(line),
        rolePlan: fc.option(text),
      }),
      author: line,
      at: line,
    })
  );
  fc.assert(fc.property(fc.array(record), (records) => {
    assertEquals(parsePlans(records.map(renderPlanRecord).join(""), PLACE), records);
  }));
});

Deno.test("isPlanKind() knows plan kinds only", () => {
  assertEquals([isPlanKind("after"), isPlanKind("depends_on")], [true, false]);
});

Deno.test({
  name: "renderPlanRecord() gives back every line of the reference (needs ../shared/corpus)",
  ignore: !hasCorpus,
  fn() {
    const files = corpusFiles("orchestration-plan.jsonl");
    assertEquals(files.length > 0, true);
    for (const { path, ticketId, text } of files) {
      const records = parsePlans(text, { path, ticketId });
      assertEquals(records.map(renderPlanRecord).join(""), text, path);
    }
  },
});
