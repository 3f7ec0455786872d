/**
 * What the doctor says about an objective that can be read.
 *
 * Source: tickets specification, section 10.1, and row 12 of section 12.
 *
 * @module
 */

import {
  isObjectiveState,
  type Objective,
  OBJECTIVE_SECTIONS,
  OBJECTIVE_STATES,
} from "./objective.ts";
import { isRecordId } from "./record_id.ts";
import type { Diagnostic } from "./ticket.ts";

/** A finding, before it is known where its file lies. */
export type ObjectiveFinding = Pick<Diagnostic, "code" | "severity" | "message">;

/**
 * Everything that is wrong with an objective, errors first.
 *
 * @param presentId Gives the present id of the ticket that a name means, which may be its id, an
 * old id or a slug; `undefined` if it means none, or could mean several.
 */
export function objectiveFindings(
  objective: Objective,
  presentId: (name: string) => string | undefined,
): ObjectiveFinding[] {
  return [
    ...fieldFindings(objective),
    ...sectionFindings(objective.body),
    ...linkFindings(objective.linkedTickets, presentId),
  ];
}

function fieldFindings({ title, state, createdAt, updatedAt }: Objective): ObjectiveFinding[] {
  const findings: ObjectiveFinding[] = [];
  if (title.trim() === "") findings.push(error("blank_title", "title is blank: write one"));
  if (!isObjectiveState(state)) {
    const states = OBJECTIVE_STATES.join(", ");
    findings.push(
      error("unknown_state", `state ${quoted(state)} is unknown: use one of ${states}`),
    );
  }
  for (const [key, value] of [["created_at", createdAt], ["updated_at", updatedAt]] as const) {
    if (value.trim() === "") {
      findings.push(error("blank_timestamp", `${key} is blank: write a time in UTC`));
    }
  }
  return findings;
}

function sectionFindings(body: string): ObjectiveFinding[] {
  const lines = new Set(body.split("\n").map((line) => line.trimEnd()));
  return OBJECTIVE_SECTIONS.filter(([heading]) => !lines.has(heading)).map(([heading]) =>
    error("missing_section", `section heading "${heading}" is missing: add it`)
  );
}

/** One finding a rule, however many links it is about, so that a line says all of it. */
function linkFindings(
  links: readonly string[],
  presentId: (name: string) => string | undefined,
): ObjectiveFinding[] {
  // What a name means is looked for in folders: once each, however often it is linked.
  const meanings = new Map<string, string | undefined>();
  const counts = new Map<string, number>();
  for (const link of links) {
    if (!meanings.has(link)) meanings.set(link, presentId(link));
    const id = meanings.get(link) ?? link;
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const distinct = [...meanings.keys()];
  const lost = distinct.filter((link) => meanings.get(link) === undefined);
  const bad = lost.filter((link) => !isRecordId(link));
  const missing = lost.filter(isRecordId);
  const old = distinct.filter((link) => {
    const id = meanings.get(link);
    return id !== undefined && (id !== link || !isRecordId(link));
  });
  const repeated = distinct.filter((link) => counts.get(meanings.get(link) ?? link)! > 1);
  const findings: ObjectiveFinding[] = [];
  if (bad.length > 0) {
    const message =
      `linked_tickets holds what is neither a record id nor the name of exactly one ticket: ${
        namesOf(bad)
      }`;
    findings.push(error("bad_link", message));
  }
  if (missing.length > 0) {
    const message = `linked_tickets names tickets that do not exist: ${namesOf(missing)}`;
    findings.push(error("dangling_link", message));
  }
  if (old.length > 0) {
    const message =
      `linked_tickets names tickets by old ids or slugs, which other programs do not ` +
      `know: ${namesOf(old)}; \`yoi ticket migrate\` renames them`;
    findings.push({ code: "old_link", severity: "warning", message });
  }
  if (repeated.length > 0) {
    const message = `linked_tickets names a ticket more than once: ${namesOf(repeated)}`;
    findings.push({ code: "repeated_link", severity: "warning", message });
  }
  return findings;
}

function error(code: string, message: string): ObjectiveFinding {
  return { code, severity: "error", message };
}

/** Messages stay readable when somebody links a hundred lost tickets. */
const MAX_NAMES = 5;

function namesOf(texts: readonly string[]): string {
  const shown = texts.slice(0, MAX_NAMES).map(quoted).join(", ");
  return texts.length > MAX_NAMES ? `${shown} and ${texts.length - MAX_NAMES} more` : shown;
}

/** Quoted, so that no control character reaches a terminal. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
