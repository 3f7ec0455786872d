/**
 * The command by which git calls the merge driver of tickets.
 *
 * Source: decision 30; `gitattributes`, "Defining a custom merge driver".
 *
 * @module
 */

import { ID_MAP_FILE } from "./_id_map.ts";
import {
  ITEM_FILE,
  LEGACY_FILE,
  PLANS_FILE,
  RELATIONS_FILE,
  RESOLUTION_FILE,
  THREAD_FILE,
} from "./_ticket_layout.ts";

/** Name of the driver in attributes and settings. */
export const MERGE_DRIVER = "yoi-ticket";

/** Files of a ticket that only the driver merges without loss, relative to the ticket's folder. */
export const MERGED_RECORDS: readonly string[] = [
  THREAD_FILE,
  ITEM_FILE,
  RELATIONS_FILE,
  PLANS_FILE,
];

/**
 * All files that the driver merges, relative to a ticket's folder or to the root. Of those that are no
 * records git reports by itself what two branches wrote.
 */
export const MERGED_FILES: readonly string[] = [
  ...MERGED_RECORDS,
  RESOLUTION_FILE,
  LEGACY_FILE,
  ID_MAP_FILE,
];

/** What git is to put in: the three files, and the path that they are versions of. */
const CALL = " ticket merge-driver %O %A %B %P";

/**
 * Git takes a driver that fails for one that has left a conflict. A program that was moved, or that
 * cannot start, would leave our version alone, without a marker, and `git add` would lose the other
 * one. Its exit code tells nothing, as Deno ends with 1 where the module is missing, which is also
 * the code of a conflict; but a conflict has changed the file.
 */
const BEFORE = "before=$(git hash-object --no-filters %A); ";
const DONE = " && exit 0; ";
const AFTER = DONE +
  'test "$(git hash-object --no-filters %A)" = "$before" || exit 1; ' +
  "{ echo '<<<<<<< ours' && cat %A && echo && echo ======= && cat %B && echo &&" +
  " echo '>>>>>>> theirs'; } >%A.both && mv -f %A.both %A && { " +
  "printf 'yoi ticket: the merge driver does not run, so %%s holds both versions whole, between" +
  " conflict markers; `yoi ticket init` renews the driver, and `git checkout --merge` with this" +
  " path then merges again\\n' %P >&2; exit 1; }; " +
  // More than 128 has newer versions of git give up the merge: nothing could be written.
  "rm -f %A.both; exit 129";

/**
 * The shell command for git's setting `merge.yoi-ticket.driver`. If the program cannot run, the
 * command leaves both versions in the file, between conflict markers, and git reports a conflict.
 *
 * @param program The words that start the program.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatMergeDriver, parseMergeDriver } from "@yoi/yoi/tickets";
 *
 * const command = formatMergeDriver(["/opt/my tools/yoi"]);
 * assertEquals(parseMergeDriver(command), ["/opt/my tools/yoi"]);
 * ```
 */
export function formatMergeDriver(program: readonly string[]): string {
  return `${BEFORE}${program.map(quoted).join(" ")}${CALL}${AFTER}`;
}

/**
 * The words that start the program of a setting, written by this or another version or by hand;
 * `undefined` when it calls no merge driver of ours.
 */
export function parseMergeDriver(command: string): string[] | undefined {
  // What comes after the call differs between versions, and is missing where a person wrote it.
  const end = command.startsWith(BEFORE) ? command.indexOf(`${CALL}${DONE}`) : -1;
  const call = end < 0 ? command.trim() : command.slice(BEFORE.length, end + CALL.length);
  return call.endsWith(CALL) ? wordsOf(call.slice(0, -CALL.length)) : undefined;
}

/** A word as a shell takes it; `%` is git's sign, so it is doubled. */
function quoted(word: string): string {
  const plain = word.replaceAll("%", "%%");
  return /^[\w@%+=:,./-]+$/.test(plain) ? plain : `'${plain.replaceAll("'", "'\\''")}'`;
}

/** The words of a line without any other work for a shell; `undefined` for other lines. */
function wordsOf(line: string): string[] | undefined {
  const word = String.raw`(?:[\w@%+=:,./-]|'[^']*'|\\')+`;
  if (!new RegExp(`^${word}( ${word})*$`).test(line)) return undefined;
  return Array.from(line.matchAll(new RegExp(word, "g")), ([text]) => unquoted(text));
}

function unquoted(word: string): string {
  const parts = word.matchAll(/'([^']*)'|\\(')|([^'\\]+)/g);
  return Array.from(parts, ([, inside, quote, plain]) => inside ?? quote ?? plain).join("")
    .replaceAll("%%", "%");
}
