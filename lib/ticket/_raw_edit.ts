/** @module */

import { readRawFrontmatter } from "./frontmatter.ts";
import { type FrontmatterChanges, withParts } from "./_frontmatter_edit.ts";
import { type ItemFile, withLineFeeds } from "./item_file.ts";
import type { FrontmatterValue } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";

/**
 * The text of an `item.md` of the unquoted v1 dialect with some keys changed: such a file is no
 * YAML, so its values go on being written as they are. Nothing else of it changes.
 *
 * @param options `body`, with LF, replaces the body; it gets the line ending of the file.
 * @throws {TicketError} `conflict` when a value would not read back as it is meant.
 */
export function editRawFrontmatter(
  file: ItemFile,
  changes: FrontmatterChanges,
  path: string,
  options: { readonly body?: string } = {},
): string {
  const before = readRawFrontmatter(file.frontmatter, path);
  const wanted = new Map(Object.entries(changes));
  const block = file.text.slice(file.frontmatterStart, file.frontmatterEnd);
  // Each line keeps its end: not all of a file need be the same.
  const lines = block.split("\n").slice(0, -1).flatMap((line) => {
    const key = line.slice(0, line.indexOf(":")).trim();
    if (!wanted.has(key)) return [`${line}\n`];
    const value = wanted.get(key);
    wanted.delete(key);
    return value === undefined ? [] : [rawLine(key, value, line.endsWith("\r") ? "\r\n" : "\n")];
  });
  for (const [key, value] of wanted) {
    if (value !== undefined) lines.push(rawLine(key, value, file.lineEnding));
  }
  const text = lines.join("");
  checkRawReadsBack(
    readRawFrontmatter(withLineFeeds(text), path),
    { ...before, ...changes },
    path,
  );
  return withParts(file, text, options.body);
}

/**
 * Throws unless changed frontmatter of the unquoted v1 dialect says what is intended.
 *
 * @throws {TicketError} `conflict` naming the key.
 */
export function checkRawReadsBack(
  after: FrontmatterChanges,
  intended: FrontmatterChanges,
  path: string,
): void {
  for (const key of new Set([...Object.keys(intended), ...Object.keys(after)])) {
    if (JSON.stringify(after[key]) === JSON.stringify(intended[key])) continue;
    throw TicketError.conflict(
      `key ${JSON.stringify(key)} would not read back as intended from a v1 ticket, ` +
        "run `yoi ticket migrate` first",
      { path },
    );
  }
}

function rawLine(key: string, value: FrontmatterValue, lineEnding: string): string {
  const text = typeof value === "object" && value ? `[${value.join(", ")}]` : value ?? "null";
  return `${key}: ${text}${lineEnding}`;
}
