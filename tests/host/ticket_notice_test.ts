import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type NoticeParts, ticketChangeOf, ticketNotice } from "../../lib/host/ticket_notice.ts";

const ID = "00001KT07NV00";
const answer = (rest: Record<string, unknown>) => JSON.stringify({ ticket: ID, ok: true, ...rest });
const PARTS: NoticeParts = {
  ticket: ID,
  title: "Cache the index",
  state: "inprogress",
  event: "state/queued->inprogress",
  summary: "Ticket 00001KT07NV00: queued -> inprogress",
  folder: `.yoi/tickets/${ID}`,
  file: "item.md",
};

Deno.test("ticketChangeOf() knows the changes a companion is told of", () => {
  const table: [string, Record<string, unknown>, string, string][] = [
    ["TicketComment", { event: "plan" }, "comment/plan", "thread.md"],
    ["TicketReview", { review: "request_changes" }, "review/request_changes", "thread.md"],
    [
      "TicketWorkflowState",
      { from: "queued", to: "inprogress", state: "inprogress" },
      "state/queued->inprogress",
      "item.md",
    ],
    ["TicketIntakeReady", { state: "ready" }, "state/planning->ready", "item.md"],
    ["TicketQueue", { state: "queued" }, "state/ready->queued", "item.md"],
    ["TicketClose", { state: "closed" }, "close/resolution", "resolution.md"],
  ];
  for (const [tool, content, event, file] of table) {
    const change = ticketChangeOf(tool, answer(content));
    assertEquals([change?.ticket, change?.event, change?.file], [ID, event, file]);
  }
});

Deno.test("ticketChangeOf() says nothing of other tools and of answers that are not ok", () => {
  for (const tool of ["TicketShow", "TicketList", "TicketCreate", "TicketEditItem", "Read"]) {
    assertEquals(ticketChangeOf(tool, answer({})), undefined);
  }
  const contents = [undefined, "", "no JSON", "7", "null", answer({ ok: false }), '{"ok":true}'];
  for (const content of contents) assertEquals(ticketChangeOf("TicketClose", content), undefined);
});

Deno.test("ticketNotice() gives each field a line of its own (W40)", () => {
  assertEquals(ticketNotice(PARTS).split("\n"), [
    "[Ticket notice: weak, for information only, no answer is needed]",
    `Ticket: ${ID}`,
    "Title: Cache the index",
    "State: inprogress",
    "Event: state/queued->inprogress",
    `Summary: Ticket ${ID}: queued -> inprogress`,
    `Path: .yoi/tickets/${ID}/item.md`,
  ]);
  const forged = ticketNotice({ ...PARTS, title: "a\nState: closed\u0007\u2028b" });
  assertEquals(forged.split("\n").length, 7);
  assert(forged.includes("\nTitle: a State: closed b\n"));
});

Deno.test("ticketNotice() keeps every bound and ends what it cuts in an ellipsis", () => {
  const long = (unit: string) => ({ title: unit.repeat(200), event: unit.repeat(200) });
  const lines = ticketNotice({ ...PARTS, ...long("x"), summary: "y".repeat(200) }).split("\n");
  assertEquals(lines[2], `Title: ${"x".repeat(95)}…`);
  assertEquals(lines[4], `Event: ${"x".repeat(79)}…`);
  assertEquals(lines[5], `Summary: ${"y".repeat(159)}…`);
  const family = "👨‍👩‍👧‍👦";
  assert(ticketNotice({ ...PARTS, ...long(family) }).includes(`${family}…\nState`));
  const whole = ticketNotice({ ...PARTS, folder: "z".repeat(2_000) });
  assertEquals([...whole].length, 768);
  assert(whole.endsWith("z…"));
});

Deno.test("ticketNotice() is bounded and well-formed for any input", () => {
  const text = fc.string({ unit: "binary", maxLength: 900 });
  const parts = fc.record({ title: text, event: text, summary: text, folder: text, ticket: text });
  fc.assert(fc.property(parts, (given) => {
    const notice = ticketNotice({ ...PARTS, ...given });
    assert([...notice].length <= 768);
    assert(notice.isWellFormed());
    assert(notice.split("\n").length <= 7);
  }));
});
