/**
 * Whether git has written over a change.
 *
 * Nobody writes while git is at work, but git can begin when a change has begun: it looks at the files
 * before the change is in them, and writes what it merged when it is.
 *
 * @module
 */

import type { Disk } from "./disk.ts";
import { canGitHaveLooked, canGitHaveWritten, indexLockAround } from "./_git_at_work.ts";
import { lookAt, readRegularBytes } from "./_regular_file.ts";
import { ITEM_FILE } from "./_ticket_layout.ts";
import { unlessRefused } from "./_unless_refused.ts";
import type { Write } from "./_write.ts";

/** Milliseconds between two looks. */
const LOOK_MS = 10;
/** How many looks in a row have to find nothing of git, once there was something. */
const LOOKS = 2;

/** When a change was made, and who can end the wait for git. */
export interface MadeChange {
  /** When its files were read, in milliseconds since 1970. */
  readonly since: number;
  /** Ends the wait, since the change is made. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Whether records of a change that was made are gone again. If git is at work, it is waited for: it
 * may have looked before. Where it has not been, what differs is somebody's, such as a formatter's.
 */
export async function isUndoneByGit(
  disk: Disk,
  writes: readonly Write[],
  { since, signal }: MadeChange,
): Promise<boolean> {
  const indexLock = indexLockAround(disk.root);
  if (indexLock === undefined || writes.length === 0) return false;
  const isSeen = canGitHaveLooked(indexLock);
  // Between two locks there is a moment without any, so that one look does not end the wait.
  let looks = isSeen ? LOOKS : 0;
  while (looks > 0 && signal?.aborted !== true) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    looks = canGitHaveLooked(indexLock) ? LOOKS : looks - 1;
  }
  if (!isSeen && !canGitHaveWritten(indexLock, since)) return false;
  return writes.some((write) => !isKept(write, disk));
}

/** Whether a write that was made is still there to be taken back; folders hurt nobody. */
export function isLeft(write: Write, disk: Disk): boolean {
  if (write.action === "rename") return lookAt(disk.absolute(write.to)) !== undefined;
  return (write.action === "append" || write.action === "write") && holds(write, disk);
}

/** What is lost of `item.md` alone, the next change takes from the thread. */
function isKept(write: Write, disk: Disk): boolean {
  if (write.action !== "append" && write.action !== "write") return true;
  return write.path.endsWith(`/${ITEM_FILE}`) || holds(write, disk);
}

/** Whether a file has the text that was written to it. */
function holds({ path, text }: { readonly path: string; readonly text: string }, disk: Disk) {
  const bytes = unlessRefused(() => readRegularBytes(disk.absolute(path)));
  // Encoded and decoded, as in the file, half a character is the sign for one.
  const written = new TextDecoder().decode(new TextEncoder().encode(text));
  return new TextDecoder().decode(bytes).includes(written);
}
