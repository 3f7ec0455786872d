/**
 * Whether git is about to write files of the work tree that a root lies in.
 *
 * A merge looks once, at its beginning, whether files are as it knows them, then runs the merge
 * drivers, and writes the results over whatever the files hold by then: an event that was appended
 * in between is lost. All that time it holds the lock of its index, a file that stays empty until
 * the work tree is written; a `git commit` that waits for a message has filled it before.
 *
 * @module
 */

import { dirname, join, resolve } from "@std/path";
import { isGranted } from "./_permission.ts";
import { lookAt, readRegularText } from "./_regular_file.ts";
import { unlessRefused } from "./_unless_refused.ts";
import { workTreeAround } from "./work_tree.ts";

/** Milliseconds after which a lock is one that a killed git has left. */
const STALE_MS = 60_000;

/** Milliseconds that what git does before it merges has to be old for it to be something else. */
const FRESH_MS = 100;

/** The lock of git's index for the work tree around a folder, `undefined` outside of any. */
export function indexLockAround(folder: string): string | undefined {
  const top = workTreeAround(folder);
  if (top === undefined) return undefined;
  // What we cannot read is not ours to wait for.
  const path = unlessRefused(() => {
    const place = join(top, ".git");
    if (lookAt(place)?.isFile !== true) return join(place, "index.lock");
    // A work tree beside another one has a file that says where its index is.
    const [, target] = /^gitdir: (.+)$/m.exec(readRegularText(place) ?? "") ?? [];
    return target === undefined ? undefined : join(resolve(top, target), "index.lock");
  });
  return path !== undefined && isGranted({ name: "read", path }) ? path : undefined;
}

/** Whether git holds the lock and has not written the work tree yet. */
export function isGitAtWork(indexLock: string): boolean {
  return isHeld(indexLock, { emptyMs: STALE_MS, filledMs: 0 });
}

/**
 * Whether git may be about to write over what has changed since it looked at the files: it is at work,
 * or it begins to merge. Then it writes down where the branch was, looks, fills the lock with what it
 * has found, gives it back, and takes it again a little later.
 */
export function canGitHaveLooked(indexLock: string): boolean {
  if (isHeld(indexLock, { emptyMs: STALE_MS, filledMs: FRESH_MS })) return true;
  const noted = readableAt(join(dirname(indexLock), "ORIG_HEAD"));
  return noted !== undefined && ageOf(noted) < FRESH_MS;
}

/**
 * Whether git may have written the work tree since a moment, in milliseconds since 1970: with what it
 * writes there, its index changes.
 */
export function canGitHaveWritten(indexLock: string, since: number): boolean {
  const index = readableAt(join(dirname(indexLock), "index"));
  // Times of files lag behind the clock a little.
  return index !== undefined && (index.mtime?.getTime() ?? 0) > since - FRESH_MS;
}

function readableAt(path: string): Deno.FileInfo | undefined {
  return isGranted({ name: "read", path }) ? unlessRefused(() => lookAt(path)) : undefined;
}

/** Whether the lock is there, and no older than what it holds lets it be. */
function isHeld(
  indexLock: string,
  { emptyMs, filledMs }: { readonly emptyMs: number; readonly filledMs: number },
): boolean {
  const info = unlessRefused(() => lookAt(indexLock));
  return info !== undefined && ageOf(info) < (info.size > 0 ? filledMs : emptyMs);
}

/** Milliseconds since a file was written; clocks that differ make it no younger. */
function ageOf({ mtime }: Deno.FileInfo): number {
  return Math.abs(Date.now() - (mtime?.getTime() ?? 0));
}
