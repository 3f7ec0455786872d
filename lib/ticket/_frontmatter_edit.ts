/**
 * Changes single keys of an `item.md` and nothing else: bytes that a change is not about survive,
 * whatever style the values are written in.
 *
 * Source: tickets specification, sections 2.3 to 2.5; decision 33.
 *
 * @module
 */

import { nameOf } from "./_general_frontmatter.ts";
import { type Layout, type LayoutEntry, scanLayout } from "./_frontmatter_layout.ts";
import { indentOf } from "./_yaml_scan.ts";
import { commentsWithin } from "./_value_comments.ts";
import { readGeneralFrontmatter, readStrictFrontmatter, type YamlParser } from "./frontmatter.ts";
import { type ItemFile, splitItem, withLineFeeds } from "./item_file.ts";
import type { TicketState } from "./states.ts";
import type { Frontmatter, FrontmatterValue } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";

/** New values by key: `null` is written as such, `undefined` takes the key out. */
export type FrontmatterChanges = Readonly<Record<string, FrontmatterValue | undefined>>;

/**
 * The text of an `item.md` with some keys changed. Keys that it does not have come before the closing
 * line, in the order given. Comments, order, style of the other values, line ending and byte order
 * mark stay.
 *
 * @param path For messages.
 * @param options `body`, with LF, replaces the body; it gets the line ending of the file.
 * @throws {TicketError} `conflict`: the result would not read back as intended. `parse`: the file as
 * it is cannot be read.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { loadYaml } from "./frontmatter.ts";
 * import { editFrontmatter } from "./_frontmatter_edit.ts";
 * import { splitItem } from "./item_file.ts";
 *
 * const item = splitItem("---\ntitle: Old # draft\nx: 1\n---\n\nWhy?\n", "item.md");
 * assertEquals(
 *   editFrontmatter(item, { title: "New", state: "ready" }, "item.md", await loadYaml()),
 *   "---\ntitle: 'New' # draft\nx: 1\nstate: 'ready'\n---\n\nWhy?\n",
 * );
 * ```
 */
export function editFrontmatter(
  file: ItemFile,
  changes: FrontmatterChanges,
  path: string,
  yaml: YamlParser,
  options: { readonly body?: string } = {},
): string {
  const before = readGeneralFrontmatter(file.frontmatter, path, yaml);
  const block = file.text.slice(file.frontmatterStart, file.frontmatterEnd);
  const edited = editBlock(block, changes, file.lineEnding, path);
  const after = reread(edited, path, yaml);
  checkReadsBack(before, changes, after, path);
  const text = withParts(file, edited, options.body);
  const result = splitItem(text, path);
  if (result.frontmatterEnd !== file.frontmatterStart + edited.length) {
    throw TicketError.conflict("the frontmatter would end too early", { path });
  }
  if (result.body !== (options.body ?? file.body)) {
    throw TicketError.conflict("the body would not read back as it was given", { path });
  }
  return text;
}

/**
 * A text as frontmatter holds it: in single quotes, `'` doubled. A text that single quotes cannot
 * carry (control characters, other line separators) comes in double quotes with escapes.
 */
export function quoteScalar(text: string): string {
  if (!NEEDS_ESCAPES.test(text)) return `'${text.replaceAll("'", "''")}'`;
  const escaped = text.replaceAll(/["\\]/g, "\\$&").replaceAll(EACH_ESCAPED, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  return `"${escaped}"`;
}

/** What YAML readers fold, strip or refuse. */
const NEEDS_ESCAPES = /[\p{Cc}\u2028\u2029\ufeff\ufffe\uffff]/u;
const EACH_ESCAPED = new RegExp(NEEDS_ESCAPES, "gu");

/** The fields of a new ticket. */
export interface NewItemFields {
  /** One line. */
  readonly title: string;
  /** Usually `planning`. */
  readonly state: TicketState;
  /** UTC, `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly createdAt: string;
  /** As `createdAt`. */
  readonly updatedAt: string;
  /** Written even if it is `null`. */
  readonly assignee: string | null;
  /** Written unless it is `null`, as are the following. */
  readonly readiness: string | null;
  /** Written unless there are none. */
  readonly riskFlags: readonly string[];
  /** Who queued it. */
  readonly queuedBy: string | null;
  /** When it was queued. */
  readonly queuedAt: string | null;
  /** Comes last. */
  readonly priority: string | null;
}

/**
 * The text of a new `item.md`. `body` begins after a blank line and ends with LF.
 *
 * @throws {TicketError} `conflict`: a field holds what cannot stand on one line.
 */
export function renderNewItem(fields: NewItemFields, body: string): string {
  const optional: readonly (readonly [key: string, value: string | readonly string[] | null])[] = [
    ["readiness", fields.readiness],
    ["risk_flags", fields.riskFlags.length > 0 ? fields.riskFlags : null],
    ["queued_by", fields.queuedBy],
    ["queued_at", fields.queuedAt],
    ["priority", fields.priority],
  ];
  const written = [
    ["title", fields.title] as const,
    ["state", fields.state] as const,
    ["created_at", fields.createdAt] as const,
    ["updated_at", fields.updatedAt] as const,
    ["assignee", fields.assignee] as const,
    ...optional.filter(([, value]) => value !== null),
  ];
  const block = written.map(([key, value]) => {
    const line = renderLine(key, value, "\n");
    // The strict reader takes no escapes: what it does not read is nothing for a new ticket.
    if (isSame(readStrictFrontmatter(line)?.[key], value)) return line;
    throw TicketError.conflict(`field "${key}" does not read back as it was given`);
  });
  return `---\n${block.join("")}---\n${itemBody(body)}`;
}

/** One replaced stretch of a block. */
interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function editBlock(
  block: string,
  changes: FrontmatterChanges,
  lineEnding: string,
  path: string,
): string {
  const layout = scanLayout(block);
  if (!layout) {
    const detail =
      "the frontmatter is written in a way that cannot be edited; write one key a line";
    throw TicketError.conflict(detail, { path });
  }
  const splices: Splice[] = [];
  let added = "";
  for (const [key, value] of Object.entries(changes)) {
    const entry = layout.entries.find((it) => it.key === key);
    if (entry) splices.push(...replace(block, entry, value, lineEnding));
    else if (value !== undefined) added += renderAdded(layout, key, value, lineEnding);
  }
  let edited = "";
  let at = 0;
  // What is put in between two keys comes before the second one goes.
  for (const splice of splices.sort((a, b) => a.start - b.start || a.end - b.end)) {
    edited += block.slice(at, splice.start) + splice.text;
    at = splice.end;
  }
  return edited + block.slice(at) + added;
}

/**
 * The text of a file with another block of frontmatter, and another body where one is given.
 *
 * @param block With the line ending of the file.
 * @param body With LF; it gets the line ending of the file.
 */
export function withParts(file: ItemFile, block: string, body: string | undefined): string {
  const { text, frontmatterStart, frontmatterEnd, bodyStart, lineEnding } = file;
  const head = text.slice(0, frontmatterStart) + block + text.slice(frontmatterEnd, bodyStart);
  if (body === undefined) return head + text.slice(bodyStart);
  const gap = body === "" || head.endsWith("\n") ? "" : lineEnding;
  return head + gap + (lineEnding === "\n" ? body : body.replaceAll("\n", lineEnding));
}

/** A body as the store writes one: behind a blank line, with a final LF. */
export function itemBody(text: string): string {
  const gap = text.startsWith("\n") ? "" : "\n";
  const end = text === "" || text.endsWith("\n") ? "" : "\n";
  return gap + text + end;
}

/** What has to go and to come so that `entry` gets `value`. */
function replace(
  block: string,
  entry: LayoutEntry,
  value: FrontmatterValue | undefined,
  lineEnding: string,
): Splice[] {
  if (value === undefined) return [{ start: entry.start, end: entry.end, text: "" }];
  const { colonEnd, valueStart, valueEnd, belowStart, end } = entry;
  const isEmpty = valueStart === valueEnd;
  // Blanks before the value stay, where there are any.
  const start = isEmpty ? colonEnd : valueStart;
  const gap = start === colonEnd ? " " : "";
  const splices = [{
    start,
    end: isEmpty ? start : valueEnd,
    text: gap + renderValue(value),
  }];
  // Comments of the old value follow the line of the new one.
  const margin = " ".repeat(indentOf(block, entry.start) + 2);
  const comments = commentsWithin(block, entry).map((it) => margin + it + lineEnding);
  const text = comments.join("");
  if (belowStart < end || text !== "") splices.push({ start: belowStart, end, text });
  return splices;
}

function renderAdded(
  layout: Layout,
  key: string,
  value: FrontmatterValue,
  lineEnding: string,
): string {
  return " ".repeat(layout.indent) + renderLine(key, value, lineEnding);
}

function renderLine(key: string, value: FrontmatterValue, lineEnding: string): string {
  const name = /^[A-Za-z_][A-Za-z0-9_-]*$/.test(key) && !TYPED_WORD.test(key)
    ? key
    : quoteScalar(key);
  return `${name}: ${renderValue(value)}${lineEnding}`;
}

/** Words that are no texts when they stand unquoted. */
const TYPED_WORD = /^(?:null|true|false)$/i;

function renderValue(value: FrontmatterValue): string {
  if (typeof value === "string") return quoteScalar(value);
  return isList(value) ? `[${value.map(quoteScalar).join(", ")}]` : String(value);
}

function reread(block: string, path: string, yaml: YamlParser): Frontmatter {
  if (!block.isWellFormed()) {
    throw TicketError.conflict("a value holds half a surrogate pair, which files cannot hold", {
      path,
    });
  }
  try {
    return readGeneralFrontmatter(withLineFeeds(block), path, yaml);
  } catch (cause) {
    if (!(cause instanceof TicketError)) throw cause;
    const reason = cause.message.slice(`ticket parse error in ${path}: `.length);
    const detail = `the changed frontmatter could not be read: ${reason}`;
    throw TicketError.conflict(detail, { path, cause });
  }
}

/** Throws unless `after` is `before` with `changes` and nothing else. */
function checkReadsBack(
  before: Frontmatter,
  changes: FrontmatterChanges,
  after: Frontmatter,
  path: string,
): void {
  for (
    const key of new Set([...Object.keys(before), ...Object.keys(after), ...Object.keys(changes)])
  ) {
    const intended = Object.hasOwn(changes, key) ? changes[key] : before[key];
    if (isSame(after[key], intended)) continue;
    const detail = `key ${
      nameOf(key)
    } would not read back as intended; write its value on one line`;
    throw TicketError.conflict(detail, { path });
  }
}

function isSame(a: FrontmatterValue | undefined, b: FrontmatterValue | undefined): boolean {
  if (!isList(a) || !isList(b)) return Object.is(a, b);
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

function isList(value: FrontmatterValue | undefined): value is readonly string[] {
  return typeof value === "object" && value !== null;
}
