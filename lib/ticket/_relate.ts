/**
 * Relations of a ticket to others. They are records of their own: the thread says nothing of them.
 *
 * Source: tickets specification, section 6.4.
 *
 * @module
 */

import { RELATIONS_FILE, RELATIONS_NAME } from "./_ticket_layout.ts";
import {
  artifactPlace,
  type Authored,
  type ChangeContext,
  ensureArtifacts,
  type OpenTicket,
  type Operation,
  setFields,
} from "./_change.ts";
import type { RelateRequest, UnrelateRequest } from "./change_requests.ts";
import { inLineEndsOf } from "./_event_joint.ts";
import type { Write } from "./_write.ts";
import { checkAuthor } from "./_field_limits.ts";
import { ambiguityOf } from "./_lookup.ts";
import type { Relation, RelationKind } from "./relation_view.ts";
import { checkNewRelation, parseRelations, renderRelations } from "./relations_file.ts";
import { TicketError } from "./ticket_error.ts";
import { unlessRefused } from "./_unless_refused.ts";

/** Adds a relation to an existing ticket. */
export function relate(request: Authored<RelateRequest>): Operation<Relation> {
  const author = checkAuthor(request.author);
  const asked = checkNewRelation({ ...request, note: request.note ?? null });
  const { kind, note } = asked;
  return (ticket, context) => {
    const [target, ...others] = context.idsMeantBy(asked.target);
    if (target === undefined) {
      throw TicketError.notFound(asked.target, context.wholeIdHint(asked.target));
    }
    if (others.length > 0) {
      throw TicketError.notFound(asked.target, ambiguityOf([target, ...others]));
    }
    if (target === ticket.id) throw TicketError.conflict(`${ticket.id} cannot relate to itself`);
    const relations = readOwn(ticket, context);
    if (find(relations, kind, target, context)) {
      throw TicketError.conflict(`${ticket.id} has the relation ${kind} ${target} already`);
    }
    const added = { ticketId: ticket.id, kind, target, note, author, at: context.at };
    return { writes: writesOf(ticket, [...relations, added], context), result: added };
  };
}

/** Takes a relation away; gives back what it was. */
export function unrelate(request: UnrelateRequest): Operation<Relation> {
  const { kind, target } = checkNewRelation(request);
  return (ticket, context) => {
    const relations = readOwn(ticket, context);
    const removed = find(relations, kind, target, context);
    if (removed === undefined) {
      throw TicketError.conflict(`${ticket.id} has no relation ${kind} ${target}`);
    }
    const left = relations.filter((relation) => relation !== removed);
    return { writes: writesOf(ticket, left, context), result: removed };
  };
}

function readOwn(ticket: OpenTicket, context: ChangeContext): readonly Relation[] {
  const text = context.readArtifact(RELATIONS_NAME);
  return text === undefined ? [] : parseRelations(text, artifactPlace(ticket, RELATIONS_NAME));
}

function writesOf(
  ticket: OpenTicket,
  relations: readonly Relation[],
  context: ChangeContext,
): readonly Write[] {
  const text = inLineEndsOf(context.readArtifact(RELATIONS_NAME) ?? "", renderRelations(relations));
  // Nothing is stored that would not be read.
  parseRelations(text, artifactPlace(ticket, RELATIONS_NAME));
  return [
    ensureArtifacts(ticket),
    { action: "write", path: `${ticket.folder}/${RELATIONS_FILE}`, text },
    setFields(ticket, { updated_at: context.at }),
  ];
}

function find(
  relations: readonly Relation[],
  kind: RelationKind,
  target: string,
  context: ChangeContext,
): Relation | undefined {
  const ofKind = relations.filter((relation) => relation.kind === kind);
  const presentId = (name: string) => {
    const meant = idsMeantBy(name, context);
    return meant.length === 1 ? meant[0]! : name;
  };
  // Lists show the id that a target has now, files may hold an older one.
  const wanted = presentId(target);
  return ofKind.find((relation) => relation.target === target) ??
    ofKind.find((relation) => presentId(relation.target) === wanted);
}

/** A file may name anything: what can be no folder's name is no ticket. */
function idsMeantBy(name: string, context: ChangeContext): readonly string[] {
  return unlessRefused(() => context.idsMeantBy(name), "invalid_component") ?? [];
}
