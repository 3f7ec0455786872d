/**
 * Objectives: goals that take many tickets, one file for each goal.
 *
 * Source: tickets specification, section 10.1.
 *
 * @module
 */

import { readObjectiveFrontmatter } from "./_objective_frontmatter.ts";
import type { YamlParser } from "./frontmatter.ts";
import { splitItem } from "./item_file.ts";
import type { Frontmatter } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";

/** Every state of an objective; it has no effect on tickets. */
export const OBJECTIVE_STATES = ["active", "paused", "done", "archived"] as const;

/** Where an objective stands. */
export type ObjectiveState = typeof OBJECTIVE_STATES[number];

/** Whether a word names a state of objectives. */
export function isObjectiveState(word: unknown): word is ObjectiveState {
  return (OBJECTIVE_STATES as readonly unknown[]).includes(word);
}

/** An objective in a list. */
export interface ObjectiveRow {
  /** Folder name. */
  readonly id: string;
  /** As written. */
  readonly title: string;
  /**
   * As written. People edit these files, so it may be some other word than an {@linkcode
   * ObjectiveState}.
   */
  readonly state: string;
  /** UTC, as written. */
  readonly updatedAt: string;
  /** Ids of the linked tickets, in the order of the file, repeats included. */
  readonly linkedTickets: readonly string[];
}

/** An objective with everything in its file. */
export interface Objective extends ObjectiveRow {
  /** UTC, as written. */
  readonly createdAt: string;
  /** Keys as in the file; unknown keys only if they hold a scalar or a list of texts. */
  readonly frontmatter: Frontmatter;
  /** Everything after the frontmatter's closing line. */
  readonly body: string;
}

/** Headings that the body of an objective has, and what a new one says below them. */
export const OBJECTIVE_SECTIONS: readonly (readonly [heading: string, placeholder: string])[] = [
  ["## Goal", "TBD"],
  ["## Motivation / background", "TBD"],
  ["## Strategy / design direction", "TBD"],
  ["## Success criteria / exit conditions", "- TBD"],
  ["## Decision context", "TBD"],
];

/** Where the `item.md` of an objective lies. */
export interface ObjectivePlace {
  /** Its id. */
  readonly id: string;
  /** For messages. */
  readonly path: string;
}

/**
 * Reads the `item.md` of an objective.
 *
 * @param yaml The general parser, see `loadYaml`; files that programs wrote do without.
 * @throws {TicketError} `parse`: names the field, never the content.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { newObjectiveText, readObjective } from "./objective.ts";
 *
 * const text = newObjectiveText("Faster search", ["00001KT07NV00"], "2026-06-09T00:00:00Z");
 * const objective = readObjective(text, { id: "00001KTK0A000", path: "item.md" });
 * assert(objective !== "needs_yaml");
 * assert(objective.title === "Faster search" && objective.state === "active");
 * ```
 */
export function readObjective(text: string, place: ObjectivePlace, yaml: YamlParser): Objective;
/** The same where there may be no parser: `"needs_yaml"` for a file that does not do without. */
export function readObjective(
  text: string,
  place: ObjectivePlace,
  yaml?: YamlParser,
): Objective | "needs_yaml";
export function readObjective(
  text: string,
  place: ObjectivePlace,
  yaml?: YamlParser,
): Objective | "needs_yaml" {
  const { frontmatter: block, body } = splitItem(text, place.path);
  const frontmatter = readObjectiveFrontmatter(block, place.path, yaml);
  if (frontmatter === "needs_yaml") return "needs_yaml";
  const textOf = (key: string): string => {
    const value = frontmatter[key];
    if (typeof value === "string") return value;
    const fault = value === undefined ? "is missing" : "must be a text";
    throw TicketError.parse(place.path, `field ${key} ${fault}`);
  };
  return {
    id: place.id,
    title: textOf("title"),
    state: textOf("state"),
    createdAt: textOf("created_at"),
    updatedAt: textOf("updated_at"),
    linkedTickets: linksOf(frontmatter, place.path),
    frontmatter,
    body,
  };
}

/** The `item.md` of an objective that begins now. */
export function newObjectiveText(
  title: string,
  linkedTickets: readonly string[],
  at: string,
): string {
  const sections = OBJECTIVE_SECTIONS.map(([heading, text]) => `\n${heading}\n\n${text}\n`);
  return renderObjective({
    title,
    state: "active",
    createdAt: at,
    updatedAt: at,
    linkedTickets,
    body: sections.join(""),
  });
}

/**
 * The text of an `item.md` with the keys of an objective, texts in double quotes. Unknown keys are
 * left out: this is for new files and for display, not for rewriting a file.
 */
export function renderObjective(
  objective: Omit<Objective, "id" | "frontmatter">,
): string {
  const { title, state, createdAt, updatedAt, linkedTickets, body } = objective;
  const lines = [
    "---",
    `title: ${quoted(title)}`,
    `state: ${quoted(state)}`,
    `created_at: ${quoted(createdAt)}`,
    `updated_at: ${quoted(updatedAt)}`,
    `linked_tickets: [${linkedTickets.map(quoted).join(", ")}]`,
    "---",
  ];
  return `${lines.join("\n")}\n${body}`;
}

function linksOf(frontmatter: Frontmatter, path: string): readonly string[] {
  const links = frontmatter["linked_tickets"] ?? [];
  if (typeof links === "object") return links;
  throw TicketError.parse(path, "field linked_tickets must be a list of texts");
}

/** JSON texts are YAML texts too; only DEL and the C1 controls have to be spelled out as well. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
