/** What the doctor asks git. @module */

import { fromFileUrl, relative, resolve } from "@std/path";
import { ProcessError } from "../process/process_error.ts";
import { type CommandResult, runCommand } from "../process/run_command.ts";
import type {
  DriverFacts,
  GitFacts,
  IgnoredFiles,
  StrayAttribute,
  UnmergedFile,
  UnmergedKind,
} from "./_doctor_facts.ts";
import { MERGE_DRIVER, MERGED_RECORDS, parseMergeDriver } from "./merge_driver_command.ts";
import { conflictLine } from "./_doctor_text.ts";
import { lookAt, readRegularText } from "./_regular_file.ts";
import { ARTIFACTS, RESOLUTION_FILE } from "./_ticket_layout.ts";
import { askWorkTree, GIT_TIMEOUT_MS, withoutLinks, workTreeAround } from "./work_tree.ts";
import { unlessRefused } from "./_unless_refused.ts";

/** A folder that is not there; what holds for its files holds for every new ticket. */
const NEW_TICKET = "new";

/** What belongs into commits; no other clone has a ticket's folder of artifacts without a file in it. */
const COMMITTED_FILES = [...MERGED_RECORDS, RESOLUTION_FILE, `${ARTIFACTS}/.gitkeep`];

/** Source, line, pattern and path in what `check-ignore --verbose -z` writes. */
const MATCH = /([^\0]*)\0([^\0]*)\0([^\0]*)\0([^\0]*)\0/g;

/** What {@linkcode readGitFacts} does not ask git. */
export interface GitFactsOptions {
  /** Whether a ticket of this id was migrated. */
  readonly isOldId: (name: string) => boolean;
  /** Ends it with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks git how it merges the tickets of a root. Without a `.git` in a folder above git is not asked,
 * and where there is no git at all, nothing is merged.
 *
 * @param folders Those of the tickets, relative to the root.
 */
export async function readGitFacts(
  root: string,
  folders: readonly string[],
  options: GitFactsOptions,
): Promise<GitFacts | undefined> {
  const { isOldId, signal } = options;
  const top = workTreeAround(root);
  if (top === undefined) return undefined;
  const answer = await askWorkTree(top, signal);
  if (answer.kind === "outside") return undefined;
  if (answer.kind === "refused") {
    return answer.isGitMissing ? undefined : { top, refusal: answer.reason };
  }
  const clone = new Clone(top, relative(top, withoutLinks(root)), signal);
  try {
    const driver = await clone.driver();
    const isRoot = lookAt(root) !== undefined;
    return {
      top,
      unmerged: await clone.unmerged(isOldId),
      driver,
      // Without a driver its attributes matter to nobody, and what sets it writes them, too. Nor is
      // there anything to merge in a root that does not exist.
      strays: driver === undefined || !isRoot ? [] : await clone.strays(folders),
      ignored: isRoot ? await clone.ignored() : [],
    };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ProcessError) return { top, refusal: error.message };
    throw error;
  }
}

/** Questions to one clone, asked at its top, where relative paths in git's environment hold. */
class Clone {
  readonly #top: string;
  readonly #root: string;
  readonly #signal: AbortSignal | undefined;

  /** @param root Relative to `top`, empty when it is the same. */
  constructor(top: string, root: string, signal: AbortSignal | undefined) {
    this.#top = top;
    this.#root = root;
    this.#signal = signal;
  }

  /** What the setting of the driver says. */
  async driver(): Promise<DriverFacts | undefined> {
    const { status, stdout } = await this.#git(["config", "--get", `merge.${MERGE_DRIVER}.driver`]);
    if (status.code !== 0) return undefined;
    const program = parseMergeDriver(stdout.replace(/\n$/, ""));
    return { missing: program === undefined ? [] : await this.#missing(program) };
  }

  /**
   * Files with more than one version in the index.
   *
   * @param isOldId Whether a ticket of this id was migrated.
   */
  async unmerged(isOldId: (name: string) => boolean): Promise<UnmergedFile[]> {
    const paths = this.#root === "" ? [] : ["--", this.#root];
    const { stdout } = await this.#git(["--literal-pathspecs", "ls-files", "-u", "-z", ...paths]);
    const stages = stagesByPath(stdout);
    const twoSided = [...stages].filter(([, ids]) => ids.has("2") && ids.has("3"));
    const stored = await this.#idsOf(twoSided.map(([path]) => path));
    return Array.from(stages, ([path, ids]) => {
      const kind = kindOf(ids, stored.get(path), path.split("/").some(isOldId));
      return {
        path,
        file: this.#root === "" ? path : path.slice(this.#root.length + 1),
        kind: kind === "merged" && this.#isLeftByGit(path) ? "by_git" : kind,
      };
    });
  }

  /** What git merges with another driver: in every ticket, and in single ones. */
  async strays(folders: readonly string[]): Promise<StrayAttribute[]> {
    const files = [NEW_TICKET, ...folders].flatMap((folder) =>
      MERGED_RECORDS.map((name) => ({ name, file: `${folder}/${name}` }))
    );
    const prefix = this.#root === "" ? "" : `${this.#root}/`;
    const input = files.map(({ file }) => `${prefix}${file}\0`).join("");
    const { stdout } = await this.#git(["check-attr", "--stdin", "-z", "merge"], input);
    // Path, attribute and value of each file, in the order in which they were asked for.
    const values = stdout.split("\0").filter((_, index) => index % 3 === 2);
    const everywhere = new Map<string, string[]>();
    const strays: StrayAttribute[] = [];
    for (const [index, { name, file }] of files.entries()) {
      const value = values[index] ?? MERGE_DRIVER;
      if (value === MERGE_DRIVER) continue;
      if (index < MERGED_RECORDS.length) {
        everywhere.set(value, [...everywhere.get(value) ?? [], name]);
      } else if (!everywhere.get(value)?.includes(name)) {
        strays.push({ file, names: [name], value });
      }
    }
    const ofRoot = Array.from(everywhere, ([value, names]) => ({
      file: ".gitattributes",
      names,
      value,
    }));
    return [...ofRoot, ...strays];
  }

  /**
   * What git ignores of a new ticket, unless it ignores the whole root: then the tickets are meant to
   * stay in this clone.
   */
  async ignored(): Promise<IgnoredFiles[]> {
    const prefix = this.#root === "" ? "" : `${this.#root}/`;
    const attributes = `${prefix}.gitattributes`;
    const folder = `${prefix}${NEW_TICKET}/`;
    const input = [attributes, ...COMMITTED_FILES.map((file) => `${folder}${file}`)]
      .map((path) => `${path}\0`).join("");
    const { stdout } = await this.#git(["check-ignore", "--verbose", "--stdin", "-z"], input);
    const byLine = new Map<string, IgnoredFiles>();
    for (const [, source = "", line = "", pattern = "", path = ""] of stdout.matchAll(MATCH)) {
      // A line that takes files back is told as well.
      if (pattern.startsWith("!")) continue;
      if (path === attributes) return [];
      const key = `${source}\0${line}`;
      const files = [...byLine.get(key)?.files ?? [], path.slice(folder.length)];
      byLine.set(key, { source: resolve(this.#top, source), line: Number(line), pattern, files });
    }
    return [...byLine.values()];
  }

  /** Whether the markers in a record are none of the driver's, which names its sides itself. */
  #isLeftByGit(path: string): boolean {
    if (!MERGED_RECORDS.some((name) => path.endsWith(`/${name}`))) return false;
    const text = unlessRefused(() => readRegularText(`${this.#top}/${path}`)) ?? "";
    const line = conflictLine(text);
    if (line === undefined) return false;
    // Where the driver does not run, its command puts each version between the markers as a whole.
    return line === 1 || text.split("\n")[line - 1]?.trimEnd() !== "<<<<<<< ours";
  }

  /** The program that a shell would not find, and files that are named and not there. */
  async #missing(program: readonly string[]): Promise<string[]> {
    const [name = "", verb, ...words] = program;
    const found = await this.#run(["sh", "-c", 'command -v "$1"', "sh", name]);
    const missing = found.status.code === 0 ? [] : [name];
    for (const word of verb === "run" ? words : []) {
      const path = word.startsWith("file:///") ? fromFileUrl(word) : word;
      if (path.startsWith("/") && !await isThere(path)) missing.push(path);
    }
    return missing;
  }

  /** What `git add` would store of plain files, by path. */
  async #idsOf(paths: readonly string[]): Promise<Map<string, string>> {
    // Git reads one path a line here.
    const plain = paths.filter((path) =>
      !path.includes("\n") && isPlainFile(`${this.#top}/${path}`)
    );
    if (plain.length === 0) return new Map();
    const input = plain.map((path) => `${path}\n`).join("");
    const { stdout } = await this.#git(["hash-object", "--stdin-paths"], input);
    const ids = stdout.split("\n");
    return new Map(plain.map((path, index) => [path, ids[index] ?? ""]));
  }

  async #git(args: readonly string[], input = ""): Promise<CommandResult> {
    return await this.#run(["git", ...args], input);
  }

  async #run(command: readonly string[], input = ""): Promise<CommandResult> {
    return await runCommand({
      command,
      cwd: this.#top,
      input,
      // An answer holds each path that was asked for, and little beside it.
      maxOutputBytes: (1 << 20) + 4 * input.length,
      timeoutMs: GIT_TIMEOUT_MS,
      ...(this.#signal === undefined ? {} : { signal: this.#signal }),
    });
  }
}

/** @param stored What `git add` would store of the file; `undefined` where that does not matter. */
function kindOf(
  ids: ReadonlyMap<string, string>,
  stored: string | undefined,
  isMigrated: boolean,
): UnmergedKind {
  const [isKnown, isOurs, isTheirs] = ["1", "2", "3"].map((stage) => ids.has(stage));
  if (isOurs && isTheirs) return stored === ids.get("2") ? "ours_alone" : "merged";
  if (!isKnown) return "merged";
  if (!isOurs && !isTheirs) return "renamed";
  if (isMigrated) return "moved";
  return isOurs ? "they_deleted" : "we_deleted";
}

/** Object ids by stage (`1` the ancestor, `2` ours, `3` theirs), for each path of `ls-files -u -z`. */
function stagesByPath(text: string): Map<string, Map<string, string>> {
  const stages = new Map<string, Map<string, string>>();
  for (const entry of text.split("\0")) {
    const match = /^\d+ ([0-9a-f]+) ([123])\t(.+)$/s.exec(entry);
    if (match === null) continue;
    const [, id = "", stage = "", path = ""] = match;
    const ids = stages.get(path) ?? new Map<string, string>();
    stages.set(path, ids.set(stage, id));
  }
  return stages;
}

function isPlainFile(path: string): boolean {
  // None in a folder that we may not look into.
  return unlessRefused(() => lookAt(path))?.isFile === true;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    const isGone = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    if (isGone) return false;
    // What we may not look at may be there.
    if (error instanceof Deno.errors.PermissionDenied) return true;
    throw error;
  }
}
