/** @module */

import { join } from "@std/path";
import { typeMatcher } from "./_file_types.ts";
import { type GlobalRules, IgnoreFolder } from "./_ignore_folder.ts";
import { type IgnoreRule, judge, parseIgnoreLine } from "./_ignore_rules.ts";
import { compareNames } from "./_path_order.ts";
import {
  type FileSelection,
  SearchSyntaxError,
  type Unreadable,
  VERSION_CONTROL_FOLDERS,
} from "./_search.ts";

/** Which files a walk gives, beside what {@linkcode FileSelection} says. */
export interface WalkOptions {
  glob?: string;
  type?: string;
  globals?: readonly IgnoreRule[];
  onUnreadable(folder: Unreadable): void;
  signal: AbortSignal;
}

/**
 * The regular files below a folder, by ripgrep's rules, in the order of their paths. Symbolic links
 * are neither given nor followed.
 *
 * @throws {SearchSyntaxError} For a bad glob or an unknown type, before anything is read.
 */
export async function* walkFiles(
  selection: FileSelection,
  options: WalkOptions,
): AsyncGenerator<string> {
  const filter = new EntryFilter(selection, options);
  const root = selection.noIgnore ? undefined : await IgnoreFolder.readWithParents(selection.base);
  yield* walkFolder(selection.base, root, selection, filter, options);
}

async function* walkFolder(
  path: string,
  ignore: IgnoreFolder | undefined,
  selection: FileSelection,
  filter: EntryFilter,
  options: WalkOptions,
): AsyncGenerator<string> {
  options.signal.throwIfAborted();
  for (const entry of await readEntries(path, selection, options)) {
    const entryPath = join(path, entry.name);
    if (!filter.accepts(entryPath, entry, ignore)) continue;
    if (entry.isFile && selection.mayRead(entryPath)) yield entryPath;
    if (entry.isDirectory) {
      const inner = ignore && await IgnoreFolder.read(entryPath, ignore);
      yield* walkFolder(entryPath, inner, selection, filter, options);
    }
  }
}

async function readEntries(
  path: string,
  selection: FileSelection,
  options: WalkOptions,
): Promise<Deno.DirEntry[]> {
  const entries: Deno.DirEntry[] = [];
  try {
    for await (const entry of Deno.readDir(path)) entries.push(entry);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (selection.mayRead(path)) options.onUnreadable({ path, reason: error.message });
  }
  return entries.sort((a, b) => compareNames(a.name, b.name));
}

/** Decides about entries in the order ripgrep does: globs, ignore files, type, hidden. */
class EntryFilter {
  readonly #base: string;
  readonly #hidden: boolean;
  readonly #closed: ReadonlySet<string>;
  readonly #glob: IgnoreRule | undefined;
  readonly #globals: GlobalRules | undefined;
  readonly #hasType: ((name: string) => boolean) | undefined;

  constructor(selection: FileSelection, options: WalkOptions) {
    this.#base = selection.base;
    this.#hidden = selection.hidden;
    this.#closed = new Set(selection.closed);
    this.#glob = parseGlob(options.glob);
    this.#globals = options.globals && { base: selection.base, rules: options.globals };
    this.#hasType = options.type === undefined ? undefined : typeMatcher(options.type);
  }

  accepts(path: string, entry: Deno.DirEntry, ignore: IgnoreFolder | undefined): boolean {
    const { name, isDirectory } = entry;
    if (this.#closed.has(path)) return false;
    if (this.#hidden && isVersionControl(name)) return false;
    const glob = this.#glob;
    if (glob !== undefined) {
      const relative = path.slice(this.#base === "/" ? 1 : this.#base.length + 1);
      // As in ripgrep, a glob that names a file beats ignore files and shows hidden ones.
      if (judge([glob], relative, isDirectory) !== undefined) return !glob.isNegated;
      if (!glob.isNegated && !isDirectory) return false;
    }
    let verdict = ignore?.judge(path, isDirectory, this.#globals);
    if (verdict === "ignore") return false;
    if (this.#hasType !== undefined && !isDirectory) {
      if (!this.#hasType(name)) return false;
      verdict = "keep";
    }
    return verdict === "keep" || this.#hidden || !name.startsWith(".");
  }
}

function isVersionControl(name: string): boolean {
  return (VERSION_CONTROL_FOLDERS as readonly string[]).includes(name);
}

function parseGlob(glob: string | undefined): IgnoreRule | undefined {
  try {
    return glob === undefined ? undefined : parseIgnoreLine(glob);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new SearchSyntaxError("glob", error.message, { cause: error });
  }
}
