/** @module */

import { scanLayout } from "./_frontmatter_layout.ts";
import { readObjectiveFrontmatter } from "./_objective_frontmatter.ts";
import type { YamlParser } from "./frontmatter.ts";
import { splitItem } from "./item_file.ts";
import type { Frontmatter } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";
import { unlessRefused } from "./_unless_refused.ts";

/**
 * Gives the links of an objective other ids: those of `linked_tickets` that `ids` knows, in the
 * quotes that they have. Every other byte stays, prose that names a ticket too.
 *
 * Source: tickets specification, section 1.8.
 *
 * @param text The `item.md`.
 * @param ids New id by old id.
 * @param path For messages.
 * @returns `text` itself when no link changes.
 * @throws {TicketError} `parse` when the file cannot be read; `conflict` when the links are written
 * in a way that cannot be changed without changing more.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { relinkObjective } from "./_objective_relink.ts";
 * import { loadYaml } from "./frontmatter.ts";
 *
 * const text = '---\nlinked_tickets: ["20260601-000000-001"]\n---\nNot 20260601-000000-001.\n';
 * const ids = new Map([["20260601-000000-001", "00001KT07NV00"]]);
 * assertEquals(
 *   relinkObjective(text, ids, "item.md", await loadYaml()),
 *   '---\nlinked_tickets: ["00001KT07NV00"]\n---\nNot 20260601-000000-001.\n',
 * );
 * ```
 */
export function relinkObjective(
  text: string,
  ids: ReadonlyMap<string, string>,
  path: string,
  yaml: YamlParser,
): string {
  const before = readFrontmatter(text, path, yaml);
  const links = before["linked_tickets"];
  if (!isList(links) || !links.some((link) => ids.has(link))) return text;
  const wanted = { ...before, linked_tickets: links.map((link) => ids.get(link) ?? link) };
  const changed = replaceLinks(text, ids, path);
  if (
    changed === undefined ||
    !isSame(unlessRefused(() => readFrontmatter(changed, path, yaml)), wanted)
  ) {
    const detail = `the linked_tickets of ${path} are written in a way that cannot be changed ` +
      'safely: write them as ["id", "id"]';
    throw TicketError.conflict(detail, { path });
  }
  return changed;
}

function replaceLinks(
  text: string,
  ids: ReadonlyMap<string, string>,
  path: string,
): string | undefined {
  const { frontmatterStart, frontmatterEnd } = splitItem(text, path);
  const block = text.slice(frontmatterStart, frontmatterEnd);
  const entry = scanLayout(block)?.entries.find(({ key }) => key === "linked_tickets");
  if (entry === undefined) return undefined;
  const start = frontmatterStart + entry.colonEnd;
  const end = frontmatterStart + entry.end;
  const value = text.slice(start, end).replace(TOKEN, (token) => renamed(token, ids));
  return text.slice(0, start) + value + text.slice(end);
}

/** A comment, the dash of an item, a text in quotes, or a plain one with what follows on its line. */
const TOKEN =
  /(?<=\s)#[^\r\n]*|-(?=\s)|'[^']*(?:''[^']*)*'|"[^"\\]*(?:\\[\s\S][^"\\]*)*"|[^\s,[\]{}'"#][^,[\]{}\r\n]*/g;

function renamed(token: string, ids: ReadonlyMap<string, string>): string {
  const quote = token.charAt(0);
  if (quote === "#") return token;
  if (quote === "'" || quote === '"') {
    const id = ids.get(token.slice(1, -1));
    return id === undefined ? token : quote + id + quote;
  }
  const plain = token.replace(/\s+#.*$/, "").trimEnd();
  const id = ids.get(plain);
  if (id === undefined) return token;
  // Without quotes YAML takes an id of digits for a number, and one like 1E5 as well.
  const isNumber = /^\d+(?:E\d+)?$/.test(id);
  return (isNumber ? `"${id}"` : id) + token.slice(plain.length);
}

function readFrontmatter(text: string, path: string, yaml: YamlParser): Frontmatter {
  return readObjectiveFrontmatter(splitItem(text, path).frontmatter, path, yaml);
}

function isSame(one: Frontmatter | undefined, other: Frontmatter): boolean {
  return one !== undefined &&
    JSON.stringify(Object.entries(one)) === JSON.stringify(Object.entries(other));
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value);
}
