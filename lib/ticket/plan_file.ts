/**
 * `artifacts/orchestration-plan.jsonl`: the orchestration plan of one ticket, one record a line.
 * The file only grows, and its records never change a ticket's state.
 *
 * Source: tickets specification, section 6.5.
 *
 * @module
 */

import { inLineEndsOf } from "./_event_joint.ts";
import { type Fail, MAX_LINE_BYTES, parseStrictJson, StrictObject } from "./_strict_json.ts";
import { checkAuthor, checkSingleLine, checkTransitionBody } from "./_field_limits.ts";
import { compareTexts } from "./_order.ts";
import type { RecordPlace } from "./relations_file.ts";
import { TicketError } from "./ticket_error.ts";

/** Kind of a record. */
export type PlanKind =
  | "before"
  | "after"
  | "blocked_by"
  | "blocks"
  | "conflicts_with"
  | "do_not_parallelize"
  | "waiting_capacity_note"
  | "accepted_plan";

/** What one kind of record requires. */
export interface PlanKindRow {
  /** Name of the kind. */
  readonly kind: PlanKind;
  /** The field that must not be empty. */
  readonly needs: "relatedTicket" | "note" | "acceptedPlan";
}

/** Every kind of record. */
export const PLAN_KINDS: readonly PlanKindRow[] = [
  { kind: "before", needs: "relatedTicket" },
  { kind: "after", needs: "relatedTicket" },
  { kind: "blocked_by", needs: "relatedTicket" },
  { kind: "blocks", needs: "relatedTicket" },
  { kind: "conflicts_with", needs: "relatedTicket" },
  { kind: "do_not_parallelize", needs: "relatedTicket" },
  { kind: "waiting_capacity_note", needs: "note" },
  { kind: "accepted_plan", needs: "acceptedPlan" },
];

/** How a ticket's work is to be done. */
export interface AcceptedPlan {
  /** What was agreed. */
  readonly summary: string;
  /** Branch for the work. */
  readonly branch: string | null;
  /** Worktree for the work. */
  readonly worktree: string | null;
  /** Who does what. */
  readonly rolePlan: string | null;
}

/** One record of a plan. */
export interface PlanRecord {
  /** `orch-plan-<UTC stamp>-<n>`, unique within its ticket. */
  readonly id: string;
  /** The ticket that it is about. */
  readonly ticketId: string;
  /** Its kind. */
  readonly kind: PlanKind;
  /** The other ticket, which need not exist. */
  readonly relatedTicket: string | null;
  /** A remark. */
  readonly note: string | null;
  /** Only for `accepted_plan`. */
  readonly acceptedPlan: AcceptedPlan | null;
  /** Who wrote it. */
  readonly author: string;
  /** When, UTC. */
  readonly at: string;
}

/** A record to be added; blank texts count as absent. */
export interface NewPlan {
  /** Its kind; {@linkcode PLAN_KINDS} says what each one requires. */
  readonly kind: PlanKind;
  /** The other ticket. */
  readonly relatedTicket?: string | null | undefined;
  /** A remark. */
  readonly note?: string | null | undefined;
  /** Only for `accepted_plan`. */
  readonly acceptedPlan?:
    | {
      readonly summary: string;
      readonly branch?: string | null | undefined;
      readonly worktree?: string | null | undefined;
      readonly rolePlan?: string | null | undefined;
    }
    | null
    | undefined;
}

/** What the store adds to a record. */
export interface PlanContext {
  /** The ticket that it is about. */
  readonly ticketId: string;
  /** Who writes it. */
  readonly author: string;
  /** When, `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly at: string;
  /** Text of the plan file as it is, empty when there is none: numbers the record. */
  readonly existing: string;
}

/** Whether a word names a kind of record. */
export function isPlanKind(word: unknown): word is PlanKind {
  return PLAN_KINDS.some((row) => row.kind === word);
}

/**
 * The records in a file, in file order. Blank lines count for nothing.
 *
 * @throws {TicketError} `parse`, with the line, when one is not exactly what the format asks for.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { newPlanRecord, parsePlans, renderPlanRecord } from "./plan_file.ts";
 *
 * const place = { path: "artifacts/orchestration-plan.jsonl", ticketId: "00001KT07NV00" };
 * const record = newPlanRecord({ kind: "after", relatedTicket: "00001KT07NV01" }, {
 *   ticketId: place.ticketId,
 *   author: "orchestrator",
 *   at: "2026-06-01T00:00:00Z",
 *   existing: "",
 * });
 * assertEquals(record.id, "orch-plan-20260601-000000-1");
 * assertEquals(parsePlans(renderPlanRecord(record), place), [record]);
 * ```
 */
export function parsePlans(text: string, place: RecordPlace): readonly PlanRecord[] {
  return text.split("\n").flatMap((line, index) => {
    if (isBlankLine(line)) return [];
    const fail: Fail = (detail) => {
      throw TicketError.parse(place.path, `line ${index + 1}: ${detail}`, { line: index + 1 });
    };
    return [readRecord(parseStrictJson(line, fail), place.ticketId, fail)];
  });
}

/** A record as one compact line with its LF. */
export function renderPlanRecord(record: PlanRecord): string {
  return `${JSON.stringify(planMembers(record))}\n`;
}

/** A record as it is stored, members in the order of the format; `undefined` ones are not stored. */
export function planMembers(record: PlanRecord): Record<string, unknown> {
  const { id, ticketId, kind, relatedTicket, note, acceptedPlan, author, at } = record;
  return {
    id,
    ticket_id: ticketId,
    kind,
    related_ticket: relatedTicket ?? undefined,
    note: note ?? undefined,
    accepted_plan: acceptedPlan === null ? undefined : {
      summary: acceptedPlan.summary,
      branch: acceptedPlan.branch ?? undefined,
      worktree: acceptedPlan.worktree ?? undefined,
      role_plan: acceptedPlan.rolePlan ?? undefined,
    },
    author,
    at,
  };
}

/**
 * What has to be appended to a file of plans: the record, after the LF that the last line lacks
 * where a writer died in the middle or an editor dropped it.
 */
export function planAppendixTo(existing: string, record: PlanRecord): string {
  const isEnded = existing === "" || existing.endsWith("\n");
  return inLineEndsOf(existing, (isEnded ? "" : "\n") + renderPlanRecord(record));
}

/**
 * A record of what somebody wants to have recorded: trimmed, checked and numbered.
 *
 * @throws {TicketError} `conflict` that names the field.
 */
export function newPlanRecord(input: NewPlan, context: PlanContext): PlanRecord {
  const { kind } = input;
  if (!isPlanKind(kind)) {
    throw TicketError.conflict(
      `plan kind ${JSON.stringify(kind)} is unknown (known: ${KINDS.join(", ")})`,
    );
  }
  const relatedTicket = newLine("related_ticket", input.relatedTicket);
  const note = newText("note", input.note);
  const acceptedPlan = input.acceptedPlan ? newAcceptedPlan(input.acceptedPlan) : null;
  const fault = faultOfKind(kind, { relatedTicket, note, acceptedPlan });
  if (fault !== undefined) throw TicketError.conflict(fault);
  return {
    id: planId(context),
    ticketId: context.ticketId,
    kind,
    relatedTicket,
    note,
    acceptedPlan,
    author: checkAuthor(context.author.trim()),
    at: context.at,
  };
}

/** Records in the order of queries: when they were written, then id. */
export function sortPlans(records: readonly PlanRecord[]): PlanRecord[] {
  return [...records].sort((a, b) => compareTexts(a.at, b.at) || compareTexts(a.id, b.id));
}

const KINDS = PLAN_KINDS.map((row) => row.kind);
const MEMBERS = [
  "id",
  "ticket_id",
  "kind",
  "related_ticket",
  "note",
  "accepted_plan",
  "author",
  "at",
];

function readRecord(value: unknown, owner: string, fail: Fail): PlanRecord {
  const object: StrictObject = new StrictObject(value, MEMBERS, "", fail);
  const id = object.filledLine("id");
  const ticketId = object.line("ticket_id");
  if (ticketId !== owner) object.fail("ticket_id", `must be ${JSON.stringify(owner)}`);
  const kind = object.word("kind", KINDS);
  const record = {
    id,
    ticketId,
    kind,
    relatedTicket: object.optionalLine("related_ticket"),
    note: object.optionalText("note"),
    acceptedPlan: object.has("accepted_plan")
      ? readAcceptedPlan(object.get("accepted_plan"), fail)
      : null,
    author: object.line("author"),
    at: object.line("at"),
  };
  const fault = faultOfKind(kind, record);
  if (fault !== undefined) fail(fault);
  return record;
}

function readAcceptedPlan(value: unknown, fail: Fail): AcceptedPlan {
  const members = ["summary", "branch", "worktree", "role_plan"];
  const object: StrictObject = new StrictObject(value, members, "accepted_plan", fail);
  return {
    summary: object.filledText("summary"),
    branch: object.optionalLine("branch"),
    worktree: object.optionalLine("worktree"),
    rolePlan: object.optionalText("role_plan"),
  };
}

/** What is wrong with the fields that depend on the kind, `undefined` when nothing is. */
function faultOfKind(
  kind: PlanKind,
  fields: Pick<PlanRecord, "relatedTicket" | "note" | "acceptedPlan">,
): string | undefined {
  if (fields.relatedTicket?.trim() === "") return "related_ticket must not be blank";
  const needs = PLAN_KINDS.find((row) => row.kind === kind)?.needs;
  if (needs === "relatedTicket" && fields.relatedTicket === null) {
    return `kind ${kind} needs related_ticket`;
  }
  if (needs === "note" && (fields.note ?? "").trim() === "") {
    return `kind ${kind} needs a note`;
  }
  if (needs === "acceptedPlan" && fields.acceptedPlan === null) {
    return `kind ${kind} needs accepted_plan`;
  }
  if (needs !== "acceptedPlan" && fields.acceptedPlan !== null) {
    return `kind ${kind} must not have accepted_plan`;
  }
  return undefined;
}

function newAcceptedPlan(plan: NonNullable<NewPlan["acceptedPlan"]>): AcceptedPlan {
  const summary = newText("accepted_plan.summary", plan.summary);
  if (summary === null) throw TicketError.conflict("plan accepted_plan.summary is blank");
  return {
    summary,
    branch: newLine("accepted_plan.branch", plan.branch),
    worktree: newLine("accepted_plan.worktree", plan.worktree),
    rolePlan: newText("accepted_plan.role_plan", plan.rolePlan),
  };
}

function newLine(name: string, text: string | null | undefined): string | null {
  const trimmed = (text ?? "").trim();
  return trimmed === "" ? null : checkSingleLine(`plan ${name}`, trimmed, MAX_LINE_BYTES);
}

function newText(name: string, text: string | null | undefined): string | null {
  const trimmed = (text ?? "").trim();
  return trimmed === "" ? null : checkTransitionBody(trimmed, `plan ${name}`);
}

function planId({ at, existing }: PlanContext): string {
  const stamp = at.replace(/[-:Z]/g, "").replace("T", "-");
  const before = existing.split("\n").filter((line) => !isBlankLine(line)).length;
  return `orch-plan-${stamp}-${before + 1}`;
}

function isBlankLine(line: string): boolean {
  return line.trim() === "";
}
