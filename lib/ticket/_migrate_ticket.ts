/**
 * What becomes of the files of one older ticket.
 *
 * Source: tickets specification, section 1.8; decision 32.
 *
 * @module
 */

import type { YamlParser } from "./frontmatter.ts";
import { editFrontmatter } from "./_frontmatter_edit.ts";
import type { TicketItem } from "./item.ts";
import { splitItem } from "./item_file.ts";
import { OBSOLETE_KEYS } from "./_obsolete_keys.ts";
import { REQUIRED_KEYS } from "./_required_keys.ts";
import type { RootEntry } from "./root_scan.ts";
import type { Frontmatter } from "./ticket.ts";

/** Keys that leave the frontmatter. */
const LEGACY_KEYS: readonly string[] = [
  ...OBSOLETE_KEYS,
  "legacy_ticket",
  "needs_preflight",
  "needs-preflight",
];

/**
 * The new `item.md`: the same body to the last byte, below frontmatter without the keys that the
 * third generation does not have. Times stay as they are.
 *
 * @throws {TicketError} `conflict` when the frontmatter cannot be changed without changing more.
 */
export function migrateItem(
  text: string,
  entry: RootEntry,
  item: TicketItem,
  yaml: YamlParser,
): string {
  const { state, riskFlags } = item.fields;
  // Early readers took `risks` for `risk_flags`; those of the third generation do not.
  const risks = "risks" in item.frontmatter && !("risk_flags" in item.frontmatter)
    ? { risk_flags: riskFlags }
    : {};
  if (item.notes.includes("raw_dialect")) {
    // What is no YAML cannot be edited: its values are written anew, in the style of new tickets.
    const { frontmatterStart, frontmatterEnd } = splitItem(text, entry.folder);
    const bare = text.slice(0, frontmatterStart) + text.slice(frontmatterEnd);
    const kept = Object.entries(item.frontmatter)
      .filter(([key]) => !LEGACY_KEYS.includes(key));
    const values = { ...Object.fromEntries(kept), ...risks, state };
    return editFrontmatter(splitItem(bare, entry.folder), values, entry.folder, yaml);
  }
  const removed = LEGACY_KEYS.filter((key) => key in item.frontmatter);
  return editFrontmatter(
    splitItem(text, entry.folder),
    {
      ...Object.fromEntries(removed.map((key) => [key, undefined])),
      ...risks,
      ...(item.frontmatter.state === state ? {} : { state }),
    },
    entry.folder,
    yaml,
  );
}

/**
 * The values that leave the frontmatter: those of obsolete keys, and a `state` without meaning in the
 * first generation, whose place the real one takes. A number that does not say what is written, such
 * as `1.10` or one with more digits than numbers have, becomes the text that stands in the file.
 *
 * @param texts Reads the same YAML and leaves scalars as they are written.
 */
function legacyValues(text: string, item: TicketItem, texts: YamlParser): Frontmatter {
  const { fields, frontmatter } = item;
  const keys = frontmatter.state === fields.state ? LEGACY_KEYS : [...LEGACY_KEYS, "state"];
  const moved = Object.entries(frontmatter).filter(([key]) => keys.includes(key));
  const values = new Map(moved);
  if (moved.some(([, value]) => typeof value === "number")) {
    const written = texts(splitItem(text, "item.md").frontmatter) as Record<string, unknown>;
    for (const [key, value] of moved) {
      if (typeof value === "number") values.set(key, asWritten(value, written[key]));
    }
  }
  return Object.fromEntries(keys.flatMap((key) => {
    const value = values.get(key);
    return value === undefined ? [] : [[key, value]];
  }));
}

/** What the new frontmatter does not tell of the old one. */
export interface LegacyKeys {
  /** The {@linkcode legacyValues}. */
  readonly values: Frontmatter;
  /** Keys that every new ticket has and the old one had not: a migration makes nothing up. */
  readonly missing: readonly string[];
}

/** The {@linkcode LegacyKeys} of an old ticket. */
export function legacyKeys(text: string, item: TicketItem, texts: YamlParser): LegacyKeys {
  const missing = REQUIRED_KEYS.filter((key) =>
    key !== "state" && (item.frontmatter[key] ?? "") === ""
  );
  return { values: legacyValues(text, item, texts), missing };
}

function asWritten(value: number, text: unknown): number | string {
  return typeof text === "string" && text !== String(value) ? text : value;
}

/**
 * What a ticket was, as text for its `legacy-frontmatter.json`.
 *
 * @param digest Tells the old folder from every other one: see `LegacyTicket`.
 */
export function renderLegacy(
  entry: RootEntry,
  { values, missing }: LegacyKeys,
  digest: string,
): string {
  const legacy = {
    generation: entry.generation,
    id: entry.id,
    bucket: entry.bucket ?? null,
    digest,
    missing,
    frontmatter: values,
  };
  return `${JSON.stringify(legacy, null, 2)}\n`;
}

/**
 * Gives the ids in relations and plans their new form, and changes no other byte: not even in a file
 * that cannot be read as a whole.
 *
 * @param ids New id by old id.
 * @param ownIds The same for those that say whose record it is.
 */
export function renameIds(
  text: string,
  ids: ReadonlyMap<string, string>,
  ownIds: ReadonlyMap<string, string> = ids,
): string {
  // Inside a text a quote has a backslash before it, so what this finds is a member's name.
  return text.replaceAll(
    /("(ticket_id|target|related_ticket)"\s*:\s*)("(?:[^"\\]|\\.)*")/g,
    (whole, head: string, member: string, id: string) => {
      const renamed = (member === "ticket_id" ? ownIds : ids).get(stringOf(id));
      return renamed === undefined ? whole : `${head}${JSON.stringify(renamed)}`;
    },
  );
}

/** The text that a JSON string stands for; one that is damaged stands for itself. */
function stringOf(json: string): string {
  if (!json.includes("\\")) return json.slice(1, -1);
  try {
    return JSON.parse(json) as string;
  } catch (error) {
    if (error instanceof SyntaxError) return json;
    throw error;
  }
}
