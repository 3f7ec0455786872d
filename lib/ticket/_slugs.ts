/**
 * The slugs of v1 tickets, which are names of theirs beside their ids.
 *
 * Source: tickets specification, sections 1.4 and 4.
 *
 * @module
 */

import { readStrictFrontmatter } from "./frontmatter.ts";
import { checkSize } from "./_general_frontmatter.ts";
import { locateParts, withLineFeeds } from "./item_file.ts";
import { v1IdParts } from "./_legacy_id.ts";
import type { RootEntry } from "./root_scan.ts";
import { TicketFolder } from "./_ticket_files.ts";
import { unlessRefused } from "./_unless_refused.ts";

/** Ids of the v1 tickets of each slug. Reads the `item.md` of each of them. */
export function slugsOfTickets(
  root: string,
  entries: readonly RootEntry[],
): ReadonlyMap<string, readonly string[]> {
  const slugs = new Map<string, string[]>();
  for (const entry of entries) {
    if (entry.generation !== "v1") continue;
    const slug = slugOf(entry.id, slugAt(root, entry));
    if (slug === undefined) continue;
    const ids = slugs.get(slug);
    if (ids) ids.push(entry.id);
    else slugs.set(slug, [entry.id]);
  }
  return slugs;
}

/**
 * The slug of a v1 ticket: the one that its frontmatter has, else the part of its id, to which a
 * process id may have been appended.
 *
 * @param written What the frontmatter has; empty and `null` for nothing.
 */
export function slugOf(id: string, written: string | null | undefined): string | undefined {
  return written || v1IdParts(id)?.slug;
}

/** The slug in the frontmatter; a ticket that cannot be read has none. */
function slugAt(root: string, entry: RootEntry): string | undefined {
  return unlessRefused(() => slugIn(TicketFolder.of(root, entry).readText("item.md") ?? ""));
}

/**
 * The slug that an `item.md` has. Slugs are of small letters, digits and `-`: in what the strict
 * reader does not understand, one line is enough.
 */
function slugIn(text: string): string | undefined {
  const { frontmatterStart, frontmatterEnd } = locateParts(text, "item.md");
  const block = withLineFeeds(text.slice(frontmatterStart, frontmatterEnd));
  const strict = readStrictFrontmatter(block);
  if (strict !== undefined) {
    const { slug } = strict;
    return typeof slug === "string" ? slug : undefined;
  }
  checkSize(block, "item.md");
  const line = /^["']?slug["']?[ \t]*:[ \t](.*)$/m.exec(block)?.[1] ?? "";
  const comment = line.search(/[ \t]#/);
  const value = (comment < 0 ? line : line.slice(0, comment)).trim()
    .replace(/^(["'])(.*)\1$/, "$2");
  return value === "null" || value === "~" ? undefined : value;
}
