/** @module */

import { checkSize } from "./_general_frontmatter.ts";
import { readGeneralFrontmatter, readStrictFrontmatter, type YamlParser } from "./frontmatter.ts";
import type { Frontmatter } from "./ticket.ts";

/** Keys that objectives have; whatever else is there belongs to someone else. */
const KNOWN_KEYS: ReadonlySet<string> = new Set([
  ...["title", "state", "created_at", "updated_at", "linked_tickets"],
]);

/**
 * Reads the frontmatter of an objective. Keys that objectives do not have are ignored, whatever they
 * hold: here are those of them that hold a scalar or a list of texts.
 *
 * Source: tickets specification, section 10.1.
 *
 * @param block The lines between the `---` lines, with LF only.
 * @param path For messages.
 * @param yaml See `loadYaml`; without it, only what programs write is read.
 * @returns `"needs_yaml"` when `yaml` is not given and this block does not do without.
 * @throws {TicketError} `parse`: too long, no valid YAML, or a known key that holds something else.
 */
export function readObjectiveFrontmatter(
  block: string,
  path: string,
  yaml: YamlParser,
): Frontmatter;
export function readObjectiveFrontmatter(
  block: string,
  path: string,
  yaml?: YamlParser,
): Frontmatter | "needs_yaml";
export function readObjectiveFrontmatter(
  block: string,
  path: string,
  yaml?: YamlParser,
): Frontmatter | "needs_yaml" {
  checkSize(block, path);
  const strict = readStrictFrontmatter(block);
  if (strict !== undefined) return strict;
  return yaml === undefined
    ? "needs_yaml"
    : readGeneralFrontmatter(block, path, yaml, { known: KNOWN_KEYS });
}
