import { assertEquals } from "@std/assert";
import { checkDependencies } from "../../lib/ticket/dependency_check.ts";
import type { Blocker } from "../../lib/ticket/relation_view.ts";
import { TICKET_STATES } from "../../lib/ticket/states.ts";

const BLOCKER: Blocker = {
  blockingTicket: "00001KT07NV01",
  reasonKind: "depends_on",
  relationKind: "depends_on",
  note: null,
  blockingState: "planning",
};

Deno.test("checkDependencies(): only a ready ticket without blockers can be queued", () => {
  for (const state of TICKET_STATES) {
    assertEquals(checkDependencies(state, []).canQueue, state === "ready");
    assertEquals(checkDependencies(state, [BLOCKER]).canQueue, false);
  }
  assertEquals(checkDependencies("planning", [BLOCKER]).reasons, [
    "it is planning, not ready",
    "it is blocked by 00001KT07NV01 via depends_on (state: planning)",
  ]);
});

Deno.test("checkDependencies() says what to do next", () => {
  const next = TICKET_STATES.map((state) =>
    checkDependencies(state, [BLOCKER, BLOCKER]).nextAction
  );
  assertEquals(next, [
    "Finish planning and make it ready with an intake summary.",
    "Resolve 00001KT07NV01 first.",
    "Resolve 00001KT07NV01 first.",
    "Finish the work: move it to done.",
    "Close it with a resolution.",
    "Nothing is left to do.",
  ]);
  assertEquals(checkDependencies("ready", []).nextAction, "Queue it.");
});

Deno.test("checkDependencies() tells what could not be read of others, and takes it for no blocker", () => {
  const others = [{ path: "x/artifacts/relations.json", reason: "no JSON" }];
  const check = checkDependencies("ready", [], { others });
  assertEquals([check.canQueue, check.problems], [true, others]);
  assertEquals(
    check.nextAction,
    "Repair what cannot be read: it may name a ticket that comes first. Queue it.",
  );
  assertEquals(
    checkDependencies("planning", [], { others }).nextAction.includes("Repair"),
    false,
  );
});

Deno.test("checkDependencies() refuses a ticket that cannot be read itself", () => {
  const own = [{ path: "x/thread.md", reason: "no UTF-8" }];
  const others = [{ path: "y/artifacts/relations.json", reason: "no JSON" }];
  assertEquals(checkDependencies("ready", [BLOCKER], { own, others }), {
    blockers: [BLOCKER],
    canQueue: false,
    reasons: [
      '"x/thread.md" cannot be read: no UTF-8',
      "it is blocked by 00001KT07NV01 via depends_on (state: planning)",
    ],
    nextAction: 'Repair "x/thread.md" first.',
    problems: [...own, ...others],
  });
  assertEquals(checkDependencies("closed", [], { own }).nextAction, "Nothing is left to do.");
  const relations = [{ path: "x/artifacts/relations.json", reason: "no JSON" }];
  const next = TICKET_STATES.map((state) =>
    checkDependencies(state, [], { own: relations }).nextAction.startsWith("Repair")
  );
  assertEquals(next, [true, true, true, false, false, false]);
  assertEquals(checkDependencies("done", [], { own }).nextAction, 'Repair "x/thread.md" first.');
});

Deno.test("checkDependencies() refuses a ticket of the first generation", () => {
  const check = checkDependencies("ready", [], { isFirstGeneration: true });
  assertEquals([check.canQueue, check.nextAction], [
    false,
    "Migrate the tickets first: `yoi ticket migrate`.",
  ]);
  assertEquals(check.reasons, ["it is a v1 ticket, whose state changes after a migration"]);
});
