/**
 * What relations mean for a ticket, seen from both ends, and what blocks it.
 *
 * Source: tickets specification, sections 6.2 and 6.3.
 *
 * @module
 */

import { compareTexts } from "./_order.ts";
import { isResolved, type TicketState } from "./states.ts";

/** Kind of a relation, as its owner stores it. */
export type RelationKind = "depends_on" | "blocks" | "related" | "supersedes" | "duplicate_of";

/** Name of a relation seen from its target. */
export type InverseRelationKind =
  | "dependency_of"
  | "blocked_by"
  | "related"
  | "superseded_by"
  | "duplicated_by";

/** One stored relation, owned by `ticketId`. */
export interface Relation {
  /** Its owner. */
  readonly ticketId: string;
  /** Its kind, as seen by the owner. */
  readonly kind: RelationKind;
  /** The other ticket. */
  readonly target: string;
  /** Why, in any number of lines. */
  readonly note: string | null;
  /** Who said so. */
  readonly author: string;
  /** When, UTC. */
  readonly at: string;
}

/** A relation that another ticket owns and that points here. */
export interface IncomingRelation {
  /** Its owner. */
  readonly sourceTicket: string;
  /** Its name as seen from here. */
  readonly inverseKind: InverseRelationKind;
  /** Its name as stored. */
  readonly forwardKind: RelationKind;
  /** Why, in any number of lines. */
  readonly note: string | null;
  /** Who said so. */
  readonly author: string;
  /** When, UTC. */
  readonly at: string;
}

/** A ticket that keeps this one from being queued. */
export interface Blocker {
  /** The ticket to wait for. */
  readonly blockingTicket: string;
  /** `blocked_by` if the other ticket says so, `depends_on` if this one does. */
  readonly reasonKind: "blocked_by" | "depends_on";
  /** Kind of the stored relation. */
  readonly relationKind: RelationKind;
  /** Why, in any number of lines. */
  readonly note: string | null;
  /** State of that ticket; one that does not exist counts as `planning`. */
  readonly blockingState: TicketState;
}

/** Something to consider before work on a ticket begins. */
export interface RelationNotice {
  /** The other ticket. */
  readonly relatedTicket: string;
  /** Name of the relation as seen from here. */
  readonly kind: RelationKind | InverseRelationKind;
  /** One line that names the other ticket. */
  readonly message: string;
}

/** What relations say about one ticket. Only `outgoing` is stored, the rest is derived. */
export interface RelationView {
  /** Sorted by kind (in the order of the table), target, at. */
  readonly outgoing: readonly Relation[];
  /** Sorted by inverse name, source, at. */
  readonly incoming: readonly IncomingRelation[];
  /** Sorted by reason, then id. */
  readonly blockers: readonly Blocker[];
  /** Sorted by kind, then id. */
  readonly notices: readonly RelationNotice[];
}

/** What one kind of relation means. */
export interface RelationKindRow {
  /** Name as its owner stores it. */
  readonly kind: RelationKind;
  /** Name as its target sees it. */
  readonly inverse: InverseRelationKind;
  /** Which end waits until the other one is resolved. */
  readonly blocks?: "owner" | "target";
  /** Notices to both sides before work begins. */
  readonly notice?: {
    /** To the owner; `{id}` stands for the target. */
    readonly outgoing: string;
    /** To the target; `{id}` stands for the owner. */
    readonly incoming: string;
  };
}

/** Every kind of relation, in the order by which lists are sorted. */
export const RELATION_KINDS: readonly RelationKindRow[] = [
  { kind: "depends_on", inverse: "dependency_of", blocks: "owner" },
  { kind: "blocks", inverse: "blocked_by", blocks: "target" },
  { kind: "related", inverse: "related" },
  {
    kind: "supersedes",
    inverse: "superseded_by",
    notice: {
      outgoing: "this ticket supersedes {id}: check which of the two holds before routing",
      incoming: "this ticket is superseded by {id}: check the replacement before routing",
    },
  },
  {
    kind: "duplicate_of",
    inverse: "duplicated_by",
    notice: {
      outgoing: "this ticket duplicates {id}: do not implement the same thing twice",
      incoming: "this ticket is duplicated by {id}: do not implement the same thing twice",
    },
  },
];

/** Whether a word names a kind of relation. */
export function isRelationKind(word: unknown): word is RelationKind {
  return RELATION_KINDS.some((row) => row.kind === word);
}

/** Place of a kind in {@linkcode RELATION_KINDS}: what lists of relations are sorted by. */
function relationRank(kind: RelationKind): number {
  return RELATION_KINDS.findIndex((row) => row.kind === kind);
}

/**
 * What relations say about one ticket. Relations of other tickets are ignored, and exact repeats
 * count once.
 *
 * @param id The ticket.
 * @param all Relations of any tickets, in any order.
 * @param stateOf State of a ticket, `undefined` if there is no such ticket: it then counts as
 * `planning`, so that whatever waits for it keeps waiting.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { describeBlocker, relationView } from "./relation_view.ts";
 *
 * const view = relationView("00001KT07NV00", [{
 *   ticketId: "00001KT07NV00",
 *   kind: "depends_on",
 *   target: "00001KT07NV01",
 *   note: null,
 *   author: "intake",
 *   at: "2026-06-01T00:00:00Z",
 * }], () => "ready");
 * assertEquals(view.blockers.map(describeBlocker), [
 *   "00001KT07NV01 via depends_on (state: ready)",
 * ]);
 * ```
 */
export function relationView(
  id: string,
  all: readonly Relation[],
  stateOf: (id: string) => TicketState | undefined,
): RelationView {
  const touching = withoutRepeats(
    all.filter((relation) => relation.ticketId === id || relation.target === id),
  );
  const outgoing = touching.filter((relation) => relation.ticketId === id).sort(byKindAndTarget);
  const incoming = touching.filter((relation) => relation.target === id);
  return {
    outgoing,
    incoming: incoming.map(asIncoming).sort(byInverseAndSource),
    blockers: blockersOf(outgoing, incoming, stateOf),
    notices: noticesOf(outgoing, incoming),
  };
}

/** A blocker in words, as error messages name it: `<id> via <reason> (state: <state>)`. */
export function describeBlocker(blocker: Blocker): string {
  const { blockingTicket, reasonKind, blockingState } = blocker;
  return `${blockingTicket} via ${reasonKind} (state: ${blockingState})`;
}

/** Relations in the order of queries: ticket, kind, target, at; exact repeats removed. */
export function sortRelations(relations: readonly Relation[]): Relation[] {
  return withoutRepeats(relations).sort((a, b) =>
    compareTexts(a.ticketId, b.ticketId) || byKindAndTarget(a, b)
  );
}

/** Who waits for whom by a relation; `undefined` when nobody does. */
export function waitOf(
  { ticketId, kind, target }: Pick<Relation, "ticketId" | "kind" | "target">,
): { readonly waiter: string; readonly blocker: string } | undefined {
  switch (rowOf(kind).blocks) {
    case "owner":
      return { waiter: ticketId, blocker: target };
    case "target":
      return { waiter: target, blocker: ticketId };
    case undefined:
      return undefined;
  }
}

function rowOf(kind: RelationKind): RelationKindRow {
  const row = RELATION_KINDS.find((one) => one.kind === kind);
  if (row === undefined) throw new TypeError(`Cannot read relation kind "${kind}": unknown`);
  return row;
}

function asIncoming(relation: Relation): IncomingRelation {
  const { ticketId, kind, note, author, at } = relation;
  return {
    sourceTicket: ticketId,
    inverseKind: rowOf(kind).inverse,
    forwardKind: kind,
    note,
    author,
    at,
  };
}

function blockersOf(
  outgoing: readonly Relation[],
  incoming: readonly Relation[],
  stateOf: (id: string) => TicketState | undefined,
): Blocker[] {
  const blocker = (blockingTicket: string, reasonKind: Blocker["reasonKind"], from: Relation) => ({
    blockingTicket,
    reasonKind,
    relationKind: from.kind,
    note: from.note,
    blockingState: stateOf(blockingTicket) ?? "planning",
  });
  const candidates = [
    ...outgoing.filter(({ kind }) => rowOf(kind).blocks === "owner")
      .map((relation) => blocker(relation.target, "depends_on", relation)),
    ...incoming.filter(({ kind }) => rowOf(kind).blocks === "target")
      .map((relation) => blocker(relation.ticketId, "blocked_by", relation)),
  ];
  return firstOfEach(
    candidates.filter((one) => !isResolved(one.blockingState)),
    (one) => `${one.reasonKind} ${one.blockingTicket}`,
  ).sort((a, b) =>
    compareTexts(a.reasonKind, b.reasonKind) || compareTexts(a.blockingTicket, b.blockingTicket)
  );
}

function noticesOf(
  outgoing: readonly Relation[],
  incoming: readonly Relation[],
): RelationNotice[] {
  const notice = (
    relatedTicket: string,
    kind: RelationNotice["kind"],
    template: string | undefined,
  ) =>
    template === undefined
      ? []
      : [{ relatedTicket, kind, message: template.replace("{id}", () => relatedTicket) }];
  const all = [
    ...outgoing.flatMap(({ kind, target }) => notice(target, kind, rowOf(kind).notice?.outgoing)),
    ...incoming.flatMap(({ kind, ticketId }) =>
      notice(ticketId, rowOf(kind).inverse, rowOf(kind).notice?.incoming)
    ),
  ];
  return firstOfEach(all, (one) => `${one.kind} ${one.relatedTicket}`)
    .sort((a, b) => compareTexts(a.kind, b.kind) || compareTexts(a.relatedTicket, b.relatedTicket));
}

function byKindAndTarget(a: Relation, b: Relation): number {
  return relationRank(a.kind) - relationRank(b.kind) || compareTexts(a.target, b.target) ||
    compareTexts(a.at, b.at);
}

function byInverseAndSource(a: IncomingRelation, b: IncomingRelation): number {
  return compareTexts(a.inverseKind, b.inverseKind) ||
    compareTexts(a.sourceTicket, b.sourceTicket) ||
    compareTexts(a.at, b.at);
}

function withoutRepeats(relations: readonly Relation[]): Relation[] {
  return firstOfEach(
    relations,
    ({ ticketId, kind, target, note, author, at }) =>
      JSON.stringify([ticketId, kind, target, note, author, at]),
  );
}

function firstOfEach<T>(values: readonly T[], keyOf: (value: T) => string): T[] {
  const first = new Map<string, T>();
  for (const value of values) {
    const key = keyOf(value);
    if (!first.has(key)) first.set(key, value);
  }
  return [...first.values()];
}
