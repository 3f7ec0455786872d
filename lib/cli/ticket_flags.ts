/** Flags and operands that several ticket verbs share. @module */

import type { PlanKind } from "../ticket/plan_file.ts";
import type { RelationKind } from "../ticket/relation_view.ts";
import { PRIORITIES } from "../ticket/request_words.ts";
import { TICKET_STATES } from "../ticket/states.ts";
import type { Flag, Operand } from "./verb.ts";

/**
 * Kinds of relations, in the library's order. They are repeated here so that help and parsing need
 * not load its table; a test compares both.
 */
export const RELATION_KINDS: readonly RelationKind[] = [
  "depends_on",
  "blocks",
  "related",
  "supersedes",
  "duplicate_of",
];
/** Kinds of plan records, repeated like the kinds of relations. */
export const PLAN_KINDS: readonly PlanKind[] = [
  "before",
  "after",
  "blocked_by",
  "blocks",
  "conflicts_with",
  "do_not_parallelize",
  "waiting_capacity_note",
  "accepted_plan",
];
/** What a priority can be set to. */
export const PRIORITY_WORDS = [...PRIORITIES, "none"];

/** The ticket that a verb is about. */
export const ID: Operand = { name: "ID", completes: "ticket" };
/** Which ticket root. */
export const ROOT: Flag = {
  name: "root",
  value: "PATH",
  summary: "Ticket root to use instead of the configured one",
  completes: "folder",
};
/** For programs. */
export const JSON_FLAG: Flag = { name: "json", summary: "Prints one JSON document, for programs" };
/** Who is recorded: the person at the terminal. */
export const AUTHOR: Flag = {
  name: "author",
  value: "NAME",
  summary: "Who is recorded; default $USER",
};
/** Who is recorded where the program itself is, unless somebody is named. */
export const AUTHOR_OR_PROGRAM: Flag = {
  ...AUTHOR,
  summary: `Who is recorded; default "yoi ticket"`,
};
/** A text in a file. */
export const FILE: Flag = {
  name: "file",
  value: "PATH",
  summary: "Reads the text from a file; - means stdin",
  completes: "file",
};
/** A text on the command line. */
export const MESSAGE: Flag = {
  name: "message",
  value: "TEXT",
  summary: "The text, with - from stdin",
};
/** States to show. */
export const STATES: Flag = {
  name: "state",
  value: "STATE",
  isList: true,
  words: [...TICKET_STATES, "all", "active"],
  loneWords: ["all", "active"],
  summary: "Only these states; default all; active means all but closed",
};
/** What {@linkcode STATES} takes, for the help of a verb. */
export const STATES_NOTE = `STATE is one of ${TICKET_STATES.join(", ")}, all, active.`;
/** Kind of a relation. */
export const RELATION_KIND: Flag = {
  name: "kind",
  value: "KIND",
  words: RELATION_KINDS,
  summary: RELATION_KINDS.join(", "),
};
/** Kind of a plan record. */
export const PLAN_KIND: Flag = {
  name: "kind",
  value: "KIND",
  words: PLAN_KINDS,
  summary: `${PLAN_KINDS.slice(0, 4).join(", ")}, ...`,
};
/** What {@linkcode PLAN_KIND} takes, for the help of a verb. */
export const PLAN_KIND_NOTE: readonly string[] = [
  `KIND is one of ${PLAN_KINDS.slice(0, 6).join(", ")},`,
  `${PLAN_KINDS.slice(6).join(", ")}.`,
];
/** A ticket, where it is no operand. */
export const TICKET_FLAG: Flag = {
  name: "ticket",
  value: "ID",
  summary: "The ticket",
  completes: "ticket",
};
/** Where a relation points to. */
export const TARGET: Flag = {
  name: "target",
  value: "ID",
  summary: "The ticket it points to",
  completes: "ticket",
};
/** Why there is a relation. */
export const NOTE: Flag = { name: "note", value: "TEXT", summary: "Why" };
/** Flags of every ticket verb. */
export const COMMON: readonly Flag[] = [ROOT, JSON_FLAG];
