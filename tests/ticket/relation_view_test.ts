import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  describeBlocker,
  isRelationKind,
  type Relation,
  RELATION_KINDS,
  type RelationKind,
  relationView,
  sortRelations,
} from "../../lib/ticket/relation_view.ts";
import { TICKET_STATES, type TicketState } from "../../lib/ticket/states.ts";

const A = "00001KT07NV00";
const B = "00001KT07NV01";
const C = "00001KT07NV02";
const D = "00001KT07NV03";

function relation(
  ticketId: string,
  kind: RelationKind,
  target: string,
  more: Partial<Relation> = {},
): Relation {
  return { ticketId, kind, target, note: null, author: "i", at: "2026-06-01T00:00:00Z", ...more };
}

const inState = (states: Record<string, TicketState>) => (id: string) => states[id];
const everywhere = (state: TicketState) => () => state;

Deno.test("relationView() sorts outgoing by kind, target, at", () => {
  const all = [
    relation(A, "duplicate_of", B),
    relation(A, "related", C, { at: "2026-06-02T00:00:00Z", note: "later" }),
    relation(A, "related", C),
    relation(A, "supersedes", B),
    relation(A, "related", B),
    relation(A, "blocks", C),
    relation(A, "depends_on", D),
  ];
  const { outgoing } = relationView(A, all, everywhere("done"));
  assertEquals(outgoing.map(({ kind, target, at }) => `${kind} ${target} ${at.slice(8, 10)}`), [
    `depends_on ${D} 01`,
    `blocks ${C} 01`,
    `related ${B} 01`,
    `related ${C} 01`,
    `related ${C} 02`,
    `supersedes ${B} 01`,
    `duplicate_of ${B} 01`,
  ]);
});

Deno.test("relationView() names incoming relations by their inverse and sorts by that name", () => {
  const all = RELATION_KINDS.flatMap(({ kind }) => [relation(C, kind, A), relation(B, kind, A)]);
  const { incoming, outgoing } = relationView(A, all, everywhere("done"));
  assertEquals(outgoing, []);
  assertEquals(incoming.map((one) => `${one.inverseKind} ${one.forwardKind} ${one.sourceTicket}`), [
    `blocked_by blocks ${B}`,
    `blocked_by blocks ${C}`,
    `dependency_of depends_on ${B}`,
    `dependency_of depends_on ${C}`,
    `duplicated_by duplicate_of ${B}`,
    `duplicated_by duplicate_of ${C}`,
    `related related ${B}`,
    `related related ${C}`,
    `superseded_by supersedes ${B}`,
    `superseded_by supersedes ${C}`,
  ]);
});

Deno.test("relationView() blocks the owner of depends_on and the target of blocks until resolved", () => {
  const all = [relation(A, "depends_on", B), relation(C, "blocks", A), relation(A, "blocks", D)];
  for (const state of TICKET_STATES) {
    const { blockers } = relationView(A, all, everywhere(state));
    const expected = state === "done" || state === "closed"
      ? []
      : [`${C} via blocked_by (state: ${state})`, `${B} via depends_on (state: ${state})`];
    assertEquals(blockers.map(describeBlocker), expected);
  }
});

Deno.test("relationView() counts a missing target as planning, so it blocks", () => {
  const { blockers } = relationView(A, [relation(A, "depends_on", B, { note: "n" })], inState({}));
  assertEquals(blockers, [{
    blockingTicket: B,
    reasonKind: "depends_on",
    relationKind: "depends_on",
    note: "n",
    blockingState: "planning",
  }]);
});

Deno.test("relationView() tells both sides of a replacement and of a duplicate", () => {
  const all = [
    relation(A, "supersedes", C),
    relation(A, "supersedes", B),
    relation(D, "duplicate_of", A),
    relation(A, "related", D),
  ];
  const seen = relationView(A, all, everywhere("ready")).notices;
  assertEquals(seen.map(({ kind, relatedTicket }) => `${kind} ${relatedTicket}`), [
    `duplicated_by ${D}`,
    `supersedes ${B}`,
    `supersedes ${C}`,
  ]);
  for (const { message, relatedTicket } of seen) {
    assertEquals(message.includes(relatedTicket) && !message.includes("\n"), true);
  }
  const other = relationView(B, all, everywhere("ready")).notices;
  assertEquals(other.map(({ kind }) => kind), ["superseded_by"]);
});

Deno.test("relationView() writes an id with $ signs into its notice as it is", () => {
  const [notice] = relationView(A, [relation(A, "supersedes", "$&")], everywhere("ready")).notices;
  assertEquals(notice?.message.includes("$&:"), true);
});

Deno.test("relationView() counts exact repeats once, and a blocker told twice once", () => {
  const all = [
    relation(A, "depends_on", B),
    relation(A, "depends_on", B),
    relation(A, "depends_on", B, { note: "again" }),
  ];
  const view = relationView(A, all, everywhere("ready"));
  assertEquals(view.outgoing.length, 2);
  assertEquals(view.blockers.length, 1);
});

Deno.test("relationView() does not depend on the order of relations and changes none", () => {
  const anyRelation = fc.record({
    ticketId: fc.constantFrom(A, B, C),
    kind: fc.constantFrom(...RELATION_KINDS.map((row) => row.kind)),
    target: fc.constantFrom(A, B, C, D),
    note: fc.constant(null),
    author: fc.constant("i"),
    at: fc.constantFrom("2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z"),
  });
  const states = inState({ [A]: "ready", [B]: "done", [C]: "queued" });
  fc.assert(fc.property(fc.array(anyRelation), (all) => {
    const before = structuredClone(all);
    const view = relationView(A, all, states);
    assertEquals(all, before);
    assertEquals(relationView(A, all.toReversed(), states), view);
    for (const { blockingTicket } of view.blockers) assertEquals(blockingTicket === B, false);
  }));
});

Deno.test("sortRelations() sorts by ticket, kind, target, at and drops exact repeats", () => {
  const first = relation(A, "related", C);
  const second = relation(B, "depends_on", C);
  assertEquals(sortRelations([second, first, second]), [first, second]);
});

Deno.test("isRelationKind() knows forward names only", () => {
  assertEquals(isRelationKind("blocks"), true);
  assertEquals(isRelationKind("blocked_by"), false);
  assertEquals(isRelationKind("constructor"), false);
});
