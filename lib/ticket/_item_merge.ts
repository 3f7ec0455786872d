/**
 * Merging of `item.md`, field by field.
 *
 * Source: decision 30.
 *
 * @module
 */

import { loadYaml, type YamlParser } from "./frontmatter.ts";
import { splitItem } from "./item_file.ts";
import { editVersion, type ItemVersion, readVersion } from "./_item_version.ts";
import { type MergeLines, mergeLines, type TextMerge, type ThreeVersions } from "./merge_lines.ts";
import { chooseThreeWay } from "./_three_way.ts";
import type { Frontmatter, FrontmatterValue } from "./ticket.ts";
import { unlessRefused } from "./_unless_refused.ts";

/** A value, or `undefined` where the key is absent. */
type Value = FrontmatterValue | undefined;

/** Both sides queued the ticket: what the later one says of it holds. */
const QUEUE_KEYS = ["queued_by", "queued_at"];

/**
 * Merges two descendants of an `item.md`. Each frontmatter key is merged by itself: `updated_at`
 * becomes the later one, and a key that both sides changed differently (a state that diverged, a
 * title) is a conflict of that one line. Bodies are merged by lines. A side that cannot be read leaves
 * the whole file to a merge by lines.
 *
 * A file of the unquoted v1 dialect stays one. Where one side writes YAML and the other does not, as
 * after a migration of one of them, the result is YAML.
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
  const ours = readVersion(versions.ours, yaml);
  const theirs = readVersion(versions.theirs, yaml);
  const isNew = versions.base === "" && ours !== undefined;
  const asRaw = ours?.isRaw === true || theirs?.isRaw === true;
  const base = isNew ? emptyLike(ours) : readBase(versions.base, yaml, { asRaw });
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
  // Frontmatter that cannot be changed key by key, such as one in braces, is merged by lines.
  const reduced = unlessRefused(() => {
    const common = { ...carrier, file: splitItem(edited(carrier, agreed, yaml), "item.md") };
    const side = ({ file, frontmatter }: ItemVersion): string => {
      const values = Object.fromEntries(open.map((key) => [key, frontmatter[key]]));
      return edited(common, values, yaml, file.body);
    };
    return { base: side(base), ours: side(ours), theirs: side(theirs) };
  });
  return await merge(reduced ?? versions);
}

/**
 * The version whose frontmatter is taken over with all that is no value: ours, unless only they have
 * touched its comments. `undefined` where both have: those are lines to merge, not fields. The raw
 * dialect has no comments, and YAML can hold all that it says, so of the two YAML is taken over.
 */
function carrierOf(
  versions: Record<"base" | "ours" | "theirs", ItemVersion>,
): ItemVersion | undefined {
  const { ours, theirs } = versions;
  if (ours.isRaw !== theirs.isRaw) return ours.isRaw ? theirs : ours;
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
function commentsOf({ file: { frontmatter }, isRaw }: ItemVersion): string {
  if (isRaw) return "";
  const bare = frontmatter.replace(/'(?:[^'\n]|'')*'|"(?:[^"\\\n]|\\.)*"/g, "");
  return (bare.match(/(?:^|[ \t])#.*$/gm) ?? []).join("\n");
}

/**
 * The common ancestor. Of two of them, which branches have that merged each other, git makes one
 * first, with markers where those differ: it then says nothing of what is between them.
 */
function readBase(
  text: string,
  yaml: YamlParser,
  options: { readonly asRaw: boolean },
): ItemVersion | undefined {
  return readVersion(text, yaml, options) ?? readVersion(agreedText(text), yaml, options);
}

/** A text without its conflicts. */
function agreedText(text: string): string {
  let isOpen = false;
  return text.split(/(?<=\n)/).filter((line) => {
    isOpen ||= /^<{7,} /.test(line);
    const isAgreed = !isOpen;
    isOpen &&= !/^>{7,} /.test(line);
    return isAgreed;
  }).join("");
}

/** The ancestor of a file that both sides added: it agrees with neither where they differ. */
function emptyLike({ file, isRaw }: ItemVersion): ItemVersion {
  return { file: { ...file, body: "" }, frontmatter: {}, isRaw };
}

/** In the order of our side, then what the others have besides. */
function keysOf(base: ItemVersion, ours: ItemVersion, theirs: ItemVersion): Set<string> {
  return new Set([ours, theirs, base].flatMap(({ frontmatter }) => Object.keys(frontmatter)));
}

function isEqualValue(one: Value, other: Value): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

/** Times are written so that their order is that of their text. */
function later(one: Value, other: Value): Value {
  return String(one ?? "") >= String(other ?? "") ? one : other;
}

function agreesOnState(base: ItemVersion, ours: ItemVersion, theirs: ItemVersion): boolean {
  const states = {
    base: base.frontmatter.state,
    ours: ours.frontmatter.state,
    theirs: theirs.frontmatter.state,
  };
  return chooseThreeWay<Value>(states, isEqualValue).kind === "value";
}

function laterQueued(ours: ItemVersion, theirs: ItemVersion): Frontmatter {
  const [one, other] = [ours, theirs].map(({ frontmatter }) => String(frontmatter.queued_at ?? ""));
  return one! >= other! ? ours.frontmatter : theirs.frontmatter;
}

/** A version with those of `values` that differ from what it was read to hold. */
function edited(
  version: ItemVersion,
  values: Readonly<Record<string, Value>>,
  yaml: YamlParser,
  body?: string,
): string {
  const changes = Object.fromEntries(
    Object.entries(values)
      .filter(([key, value]) => !isEqualValue(value, version.frontmatter[key])),
  );
  return editVersion(version, changes, yaml, body === undefined ? {} : { body });
}
