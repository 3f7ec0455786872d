import { assertEquals } from "@std/assert";
import { type NewEvent, renderEvent } from "../../lib/ticket/event_text.ts";
import type { LastWrites } from "../../lib/ticket/_last_writes.ts";
import { stateFields, stateLagOf } from "../../lib/ticket/_recovery.ts";
import type { TicketState } from "../../lib/ticket/states.ts";
import { parseThread } from "../../lib/ticket/thread.ts";
import { change, CHECKED_OUT, elsewhere, event, writtenAt } from "./_recovery_samples.ts";

/** State that the item is rolled forward to. */
function lag(
  state: TicketState,
  updatedAt: string | null,
  events: NewEvent[],
  lastWrites: LastWrites = CHECKED_OUT,
) {
  const thread = parseThread(events.map(renderEvent).join("\n"));
  const at = updatedAt === null ? null : `2026-06-01T${updatedAt}Z`;
  return stateLagOf({ state, updatedAt: at }, thread, () => lastWrites);
}

const CREATED = event("create", "09:00:00");
const STARTED = change("10:00:00", "queued", "inprogress");

Deno.test("stateLagOf() finds the state that a crash kept from the item", () => {
  assertEquals(lag("queued", "09:00:00", [CREATED, STARTED]), {
    from: "queued",
    to: "inprogress",
    line: 9,
    changes: { state: "inprogress", updated_at: "2026-06-01T10:00:00Z" },
  });
});

Deno.test("stateLagOf() gives what else the state needs", () => {
  const queued = lag("ready", "09:00:00", [change("10:00:00", "ready", "queued")]);
  assertEquals(queued?.changes, {
    state: "queued",
    updated_at: "2026-06-01T10:00:00Z",
    queued_by: "alice",
    queued_at: "2026-06-01T10:00:00Z",
  });
  const back = lag("queued", "09:00:00", [change("10:00:00", "queued", "planning")]);
  assertEquals(back?.changes, {
    state: "planning",
    updated_at: "2026-06-01T10:00:00Z",
    queued_by: undefined,
    queued_at: undefined,
  });
});

Deno.test("stateLagOf() knows the older name of the field", () => {
  const events = [change("10:00:00", "queued", "inprogress", "workflow_state")];
  assertEquals(lag("queued", "09:00:00", events)?.to, "inprogress");
});

Deno.test("stateLagOf() leaves what is in order, and what people did", () => {
  const none: [string, TicketState, string | null, NewEvent[]][] = [
    ["the state was written", "inprogress", "10:00:00", [CREATED, STARTED]],
    ["a state that is neither", "done", "09:00:00", [CREATED, STARTED]],
    ["edited by hand afterwards", "queued", "11:00:00", [CREATED, STARTED]],
    ["edited by hand, its time left", "queued", "10:00:00", [CREATED, STARTED]],
    ["without a time", "queued", null, [STARTED]],
    ["another field", "queued", "09:00:00", [change("10:00:00", "queued", "x", "priority")]],
    ["an unknown state", "queued", "09:00:00", [change("10:00:00", "queued", "paused")]],
    ["a way that does not exist", "queued", "09:00:00", [change("10:00:00", "queued", "done")]],
    ["no event", "queued", "09:00:00", []],
  ];
  for (const [why, state, updatedAt, events] of none) {
    assertEquals(lag(state, updatedAt, events), undefined, why);
  }
});

Deno.test("stateLagOf(): within one second the order of the writes tells a crash from an edit", () => {
  const at = "10:00:00";
  const moment = Date.UTC(2026, 5, 1, 10);
  const events = [
    event("create", at),
    event("intake_summary", at),
    change(at, "planning", "ready"),
  ];
  const found = (lastWrites: LastWrites) => lag("planning", at, events, lastWrites)?.to;
  assertEquals(found(writtenAt(moment + 10, moment + 20)), "ready");
  assertEquals(found(writtenAt(moment + 20, moment + 20)), undefined, "who knows");
  assertEquals(found(writtenAt(moment + 30, moment + 20)), undefined, "edited");
  assertEquals(found(writtenAt(moment + 10_000, moment + 10_010)), undefined, "a copy");
  assertEquals(found({ item: null, thread: null, threadMade: null }), undefined, "nobody knows");
  assertEquals(lag("planning", "09:59:59", events)?.to, "ready", "an item that is older");
});

Deno.test("stateLagOf() leaves what was done elsewhere", () => {
  assertEquals(lag("queued", "09:00:00", [elsewhere(STARTED)]), undefined);
  assertEquals(lag("queued", "09:00:00", [STARTED, elsewhere(STARTED)])?.line, 1);
});

Deno.test("stateLagOf() looks at the last change of state only, whatever was recorded since", () => {
  const comment = event("comment", "10:00:01");
  assertEquals(lag("queued", "09:00:00", [STARTED, comment])?.to, "inprogress");
  const done = change("10:00:02", "inprogress", "done");
  assertEquals(lag("queued", "09:00:00", [STARTED, done]), undefined);
});

Deno.test("stateLagOf(): times that cannot be compared conclude nothing", () => {
  const thread = parseThread(renderEvent({ ...STARTED, at: "yesterday" }));
  const fields = { state: "queued", updatedAt: "2026-06-01T00:00:00Z" } as const;
  assertEquals(stateLagOf(fields, thread, () => CHECKED_OUT), undefined);
});

Deno.test("stateFields() keeps who queued a ticket until it is planned again", () => {
  assertEquals(Object.keys(stateFields("inprogress", "t", "a")), ["state", "updated_at"]);
  assertEquals("queued_by" in stateFields("planning", "t", "a"), true);
});

Deno.test("stateLagOf() takes the merge of two branches for no crash", () => {
  // One branch went to planning and stayed; the other went there, wrote a comment, and came back.
  const merged = [
    change("10:00:00", "ready", "planning"),
    change("10:00:01", "ready", "planning"),
    event("comment", "10:00:01"),
    change("10:00:01", "planning", "ready"),
  ];
  const moment = Date.UTC(2026, 5, 1, 10, 0, 1);
  const now = writtenAt(moment, moment + 10);
  assertEquals(lag("planning", "10:00:01", merged, now), undefined);
  // The same second without a second branch is a crash.
  assertEquals(lag("planning", "10:00:01", merged.slice(1), now)?.to, "ready");
});

Deno.test("stateLagOf() leaves the state of the branch whose item was kept in a merge", () => {
  // The other branch queued the ticket as well, and began it later than this item was written.
  const merged = [
    change("09:00:00", "ready", "queued"),
    change("09:30:00", "ready", "queued"),
    STARTED,
  ];
  assertEquals(lag("queued", "09:00:00", merged), undefined);
  assertEquals(lag("queued", "09:30:00", merged), undefined);
  assertEquals(lag("queued", "09:30:00", merged.slice(1))?.to, "inprogress", "one history");
});

Deno.test("stateLagOf() completes a change behind a closing that left no change of state, as of old", () => {
  const reopened = [
    change("08:00:00", "queued", "inprogress"),
    event("close", "08:10:00"),
    change("09:00:00", "closed", "planning"),
    change("10:00:00", "planning", "ready"),
  ];
  assertEquals(lag("planning", "09:00:00", reopened)?.to, "ready");
  // Both branches have reopened it.
  const merged = [...reopened.slice(0, 3), change("09:30:00", "closed", "planning"), reopened[3]!];
  assertEquals(lag("planning", "09:00:00", merged), undefined);
});
