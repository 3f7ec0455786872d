import { assertEquals } from "@std/assert";
import { editLagOf } from "../../lib/ticket/_edit_recovery.ts";
import { type NewEvent, renderEvent } from "../../lib/ticket/event_text.ts";
import { fieldDifferences, fieldLagsOf } from "../../lib/ticket/_field_recovery.ts";
import { readItem, type TicketItem } from "../../lib/ticket/item.ts";
import { changesFor, lagsOf } from "../../lib/ticket/_lags.ts";
import type { LastWrites } from "../../lib/ticket/_last_writes.ts";
import { parseThread, type Thread } from "../../lib/ticket/thread.ts";
import { change, CHECKED_OUT, elsewhere, event, writtenAt } from "./_recovery_samples.ts";

const CREATED = event("create", "09:00:00");
const SET = change("10:00:00", "null", "P1", "priority");

/** Moment of {@linkcode SET}. */
const MOMENT = Date.UTC(2026, 5, 1, 10);

Deno.test("fieldLagsOf() finds the value that a crash kept from the item", () => {
  assertEquals(lags({ priority: null }, "09:00:00", [CREATED, SET]), [{
    field: "priority",
    to: "P1",
    line: 9,
    changes: { priority: "P1", updated_at: "2026-06-01T10:00:00Z" },
  }]);
  const unset = change("10:00:00", "P1", "null", "priority");
  assertEquals(lags({ priority: "P1" }, "09:00:00", [unset])[0]?.to, null);
});

Deno.test("fieldLagsOf() finds each field by its own last change, whatever was recorded since", () => {
  const events = [
    SET,
    change("10:00:01", "null", "kim", "assignee"),
    change("10:00:02", "P1", "P2", "priority"),
    event("comment", "11:00:00"),
  ];
  const found = lags({ priority: "P1", assignee: null }, "09:00:00", events);
  assertEquals(found.map(({ field, to }) => [field, to]), [["priority", "P2"], [
    "assignee",
    "kim",
  ]]);
});

Deno.test("fieldLagsOf() leaves what is in order, and what people did", () => {
  const flags = change("10:00:00", "null", "io", "risk_flags");
  const byHand = event("item_edit", "10:00:01");
  const none: [string, string | null, string, NewEvent[]][] = [
    ["it was written", "P1", "09:00:00", [CREATED, SET]],
    ["neither of them", "P2", "09:00:00", [CREATED, SET]],
    ["edited since", null, "10:00:01", [CREATED, SET]],
    ["a state", null, "09:00:00", [change("10:00:00", "queued", "inprogress")]],
    ["a field that holds a list", null, "09:00:00", [flags]],
    ["done elsewhere", null, "09:00:00", [elsewhere(SET)]],
    ["an edit that may have taken it back", null, "09:00:00", [SET, byHand]],
  ];
  for (const [why, priority, updatedAt, events] of none) {
    assertEquals(lags({ priority }, updatedAt, events), [], why);
  }
});

Deno.test("fieldLagsOf() leaves the value of the branch whose item was kept in a merge", () => {
  const first = change("09:30:00", "null", "P1", "priority");
  const more = change("10:00:01", "P1", "P2", "priority");
  assertEquals(lags({ priority: "P1" }, "09:30:00", [first, SET, more]), []);
  assertEquals(lags({ priority: "P1" }, "09:30:00", [first, more]).length, 1, "one history");
});

Deno.test("fieldLagsOf() completes a change behind an edit that changed the field as well", () => {
  const first = change("09:00:00", "null", "P1", "priority");
  const events = [
    first,
    event("item_edit", "09:30:00"),
    change("10:00:00", "P2", "P3", "priority"),
  ];
  assertEquals(lags({ priority: "P2" }, "09:30:00", events)[0]?.to, "P3");
});

Deno.test("fieldLagsOf(): within one second the times of the files decide, of the last event", () => {
  const found = (lastWrites: LastWrites, events = [CREATED, SET]) =>
    lags({ priority: null }, "10:00:00", events, lastWrites).length;
  const crashed = writtenAt(MOMENT + 10, MOMENT + 20);
  assertEquals(found(crashed), 1);
  assertEquals(found(writtenAt(MOMENT + 20, MOMENT + 20)), 0, "who knows");
  assertEquals(found(writtenAt(MOMENT + 30, MOMENT + 20)), 0, "edited");
  assertEquals(found(CHECKED_OUT), 0, "a copy");
  const comment = event("comment", "10:00:00");
  assertEquals(found(crashed, [SET, comment]), 0, "who wrote it made up for a crash before");
  const taken = change("09:30:00", "P3", "P2", "priority");
  assertEquals(found(crashed, [taken, SET]), 0, "two branches, or a hand between");
});

Deno.test("fieldDifferences() tells of values that are not those of their last change", () => {
  assertEquals(differences({ priority: null }, [CREATED, SET]), [
    { field: "priority", held: null, recorded: "P1", line: 9 },
  ]);
  const team = change("10:00:00", "null", "core", "team");
  assertEquals(differences({ team: "docs" }, [team])[0]?.held, "docs", "whatever the field");
  const retitled = event("item_edit", "10:00:01", {}, "Item updated: title, body.");
  assertEquals(differences({ priority: null }, [SET, retitled]).length, 1);
});

Deno.test("fieldDifferences() leaves out what the thread explains", () => {
  const none: [string, string | null, NewEvent[]][] = [
    ["as recorded", "P1", [SET]],
    ["edited", "P2", [SET, event("item_edit", "10:00:01", {}, "Item updated: frontmatter.")]],
    ["edited, in others' words", "P2", [SET, event("item_edit", "10:00:01", {}, "Tidied up.")]],
    ["made elsewhere", "P2", [SET, elsewhere(change("10:00:01", "P1", "P2", "priority"))]],
    ["kept in a merge", "P2", [change("09:30:00", "null", "P2", "priority"), SET]],
    ["who queued it", null, [change("10:00:00", "null", "kim", "queued_by")]],
  ];
  for (const [why, priority, events] of none) {
    assertEquals(differences({ priority }, events), [], why);
  }
  assertEquals(differences({ priority: "P2" }, [CREATED]), [], "never changed");
});

Deno.test("editLagOf() finds the edit that a crash kept from the item, if it came last", () => {
  const edit = event("item_edit", "10:00:00");
  const found = (updatedAt: string, events: NewEvent[], lastWrites = CHECKED_OUT) => {
    const at = `2026-06-01T${updatedAt}Z`;
    return editLagOf({ updatedAt: at }, threadOf(events), () => lastWrites)?.line;
  };
  assertEquals(found("09:00:00", [CREATED, edit]), 9);
  assertEquals(found("10:00:01", [CREATED, edit]), undefined);
  assertEquals(found("09:00:00", [edit, event("comment", "10:00:01")]), undefined);

  const same = (lastWrites: LastWrites) => found("10:00:00", [edit], lastWrites);
  const crashed = writtenAt(MOMENT + 10, MOMENT + 20);
  assertEquals(same(crashed), 1);
  assertEquals(same(writtenAt(MOMENT + 30, MOMENT + 20)), undefined, "it was written");
  assertEquals(same(CHECKED_OUT), undefined);
  const copied = { ...crashed, threadMade: MOMENT + 18 };
  assertEquals(same(copied), undefined, "checked out in the second of the edit");
  assertEquals(same({ ...copied, item: MOMENT + 19 }), 1, "grown since");
  assertEquals(same({ ...crashed, threadMade: null }), undefined, "nobody knows");
});

Deno.test("lagsOf() finds everything in the files as they are, changesFor() writes it at one go", () => {
  const events = [
    change("10:00:00", "planning", "ready"),
    change("10:00:05", "null", "P1", "priority"),
    change("10:00:03", "null", "kim", "assignee"),
  ];
  const item = itemWith({ priority: null, assignee: null }, "09:00:00");
  const found = lagsOf(item, threadOf(events), () => CHECKED_OUT);
  assertEquals(changesFor(found), {
    state: "ready",
    priority: "P1",
    assignee: "kim",
    updated_at: "2026-06-01T10:00:05Z",
  });
  assertEquals(changesFor({ state: undefined, fields: [], edit: { line: 1 } }), undefined);
});

type Values = Readonly<Record<string, string | null>>;

function lags(
  values: Values,
  updatedAt: string,
  events: NewEvent[],
  lastWrites: LastWrites = CHECKED_OUT,
): ReturnType<typeof fieldLagsOf> {
  return fieldLagsOf(itemWith(values, updatedAt), threadOf(events), () => lastWrites);
}

function differences(values: Values, events: NewEvent[]): ReturnType<typeof fieldDifferences> {
  return fieldDifferences(itemWith(values, "10:00:00"), threadOf(events));
}

function itemWith(values: Values, updatedAt: string): TicketItem {
  const lines = Object.entries(values).map(([key, value]) => `${key}: ${value}\n`).join("");
  const text =
    `---\ntitle: 'x'\nstate: 'planning'\n${lines}updated_at: '2026-06-01T${updatedAt}Z'\n---\n`;
  const item = readItem(text, { path: "item.md", generation: "v3" });
  if (item === "needs_yaml") throw new Error("not strict");
  return item;
}

function threadOf(events: NewEvent[]): Thread {
  return parseThread(events.map(renderEvent).join("\n"));
}
