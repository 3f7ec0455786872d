/**
 * The verbs of `yoi objective`.
 *
 * Source: tickets specification, section 10.1.
 *
 * @module
 */

import { EXIT } from "./exit_code.ts";
import { JSON_FLAG } from "./ticket_flags.ts";
import { ALWAYS, type Verb, type VerbFamily } from "./verb.ts";

/** Records of what tickets are for. */
export const OBJECTIVE_FAMILY: VerbFamily = {
  name: "objective",
  summary: "Keeps objectives: goals in plain files, with the tickets that serve them",
  notes: [
    `Objectives lie in .yoi/objectives; "objective show" also accepts a unique id prefix. To pause,`,
    "finish or archive an objective, or to link further tickets, edit its item.md.",
  ],
  failureCode: EXIT.failed,
};

/** Repeated like the kinds of relations. */
const OBJECTIVE_STATES = ["active", "paused", "done", "archived", "all"];

const ROWS: readonly Omit<Verb, "family">[] = [
  {
    name: "objective create",
    summary: "Creates an objective and prints its id",
    alsoCalled: ["new", "add"],
    operands: [],
    flags: [
      { name: "title", value: "TEXT", summary: "One line that says what it is about" },
      {
        name: "ticket",
        value: "ID",
        isRepeatable: true,
        summary: "A ticket that serves it",
        completes: "ticket",
      },
      JSON_FLAG,
    ],
    needs: [["title"]],
    examples: [`yoi objective create --title "Faster search" --ticket 00001KT07NV00`],
    changes: ALWAYS,
  },
  {
    name: "objective list",
    summary: "Shows objectives, the last updated first",
    operands: [],
    flags: [
      {
        name: "state",
        value: "STATE",
        words: OBJECTIVE_STATES,
        summary: "Only active, paused, done or archived ones; default all",
      },
      JSON_FLAG,
    ],
  },
  {
    name: "objective show",
    summary: "Shows an objective",
    operands: [{ name: "ID", completes: "objective" }],
    flags: [JSON_FLAG],
  },
  {
    name: "objective doctor",
    summary: "Checks the objectives for problems",
    operands: [],
    flags: [JSON_FLAG],
  },
];

/** The verbs, in the order in which help lists them. */
export const OBJECTIVE_VERBS: readonly Verb[] = ROWS.map((row) => ({
  ...row,
  family: OBJECTIVE_FAMILY,
}));
