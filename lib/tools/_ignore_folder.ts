/** @module */

import { dirname, join } from "@std/path";
import { type IgnoreRule, judge, parseIgnoreFile, type Verdict } from "./_ignore_rules.ts";

/** Where rules come from, the strongest first. */
const SOURCES = ["rgignore", "ignore", "gitignore", "exclude"] as const;
type Source = typeof SOURCES[number];

/** The ignore files of one folder and, through `parent`, of those above it. */
export class IgnoreFolder {
  readonly #path: string;
  readonly #parent: IgnoreFolder | undefined;
  readonly #rules: Record<Source, readonly IgnoreRule[]>;
  readonly #isWorkTree: boolean;
  /** Whether this folder lies in a git work tree; without one `.gitignore` says nothing. */
  readonly #isInWorkTree: boolean;

  private constructor(
    path: string,
    parent: IgnoreFolder | undefined,
    rules: Record<Source, readonly IgnoreRule[]>,
    isWorkTree: boolean,
  ) {
    this.#path = path;
    this.#parent = parent;
    this.#rules = rules;
    this.#isWorkTree = isWorkTree;
    this.#isInWorkTree = isWorkTree || (parent !== undefined && parent.#isInWorkTree);
  }

  /** Reads the ignore files of a folder. */
  static async read(path: string, parent?: IgnoreFolder): Promise<IgnoreFolder> {
    const git = join(path, ".git");
    const isWorkTree = await exists(git);
    return new IgnoreFolder(path, parent, {
      rgignore: await readRules(join(path, ".rgignore")),
      ignore: await readRules(join(path, ".ignore")),
      gitignore: await readRules(join(path, ".gitignore")),
      exclude: isWorkTree ? await readRules(join(git, "info/exclude")) : [],
    }, isWorkTree);
  }

  /** Reads the ignore files of a folder and of all above it. */
  static async readWithParents(path: string): Promise<IgnoreFolder> {
    const above = dirname(path);
    return await IgnoreFolder.read(
      path,
      above === path ? undefined : await IgnoreFolder.readWithParents(above),
    );
  }

  /**
   * What the rules say of an entry of this folder. The nearest folder that speaks of it counts; rules
   * of git reach no further up than the work tree.
   *
   * @param path Absolute path of the entry.
   * @param globals Rules of the person, the weakest of all; they need a git work tree too.
   */
  judge(path: string, isFolder: boolean, globals: GlobalRules | undefined): Verdict {
    const verdicts: Partial<Record<Source, Verdict>> = {};
    let isAboveWorkTree = false;
    for (const folder of this.#chain()) {
      const relative = path.slice(folder.#path === "/" ? 1 : folder.#path.length + 1);
      for (const source of SOURCES) {
        const isGit = source === "gitignore" || source === "exclude";
        if (isGit && (!this.#isInWorkTree || isAboveWorkTree)) continue;
        verdicts[source] ??= judge(folder.#rules[source], relative, isFolder);
      }
      isAboveWorkTree ||= folder.#isWorkTree;
    }
    for (const source of SOURCES) {
      if (verdicts[source] !== undefined) return verdicts[source];
    }
    if (globals === undefined || !this.#isInWorkTree) return undefined;
    return judge(globals.rules, path.slice(globals.base.length + 1), isFolder);
  }

  *#chain(): Generator<IgnoreFolder> {
    yield this;
    if (this.#parent !== undefined) yield* this.#parent.#chain();
  }
}

/** Rules that hold in every work tree of a person. */
export interface GlobalRules {
  /** What anchored rules are relative to: the folder that is searched. */
  base: string;
  rules: readonly IgnoreRule[];
}

async function readRules(path: string): Promise<IgnoreRule[]> {
  try {
    return parseIgnoreFile(await Deno.readTextFile(path));
  } catch (error) {
    // An ignore file that cannot be read ignores nothing; that is no reason to refuse the search.
    if (error instanceof Error) return [];
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}
