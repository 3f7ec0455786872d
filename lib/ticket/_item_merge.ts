/**
 * Merging of `item.md`, field by field.
 *
 * Source: decision 30.
 *
 * @module
 */

import { loadYaml, readGeneralFrontmatter, type YamlParser } from "./frontmatter.ts";
import { editFrontmatter } from "./_frontmatter_edit.ts";
import { type ItemFile, splitItem } from "./item_file.ts";
import { type MergeLines, mergeLines, type TextMerge, type ThreeVersions } from "./merge_lines.ts";
import { chooseThreeWay } from "./_three_way.ts";
import type { Frontmatter, FrontmatterValue } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";

/** A value, or `undefined` where the key is absent. */
type Value = FrontmatterValue | undefined;

interface Version {
  readonly file: ItemFile;
  readonly frontmatter: Frontmatter;
}

/** Both sides queued the ticket: what the later one says of it holds. */
const QUEUE_KEYS = ["queued_by", "queued_at"];

/**
 * Merges two descendants of an `item.md`. Each frontmatter key is merged by itself: `updated_at`
 * becomes the later one, and a key that both sides changed differently (a state that diverged, a
 * title) is a conflict of that one line. Bodies are merged by lines. A version that cannot be read
 * leaves the whole file to a merge by lines.
 *
 * @param merge Merges by lines; default git.
 */
export async function mergeItems(
  versions: ThreeVersions,
  merge: MergeLines = mergeLines,
): Promise<TextMerge> {
  const whole = chooseThreeWay(versions, Object.is);
  if (whole.kind === "value") return { text: whole.value, conflict: false };
  const yaml = await loadYaml();
  const ours = versionOf(versions.ours, yaml);
  const theirs = versionOf(versions.theirs, yaml);
  const isNew = versions.base === "" && ours !== undefined;
  const base = isNew ? emptyLike(ours) : versionOf(versions.base, yaml);
  if (!base || !ours || !theirs) return await merge(versions);
  const carrier = carrierOf({ base, ours, theirs });
  if (carrier === undefined) return await merge(versions);

  const agreed: Record<string, Value> = {};
  const open: string[] = [];
  for (const key of keysOf(base, ours, theirs)) {
    const values = {
      base: base.frontmatter[key],
      ours: ours.frontmatter[key],
      theirs: theirs.frontmatter[key],
    };
    const choice = chooseThreeWay(values, isEqualValue);
    if (choice.kind === "value") agreed[key] = choice.value;
    else if (key === "updated_at") agreed[key] = later(values.ours, values.theirs);
    else if (QUEUE_KEYS.includes(key) && agreesOnState(base, ours, theirs)) {
      agreed[key] = laterQueued(ours, theirs)[key];
    } else open.push(key);
  }
  // Three texts that differ in what is open alone: only there can lines collide.
  const reduced = unlessRefused(() => {
    const common = edited(carrier.file, agreed, carrier.frontmatter, yaml);
    const side = ({ file, frontmatter }: Version): string => {
      const values = Object.fromEntries(open.map((key) => [key, frontmatter[key]]));
      return edited(splitItem(common, "item.md"), values, carrier.frontmatter, yaml, file.body);
    };
    return { base: side(base), ours: side(ours), theirs: side(theirs) };
  });
  return await merge(reduced ?? versions);
}

/**
 * The version whose frontmatter is taken over with all that is no value: ours, unless only they have
 * touched its comments. `undefined` where both have: those are lines to merge, not fields.
 */
function carrierOf(versions: Record<"base" | "ours" | "theirs", Version>): Version | undefined {
  const { ours, theirs } = versions;
  const comments = {
    base: commentsOf(versions.base),
    ours: commentsOf(ours),
    theirs: commentsOf(theirs),
  };
  const choice = chooseThreeWay(comments, Object.is);
  if (choice.kind === "conflict") return undefined;
  return choice.value === comments.ours ? ours : theirs;
}

/** The comments of a frontmatter, one a line; a `#` in quotes begins none. */
function commentsOf({ file: { frontmatter } }: Version): string {
  const bare = frontmatter.replace(/'(?:[^'\n]|'')*'|"(?:[^"\\\n]|\\.)*"/g, "");
  return (bare.match(/(?:^|[ \t])#.*$/gm) ?? []).join("\n");
}

/** Frontmatter that cannot be changed key by key, such as one in braces, is merged by lines. */
function unlessRefused<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof TicketError) return undefined;
    throw error;
  }
}

function versionOf(text: string, yaml: YamlParser): Version | undefined {
  try {
    const file = splitItem(text, "item.md");
    return { file, frontmatter: readGeneralFrontmatter(file.frontmatter, "item.md", yaml) };
  } catch (error) {
    // What is no item (one with markers of an earlier merge, for one) has no fields to merge.
    if (error instanceof TicketError && error.code === "parse") return undefined;
    throw error;
  }
}

/** The ancestor of a file that both sides added: it agrees with neither where they differ. */
function emptyLike({ file }: Version): Version {
  return { file: { ...file, body: "" }, frontmatter: {} };
}

/** In the order of our side, then what the others have besides. */
function keysOf(base: Version, ours: Version, theirs: Version): Set<string> {
  return new Set([ours, theirs, base].flatMap(({ frontmatter }) => Object.keys(frontmatter)));
}

function isEqualValue(one: Value, other: Value): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

/** Times are written so that their order is that of their text. */
function later(one: Value, other: Value): Value {
  return String(one ?? "") >= String(other ?? "") ? one : other;
}

function agreesOnState(base: Version, ours: Version, theirs: Version): boolean {
  const states = {
    base: base.frontmatter.state,
    ours: ours.frontmatter.state,
    theirs: theirs.frontmatter.state,
  };
  return chooseThreeWay<Value>(states, isEqualValue).kind === "value";
}

function laterQueued(ours: Version, theirs: Version): Frontmatter {
  const [one, other] = [ours, theirs].map(({ frontmatter }) => String(frontmatter.queued_at ?? ""));
  return one! >= other! ? ours.frontmatter : theirs.frontmatter;
}

/** `file` with those of `values` that differ from what it holds. */
function edited(
  file: ItemFile,
  values: Readonly<Record<string, Value>>,
  present: Frontmatter,
  yaml: YamlParser,
  body?: string,
): string {
  const changes = Object.fromEntries(
    Object.entries(values)
      .filter(([key, value]) => !isEqualValue(value, present[key])),
  );
  return editFrontmatter(file, changes, "item.md", yaml, body === undefined ? {} : { body });
}
