/**
 * `artifacts/relations.json`: the relations that one ticket owns.
 *
 * Source: tickets specification, sections 6.1 and 6.4.
 *
 * @module
 */

import {
  type Fail,
  kindOf,
  linesOfEntries,
  MAX_LINE_BYTES,
  parseStrictJson,
  StrictObject,
} from "./_strict_json.ts";
import { checkSingleLine, checkTransitionBody } from "./_field_limits.ts";
import {
  isRelationKind,
  type Relation,
  RELATION_KINDS,
  type RelationKind,
  sortRelations,
} from "./relation_view.ts";
import { TicketError } from "./ticket_error.ts";

/** Where a file of records lies, and to which ticket it belongs. */
export interface RecordPlace {
  /** The file, for messages. */
  readonly path: string;
  /** Folder name of the ticket. */
  readonly ticketId: string;
}

/** What somebody wants to relate. */
export interface NewRelation {
  /** Kind of the relation. */
  readonly kind: RelationKind;
  /** Id of the other ticket. */
  readonly target: string;
  /** Why; `null` for nothing to say. */
  readonly note: string | null;
}

/**
 * The relations in a file, in file order.
 *
 * @throws {TicketError} `parse` when the text is not exactly what the format prescribes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseRelations, renderRelations } from "@yoi/yoi/tickets";
 *
 * const place = { path: "artifacts/relations.json", ticketId: "00001KT07NV00" };
 * const text = renderRelations([{
 *   ticketId: "00001KT07NV00",
 *   kind: "related",
 *   target: "00001KT07NV01",
 *   note: null,
 *   author: "intake",
 *   at: "2026-06-01T00:00:00Z",
 * }]);
 * assertEquals(renderRelations(parseRelations(text, place)), text);
 * ```
 */
export function parseRelations(text: string, place: RecordPlace): readonly Relation[] {
  const fail: Fail = (detail, line) => {
    throw TicketError.parse(place.path, detail, line === undefined ? {} : { line });
  };
  const document: StrictObject = new StrictObject(
    parseStrictJson(text, fail),
    ["version", "relations"],
    "",
    fail,
  );
  const version = document.get("version");
  if (version === undefined) document.fail("version", "is missing");
  if (version !== 1) document.fail("version", `must be 1, not ${shortly(version)}`);
  const taken = new Set<string>();
  return document.list("relations").map((value, index) => {
    const where = `relations[${index}]`;
    const failHere: Fail = (detail) => fail(detail, linesOfEntries(text)[index]);
    const relation = readRelation(value, where, place.ticketId, failHere);
    const key = `${relation.kind} ${relation.target}`;
    if (taken.has(key)) failHere(`${where} repeats ${relation.kind} ${quoted(relation.target)}`);
    taken.add(key);
    return relation;
  });
}

/**
 * The text of a file with these relations: JSON, sorted by kind and target, indented by two spaces,
 * with a final LF.
 */
export function renderRelations(relations: readonly Relation[]): string {
  const rows = sortRelations(relations).map(({ ticketId, kind, target, note, author, at }) => ({
    ticket_id: ticketId,
    kind,
    target,
    ...(note === null ? {} : { note }),
    author,
    at,
  }));
  return `${JSON.stringify({ version: 1, relations: rows }, undefined, 2)}\n`;
}

/**
 * A wanted relation, trimmed and within the limits. Whether the target exists, is another ticket
 * and is not related in that way already depends on the store, so the caller looks at it.
 *
 * @throws {TicketError} `conflict` that names the field.
 */
export function checkNewRelation(
  input: { readonly kind: string; readonly target: string; readonly note?: string | null },
): NewRelation {
  const { kind } = input;
  if (!isRelationKind(kind)) {
    throw TicketError.conflict(
      `relation kind ${quoted(kind)} is unknown (known: ${KINDS.join(", ")})`,
    );
  }
  const target = checkSingleLine("relation target", input.target.trim(), MAX_LINE_BYTES);
  const note = checkTransitionBody(input.note ?? "", "relation note");
  return { kind, target, note: note.trim() === "" ? null : note };
}

const KINDS = RELATION_KINDS.map((row) => row.kind);
const MEMBERS = ["ticket_id", "kind", "target", "note", "author", "at"];

function readRelation(value: unknown, where: string, owner: string, fail: Fail): Relation {
  const object: StrictObject = new StrictObject(value, MEMBERS, where, fail);
  const ticketId = object.line("ticket_id");
  if (ticketId !== owner) object.fail("ticket_id", `must be ${quoted(owner)}`);
  const kind = object.word("kind", KINDS);
  const target = object.filledLine("target");
  if (target === owner) object.fail("target", "must not be the ticket itself");
  return {
    ticketId,
    kind,
    target,
    note: object.optionalText("note"),
    author: object.line("author"),
    at: object.line("at"),
  };
}

function shortly(value: unknown): string {
  return typeof value === "number" ? String(value) : kindOf(value);
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
