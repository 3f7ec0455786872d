/**
 * One version of an `item.md` in a merge: its fields, read and written in the dialect that it has.
 *
 * Source: tickets specification, section 1.6; decision 30.
 *
 * @module
 */

import { readGeneralFrontmatter, readRawFrontmatter, type YamlParser } from "./frontmatter.ts";
import { editFrontmatter, type FrontmatterChanges } from "./_frontmatter_edit.ts";
import { readItem } from "./item.ts";
import { type ItemFile, splitItem } from "./item_file.ts";
import { editRawFrontmatter } from "./_raw_edit.ts";
import type { Frontmatter } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";
import { unlessRefused } from "./_unless_refused.ts";

/** One version of an item. */
export interface ItemVersion {
  /** The file as it is. */
  readonly file: ItemFile;
  /** Every key as the reader of its dialect reads it. */
  readonly frontmatter: Frontmatter;
  /** Whether it is of the unquoted v1 dialect. */
  readonly isRaw: boolean;
}

/** The only name that a merge knows of its three files. */
const PATH = "item.md";

/**
 * Reads a version; `undefined` for what has no fields to merge, such as a file with the markers of an
 * earlier merge.
 *
 * @param options `asRaw`: reads it as a program that did not quote would, also where it is YAML. Of
 * an ancestor that one side made raw, all lines which that side left alone then say the same.
 */
export function readVersion(
  text: string,
  yaml: YamlParser,
  options: { readonly asRaw?: boolean } = {},
): ItemVersion | undefined {
  const version = unlessRefused(() => {
    const file = splitItem(text, PATH);
    return options.asRaw ? rawVersion(file) : eitherVersion(file, yaml);
  }, "parse");
  // Which line such a line belongs to, keys do not tell.
  return version?.isRaw && /^[ \t]+\S/m.test(version.file.frontmatter) ? undefined : version;
}

/**
 * The text of a version with some keys, and perhaps the body, changed.
 *
 * @throws {TicketError} `conflict`: its dialect cannot hold what is wanted.
 */
export function editVersion(
  { file, isRaw }: Pick<ItemVersion, "file" | "isRaw">,
  changes: FrontmatterChanges,
  yaml: YamlParser,
  options: { readonly body?: string } = {},
): string {
  return isRaw
    ? editRawFrontmatter(file, changes, PATH, options)
    : editFrontmatter(file, changes, PATH, yaml, options);
}

/** The store decides in this way which dialect an item of v1 has; later ones have no other than YAML. */
function eitherVersion(file: ItemFile, yaml: YamlParser): ItemVersion {
  try {
    const { frontmatter, notes } = readItem(file.text, { path: PATH, generation: "v1" }, yaml);
    return { file, frontmatter, isRaw: notes.includes("raw_dialect") };
  } catch (error) {
    if (!(error instanceof TicketError)) throw error;
    // A ticket that makes no sense, one of an unknown state, has fields all the same.
    const frontmatter = readGeneralFrontmatter(file.frontmatter, PATH, yaml);
    return { file, frontmatter, isRaw: false };
  }
}

function rawVersion(file: ItemFile): ItemVersion {
  return { file, frontmatter: readRawFrontmatter(file.frontmatter, PATH), isRaw: true };
}
