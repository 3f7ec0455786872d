import { assertEquals } from "@std/assert";
import { PLAN_KINDS, RELATION_KINDS } from "../../lib/cli/ticket_flags.ts";
import * as plans from "../../lib/ticket/plan_file.ts";
import * as relations from "../../lib/ticket/relation_view.ts";
import { OBJECTIVE_VERBS } from "../../lib/cli/objective_verbs.ts";
import { OBJECTIVE_STATES } from "../../lib/ticket/objective.ts";

Deno.test("the command line knows every kind of relation and of plan record, in their order", () => {
  assertEquals(RELATION_KINDS, relations.RELATION_KINDS.map(({ kind }) => kind));
  assertEquals(PLAN_KINDS, plans.PLAN_KINDS.map(({ kind }) => kind));
});

Deno.test("the command line knows every state of an objective", () => {
  const states = OBJECTIVE_VERBS.flatMap(({ flags }) => flags).find(({ name }) => name === "state");
  assertEquals(states?.words, [...OBJECTIVE_STATES, "all"]);
});
