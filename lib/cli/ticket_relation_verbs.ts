/**
 * The verbs of `yoi ticket relation` and `yoi ticket plan`.
 *
 * Source: tickets specification, section 10; decision 36.
 *
 * @module
 */

import {
  AUTHOR,
  COMMON,
  NOTE,
  PLAN_KIND,
  PLAN_KIND_NOTE,
  RELATION_KIND,
  TARGET,
  TICKET_FLAG,
} from "./ticket_flags.ts";
import { ALWAYS, type Verb } from "./verb.ts";

/** Rows of the table of ticket verbs, in the order in which help lists them. */
export const RELATION_ROWS: readonly Omit<Verb, "family">[] = [
  {
    name: "ticket relation add",
    summary: "Relates a ticket to another one",
    alsoCalled: ["link", "dep", "depend", "block"],
    operands: [],
    flags: [TICKET_FLAG, RELATION_KIND, TARGET, NOTE, AUTHOR, ...COMMON],
    needs: [["ticket"], ["kind"], ["target"]],
    examples: [
      "yoi ticket relation add --ticket 00001KT07NV00 --kind depends_on --target 00001KT07NV01",
    ],
    changes: ALWAYS,
  },
  {
    name: "ticket relation list",
    summary: "Lists relations: all, or those to and from one ticket",
    operands: [],
    flags: [
      { ...TICKET_FLAG, summary: "Only those to and from this ticket" },
      RELATION_KIND,
      ...COMMON,
    ],
  },
  {
    name: "ticket relation remove",
    summary: "Removes a relation",
    alsoCalled: ["rm", "delete"],
    operands: [],
    flags: [TICKET_FLAG, RELATION_KIND, TARGET, ...COMMON],
    needs: [["ticket"], ["kind"], ["target"]],
    changes: ALWAYS,
  },
  {
    name: "ticket plan add",
    summary: "Adds a record to a ticket's orchestration plan",
    operands: [],
    flags: [
      TICKET_FLAG,
      PLAN_KIND,
      { ...TARGET, name: "related", summary: "The other ticket, for kinds that need one" },
      NOTE,
      { name: "summary", value: "TEXT", summary: "Of an accepted_plan, which needs it" },
      { name: "branch", value: "NAME", summary: "Of an accepted_plan" },
      { name: "worktree", value: "PATH", summary: "Of an accepted_plan" },
      { name: "role-plan", value: "TEXT", summary: "Of an accepted_plan: who does what" },
      AUTHOR,
      ...COMMON,
    ],
    needs: [["ticket"], ["kind"]],
    notes: PLAN_KIND_NOTE,
    examples: [
      `yoi ticket plan add --ticket 00001KT07NV00 --kind accepted_plan --summary "Schema first"`,
    ],
    changes: ALWAYS,
  },
  {
    name: "ticket plan list",
    summary: "Shows the records of orchestration plans",
    operands: [],
    flags: [{ ...TICKET_FLAG, summary: "Only those of this ticket" }, PLAN_KIND, ...COMMON],
    notes: PLAN_KIND_NOTE,
  },
];
