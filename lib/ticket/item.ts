/**
 * The contents of `item.md`, in one shape for all three generations.
 *
 * Source: tickets specification, sections 1.4, 1.5, 2.2 and 2.3.
 *
 * @module
 */

import { checkSize, kindOf } from "./_general_frontmatter.ts";
import {
  readGeneralFrontmatter,
  readRawFrontmatter,
  readStrictFrontmatter,
  type YamlParser,
} from "./frontmatter.ts";
import { locateParts, splitItem, withLineFeeds } from "./item_file.ts";
import type { Bucket } from "./root_scan.ts";
import { isTicketState, stateNamed, TICKET_STATES, type TicketState } from "./states.ts";
import type { Frontmatter, Generation, TicketFields } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";

/**
 * Something that is odd about a readable `item.md`:
 * - `byte_order_mark`: the file begins with one;
 * - `raw_dialect`: its frontmatter is not YAML and was read the way early v1 programs wrote it;
 * - `pending`: it lies in the bucket of that name, to which no state corresponds;
 * - `status_differs`: its `status` names another bucket than the one in which it lies, which wins.
 */
export type ItemNote = "byte_order_mark" | "raw_dialect" | "pending" | "status_differs";

/** The contents of an `item.md`, without its body. */
export interface TicketItem {
  /** The fields that all generations share. */
  readonly fields: TicketFields;
  /** Every key as in the file, unknown ones included. */
  readonly frontmatter: Frontmatter;
  /** What is odd about the file. */
  readonly notes: readonly ItemNote[];
}

/** Where an `item.md` lies. */
export interface ItemPlace {
  /** For messages. */
  readonly path: string;
  /** How its ticket lies on disk. */
  readonly generation: Generation;
  /** Only of v1. */
  readonly bucket?: Bucket;
}

/**
 * Reads an `item.md`. Its body is ignored, so `text` may end anywhere after the closing line of the
 * frontmatter.
 *
 * @param yaml The general parser, see `loadYaml()`; most files do not need it.
 * @throws {TicketError} `parse`, naming the field and what it holds, never quoting the content.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { loadYaml, readItem } from "@yoi/yoi/tickets";
 *
 * const place = { path: "item.md", generation: "v3" } as const;
 * for (const title of ["'Cache the index'", ">-\n  Cache\n  the index"]) {
 *   const text = `---\ntitle: ${title}\nstate: 'ready'\n---\n`;
 *   const quick = readItem(text, place);
 *   const item = quick === "needs_yaml" ? readItem(text, place, await loadYaml()) : quick;
 *   assertEquals([item.fields.title, item.fields.state], ["Cache the index", "ready"]);
 * }
 * ```
 */
export function readItem(text: string, place: ItemPlace, yaml: YamlParser): TicketItem;
/** The same without a parser: returns `"needs_yaml"` for a file that cannot be read without one. */
export function readItem(
  text: string,
  place: ItemPlace,
  yaml?: YamlParser,
): TicketItem | "needs_yaml";
export function readItem(
  text: string,
  place: ItemPlace,
  yaml?: YamlParser,
): TicketItem | "needs_yaml" {
  const { frontmatterStart, frontmatterEnd, hasBom } = locateParts(text, place.path);
  const block = withLineFeeds(text.slice(frontmatterStart, frontmatterEnd));
  checkSize(block, place.path);
  const notes: ItemNote[] = hasBom ? ["byte_order_mark"] : [];
  const strict = readStrictFrontmatter(block);
  if (!strict && !yaml) return "needs_yaml";
  const read = () => {
    const frontmatter = strict ?? readGeneralFrontmatter(block, place.path, yaml!);
    return itemOf(frontmatter, place, notes);
  };
  if (place.generation !== "v1") return read();
  const isYaml = () => strict !== undefined || parses(block, yaml!);
  return readEitherWay(read, { block, place, notes, isYaml });
}

/**
 * The body of an `item.md`, with LF only; usually it begins with a blank line.
 *
 * @throws {TicketError} As {@linkcode splitItem}.
 */
export function readBody(text: string, path = "item.md"): string {
  return splitItem(text, path).body;
}

/** Frontmatter that may be of the raw dialect. */
interface MaybeRaw {
  readonly block: string;
  readonly place: ItemPlace;
  readonly notes: readonly ItemNote[];
  /** Whether it is YAML, whatever its values are. */
  readonly isYaml: () => boolean;
}

/** Reads an item of v1 by `read`, and where that fails as a program that did not quote wrote it. */
function readEitherWay(
  read: () => TicketItem,
  { block, place, notes, isYaml }: MaybeRaw,
): TicketItem {
  let failure: TicketError;
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TicketError)) throw error;
    failure = error;
  }
  if (isYaml() && !looksRaw(block)) throw failure;
  let frontmatter: Frontmatter;
  try {
    frontmatter = readRawFrontmatter(block, place.path);
  } catch {
    // It is not of that dialect either: the better reader has the better reason.
    throw failure;
  }
  return itemOf(frontmatter, place, [...notes, "raw_dialect"]);
}

/**
 * Whether programs that did not quote may have written a block of YAML in which a value is of the
 * wrong kind, such as a title of digits. They wrote one line a key; who quotes the title meant YAML.
 */
function looksRaw(block: string): boolean {
  return !/^[ \t]|^title:\s*["']/m.test(block);
}

function parses(block: string, yaml: YamlParser): boolean {
  try {
    yaml(block);
    return true;
  } catch {
    // The reader has said already what is wrong.
    return false;
  }
}

function itemOf(
  frontmatter: Frontmatter,
  place: ItemPlace,
  notes: readonly ItemNote[],
): TicketItem {
  const { path, generation } = place;
  const text = (key: string) => readText(frontmatter, key, path);
  const { state, notes: stateNotes } = generation === "v1"
    ? v1StateOf(frontmatter, place)
    : { state: stateOf(frontmatter, path), notes: [] };
  readList(frontmatter, "labels", path);
  const risks = generation === "v1" && frontmatter["risk_flags"] === undefined
    ? "risks"
    : "risk_flags";
  const fields: TicketFields = {
    title: text("title") ?? "",
    state,
    createdAt: text("created_at"),
    updatedAt: text("updated_at"),
    assignee: text("assignee") || null,
    priority: text("priority") || null,
    readiness: text("readiness") || null,
    riskFlags: readList(frontmatter, risks, path),
    queuedBy: text("queued_by"),
    queuedAt: text("queued_at"),
    slug: generation === "v1" ? text("slug") : null,
  };
  return {
    fields,
    frontmatter,
    notes: stateNotes.length === 0 ? notes : [...notes, ...stateNotes],
  };
}

/** State of v2 and v3: `state`, else `workflow_state`, else what `status` means. */
function stateOf(frontmatter: Frontmatter, path: string): TicketState {
  const state = readState(frontmatter, "state", path);
  const workflowState = readState(frontmatter, "workflow_state", path);
  const status = readText(frontmatter, "status", path);
  return state ?? workflowState ?? (status === "closed" ? "closed" : "planning");
}

/** State of v1: the bucket decides what is closed, `workflow_state` tells the rest apart. */
function v1StateOf(
  frontmatter: Frontmatter,
  place: ItemPlace,
): { state: TicketState; notes: ItemNote[] } {
  const { path } = place;
  const status = readText(frontmatter, "status", path);
  const bucket = place.bucket ?? status;
  const notes: ItemNote[] = [];
  if (bucket === "pending") notes.push("pending");
  if (status !== null && status !== bucket) notes.push("status_differs");
  if (bucket === "closed") return { state: "closed", notes };
  const word = readText(frontmatter, "workflow_state", path) ?? "planning";
  return { state: stateNamed(word) ?? refuseState("workflow_state", path), notes };
}

function readState(frontmatter: Frontmatter, key: string, path: string): TicketState | null {
  const word = readText(frontmatter, key, path);
  return word === null || isTicketState(word) ? word : refuseState(key, path);
}

function refuseState(key: string, path: string): never {
  const detail = `field "${key}" holds no known state; use one of ${TICKET_STATES.join(", ")}`;
  throw TicketError.parse(path, detail);
}

function readText(frontmatter: Frontmatter, key: string, path: string): string | null {
  const value = frontmatter[key];
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return null;
  const hint = typeof value === "object" ? "" : "; put it into quotes";
  throw TicketError.parse(path, `field "${key}" is ${kindOf(value)} instead of a text${hint}`);
}

function readList(frontmatter: Frontmatter, key: string, path: string): readonly string[] {
  const value = frontmatter[key];
  if (value === undefined || value === null) return NO_ITEMS;
  if (typeof value === "object") return value;
  const detail = `field "${key}" is ${kindOf(value)} instead of a list of texts; write [] or ['a']`;
  throw TicketError.parse(path, detail);
}

const NO_ITEMS: readonly string[] = Object.freeze([]);
