/** Which packages Deno loads for this program, as the words that started it say. @module */

import { hasProcessTable, readWords } from "./_proc.ts";

/** Flags with a value, in the same word behind `=` or in the next one. */
const FILE_FLAGS: readonly string[] = ["--config", "-c", "--import-map"];
/** Flags that stand alone, or hold a file behind `=`. */
const OTHER_FLAGS: readonly string[] = ["--no-config", "--no-lock", "--lock", "--cached-only"];

/**
 * The flags among the words of a `deno run` that decide what is loaded, for another run of the same
 * module. Without the `--config` of an installed program Deno finds the one beside the module, and a
 * lock file whose packages nobody has fetched: it would want the network for them.
 *
 * @param words The program and its arguments, as the kernel has them.
 * @param cwd Where relative files lie.
 */
export function loadingFlags(words: readonly string[], cwd: string): string[] {
  const at = (path: string) => /^(\/|[a-z]+:)/.test(path) ? path : `${cwd}/${path}`;
  const found: string[] = [];
  if (words[1] !== "run") return found;
  for (let index = 2; index < words.length; index++) {
    const word = words[index]!;
    if (!word.startsWith("-")) break; // the module; what follows is its own
    const [flag, value] = splitFlag(word);
    if (FILE_FLAGS.includes(flag)) found.push(flag, at(value ?? words[++index] ?? ""));
    else if (OTHER_FLAGS.includes(flag)) {
      found.push(value === undefined ? flag : `${flag}=${at(value)}`);
    }
  }
  return found;
}

/** The same of the run that we are in; none where the system does not tell how we were started. */
export function ownLoadingFlags(): string[] {
  return hasProcessTable() ? loadingFlags(readWords(Deno.pid), Deno.cwd()) : [];
}

function splitFlag(word: string): [flag: string, value: string | undefined] {
  const index = word.indexOf("=");
  return index === -1 ? [word, undefined] : [word.slice(0, index), word.slice(index + 1)];
}
