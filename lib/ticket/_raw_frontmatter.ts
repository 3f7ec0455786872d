/** @module */

import { nameOf } from "./_general_frontmatter.ts";
import type { Frontmatter, FrontmatterValue } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";

/**
 * Reads frontmatter as the first v1 programs wrote it: `key: text` a line, nothing quoted, so that a
 * title may hold `: ` and brackets. Only where YAML fails.
 *
 * Texts stay what they are; `null` and nothing mean absent except in titles. Keys of lists and of
 * switches (`labels`, `needs_preflight`) hold lists and booleans.
 *
 * @param block The lines between the `---` lines, with LF only.
 * @param path For messages.
 * @throws {TicketError} `parse`: a line without a colon, or a key that occurs twice.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readRawFrontmatter } from "./frontmatter.ts";
 *
 * const block = "title: Search: keep [old] results\nlabels: [search, 'ui']\nassignee: null\n";
 * assertEquals({ ...readRawFrontmatter(block) }, {
 *   title: "Search: keep [old] results",
 *   labels: ["search", "ui"],
 *   assignee: null,
 * });
 * ```
 */
export function readRawFrontmatter(block: string, path = "item.md"): Frontmatter {
  const fields: Record<string, FrontmatterValue> = Object.create(null);
  const lines = block.split("\n");
  lines.forEach((line, index) => {
    if (line.trim() === "") return;
    // The opening line comes before the first one.
    const number = index + 2;
    const colon = line.indexOf(":");
    if (colon < 0) {
      throw TicketError.parse(path, `line ${number} of the frontmatter has no colon`, {
        line: number,
      });
    }
    const key = line.slice(0, colon).trim();
    if (key in fields) {
      const detail = `the key ${nameOf(key)} occurs twice, again on line ${number}`;
      throw TicketError.parse(path, detail, { line: number });
    }
    fields[key] = readValue(key, line.slice(colon + 1).trimStart());
  });
  return fields;
}

/** Keys whose text is never looked into. */
const TEXTS = new Set(["title", "id", "slug"]);
/** Keys that are on or off. */
const SWITCHES = new Set(["needs_preflight", "needs-preflight"]);
/** Keys that hold one text, also when it is in brackets. */
const SCALARS = new Set([
  "status",
  "kind",
  "priority",
  "created_at",
  "updated_at",
  "state",
  "workflow_state",
  "assignee",
  "legacy_ticket",
  "readiness",
  "queued_by",
  "queued_at",
  "action_required",
  "attention_required",
]);

function readValue(key: string, text: string): FrontmatterValue {
  if (TEXTS.has(key)) return text;
  if (text === "" || text === "null") return null;
  if (SWITCHES.has(key)) {
    if (["true", "yes", "1"].includes(text)) return true;
    if (["false", "no", "0"].includes(text)) return false;
  }
  if (!SCALARS.has(key) && text.startsWith("[") && text.endsWith("]")) {
    const inner = text.slice(1, -1).trim();
    return inner === "" ? [] : inner.split(",").map((item) => unquote(item.trim()));
  }
  return text;
}

/** A comma within quotes has parted them: each end is looked at by itself. */
function unquote(item: string): string {
  return item.replace(/^["']|["']$/g, "");
}
