/**
 * What people do to a frontmatter that makes it no YAML. A parser tells of it in its own words, often
 * a line later.
 *
 * @module
 */

import { TicketError } from "./ticket_error.ts";

/** Reads YAML; throws on what is none. */
type Parse = (text: string) => unknown;

/**
 * An error in words about the mistake that keeps a block from being YAML, `undefined` where it is none
 * of the common ones.
 *
 * @param block The lines between the `---` lines, with LF only.
 * @param yaml The parser that refused it.
 */
export function mistakeIn(block: string, path: string, yaml: Parse): TicketError | undefined {
  return mergeError(block, path) ?? quotesError(block, path, yaml);
}

function mergeError(block: string, path: string): TicketError | undefined {
  const marker = block.search(MERGE_MARKER);
  if (marker < 0) return undefined;
  const line = block.slice(0, marker).split("\n").length + 1;
  const detail = `the frontmatter holds the markers of an unfinished merge at line ${line}`;
  return TicketError.parse(path, detail, { line });
}

/** What git writes where two versions differ: what a parser makes of that helps nobody. */
const MERGE_MARKER = /^<{7} /m;

/** An error about the first line whose text is no YAML by itself, as in `title: Fix: the bug`. */
function quotesError(block: string, path: string, yaml: Parse): TicketError | undefined {
  const lines = block.split("\n", MOST_LINES);
  for (const [index, text] of lines.entries()) {
    const [, key, rest = ""] = /^([\w-]{1,64}):[ \t]+(\S.*)$/.exec(text) ?? [];
    const value = rest.trimEnd();
    if (key === undefined || LIST_KEYS.has(key) || !isWhole(lines[index + 1])) continue;
    const mayBeAlias = /^\*\S+$/.test(value) && block.includes("&");
    if (mayBeAlias || PLAIN_VALUE.test(value) || parses(text, yaml)) continue;
    const line = index + 2;
    const detail = `the frontmatter is not valid YAML at line ${line}: write the text of ` +
      `"${key}" as '...', with '' for every ' in it`;
    return TicketError.parse(path, detail, { line });
  }
  return undefined;
}

/** Lines that are looked at, more than people write. */
const MOST_LINES = 100;
/** What needs no parser: a text in quotes, or one without anything that YAML gives a meaning. */
const PLAIN_VALUE = /^(?:'(?:[^']|'')*'|"[^"\\]*"|[\p{L}\d][^:#]*)$/u;
/** Keys whose values are no texts. */
const LIST_KEYS: ReadonlySet<string> = new Set(["labels", "risk_flags", "risks", "linked_tickets"]);

/** Whether a value ends with its line, as the line after it tells. */
function isWhole(next: string | undefined): boolean {
  return next === undefined || /^(?:[\w-]+:|#|\s*$)/.test(next);
}

function parses(text: string, yaml: Parse): boolean {
  try {
    yaml(text);
    return true;
  } catch {
    // Why it does not is what its caller tells.
    return false;
  }
}
