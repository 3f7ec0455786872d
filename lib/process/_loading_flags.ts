/** Which packages Deno loads for this program, as the words that started it say. @module */

import { hasProcessTable, readWords } from "./_proc.ts";

/** Flags with a file: in the same word behind `=`, or in the next one. */
const FILE_FLAGS: readonly string[] = ["--config", "--import-map"];
/** Flags that stand alone. */
const SWITCHES: readonly string[] = ["--no-config", "--no-lock", "--cached-only"];
/** What `--lock` means without a file. */
const DEFAULT_LOCK = "deno.lock";

/** A run of Deno. */
export interface DenoRun {
  /** The program and its arguments, as the kernel has them. */
  readonly words: readonly string[];
  /** How many of them, at the end, are the module's own. */
  readonly argumentCount: number;
  /** URL of the module that runs. */
  readonly mainModule: string;
  /** Where relative files lie. */
  readonly cwd: string;
}

/**
 * The flags of a `deno run` that decide what is loaded, for another run of the same module. Without
 * the `--config` of an installed program Deno finds the one beside the module, and a lock file whose
 * packages nobody has fetched: it would want the network for them.
 *
 * Everything before the module is looked through, so that no flag with a value of its own ends the
 * search; of words that name another module nothing is known.
 */
export function loadingFlags(run: DenoRun): string[] {
  const { words, argumentCount, cwd } = run;
  const end = words.length - argumentCount - 1;
  if (end < 1 || !isModule(words[end]!, run)) return [];
  const found: string[] = [];
  for (let index = 1; index < end; index++) {
    const [flag, inWord] = splitFlag(words[index]!);
    const next = index + 1 < end ? words[index + 1] : undefined;
    if (FILE_FLAGS.includes(flag)) {
      const file = inWord ?? next;
      if (file !== undefined) found.push(flag, at(file, cwd));
    } else if (flag === "--lock") {
      const file = inWord ?? (next?.startsWith("-") ? undefined : next) ?? DEFAULT_LOCK;
      // In one word: by itself the flag would take the module for its file.
      found.push(`--lock=${at(file, cwd)}`);
    } else if (SWITCHES.includes(flag)) found.push(flag);
  }
  return found;
}

/** The same of the run that we are in; none where nobody tells how we were started. */
export function ownLoadingFlags(mainModule: string): string[] {
  if (!hasProcessTable()) return [];
  const run = { argumentCount: Deno.args.length, mainModule, cwd: Deno.cwd() };
  try {
    return loadingFlags({ words: readWords(Deno.pid), ...run });
  } catch (error) {
    // Without the permission to look, or a program that looks, it works as it did without flags.
    if (error instanceof Deno.errors.NotCapable || error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** A flag and what it holds: of `--config=FILE`, `-c=FILE`, `-cFILE`, and `-Ac FILE`. */
function splitFlag(word: string): [flag: string, value: string | undefined] {
  const [, file] = /^-[A-Za-bd-z]*c=?(.*)$/s.exec(word) ?? [];
  if (file !== undefined) return ["--config", file || undefined];
  const index = word.startsWith("--") ? word.indexOf("=") : -1;
  return index < 0 ? [word, undefined] : [word.slice(0, index), word.slice(index + 1)];
}

/** The same file, named from anywhere. */
function at(file: string, cwd: string): string {
  return isUrl(file) ? file : resolve(cwd, file);
}

/** Compared as paths: there are several ways to write the same one in a URL. */
function isModule(word: string, { mainModule, cwd }: DenoRun): boolean {
  if (isUrl(word)) return new URL(word).href === mainModule;
  const { protocol, pathname } = new URL(mainModule);
  return protocol === "file:" && decodeURIComponent(pathname) === resolve(cwd, word);
}

/** An absolute path without `.` and `..`; a URL knows how, once the path means nothing special in it. */
function resolve(cwd: string, file: string): string {
  const path = file.startsWith("/") ? file : `${cwd}/${file}`;
  const { pathname } = new URL(path.split("/").map(encodeURIComponent).join("/"), "file:///");
  return decodeURIComponent(pathname);
}

function isUrl(file: string): boolean {
  return /^[a-z]+:/.test(file) && URL.canParse(file);
}
