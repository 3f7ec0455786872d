/**
 * Whether git has written over a change.
 *
 * Nobody writes while git is at work, but git can begin when a change has begun: it looks at the files
 * before the change is in them, and writes what it merged when it is.
 *
 * @module
 */

import type { Disk } from "./disk.ts";
import { canGitHaveLooked, indexLockAround } from "./_git_at_work.ts";
import { readRegularBytes } from "./_regular_file.ts";
import { ITEM_FILE } from "./_ticket_layout.ts";
import { unlessRefused } from "./_unless_refused.ts";
import type { Write } from "./_write.ts";

/** Milliseconds between two looks. */
const LOOK_MS = 10;
/** How many looks in a row have to find nothing of git, once there was something. */
const LOOKS = 2;

/**
 * Whether records of a change that was made are gone again. If git is at work, it is waited for: it
 * may have looked before. A signal ends that, since the change is made.
 */
export async function isUndoneByGit(
  disk: Disk,
  writes: readonly Write[],
  signal?: AbortSignal,
): Promise<boolean> {
  const indexLock = indexLockAround(disk.root);
  if (indexLock === undefined || writes.length === 0) return false;
  // Between two locks there is a moment without any, so that one look does not end the wait.
  let looks = canGitHaveLooked(indexLock) ? LOOKS : 0;
  while (looks > 0 && signal?.aborted !== true) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    looks = canGitHaveLooked(indexLock) ? LOOKS : looks - 1;
  }
  return writes.some((write) => !isKept(write, disk));
}

/** What is lost of `item.md` alone, the next change takes from the thread. */
function isKept(write: Write, disk: Disk): boolean {
  if (write.action !== "append" && write.action !== "write") return true;
  if (write.path.endsWith(`/${ITEM_FILE}`)) return true;
  const bytes = unlessRefused(() => readRegularBytes(disk.absolute(write.path)));
  // Encoded and decoded, as in the file, half a character is the sign for one.
  const written = new TextDecoder().decode(new TextEncoder().encode(write.text));
  return new TextDecoder().decode(bytes).includes(written);
}
