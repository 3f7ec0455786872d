/**
 * Taking changes back that were made under the lock, when a later one is refused. What somebody else
 * wrote in the meantime, without the lock, is never touched.
 *
 * @module
 */

import { writeWhole, type WriteWholeOptions } from "../file/write_whole.ts";
import { isSameFile, lookAt } from "./_regular_file.ts";
import type { Write } from "./_write.ts";
import { TicketError } from "./ticket_error.ts";

/** Takes a change back, whether it has happened or not. */
export type WayBack = () => Promise<void>;

/** Where a change happens, looked at before it does: no link leads there. */
export interface WritePlace {
  /** Absolute. */
  readonly path: string;
  /** What lies there. */
  readonly before: Deno.FileInfo | undefined;
  /** Of a rename: the new path, absolute, and whether nothing lies there. */
  readonly to?: { readonly path: string; readonly isFree: boolean };
  /** How a file is replaced there. */
  readonly options: WriteWholeOptions;
  /** Throws when another file has come to the path, or a link leads there by now. */
  readonly assertStill: (file: Deno.FileInfo) => void;
}

/**
 * What takes a change back.
 *
 * @throws {TicketError} `io` when what is about to be replaced cannot be read.
 */
export async function wayBackOf(write: Write, place: WritePlace): Promise<WayBack> {
  const { path, before, to } = place;
  switch (write.action) {
    case "append":
      return before === undefined
        ? stay
        : () => cutOff(path, before, new TextEncoder().encode(write.text).length);
    case "write": {
      // What is no file is not written over.
      if (before !== undefined && !before.isFile) return stay;
      const earlier = before === undefined ? undefined : await readBytes(path);
      return () => putBack(place, earlier, new TextEncoder().encode(write.text));
    }
    case "create":
    case "make_folder":
      return before === undefined ? () => removeIfThere(path) : stay;
    case "rename":
      return async () => {
        if (to?.isFree && !await isThere(path)) await Deno.rename(to.path, path);
      };
    case "remove":
      return stay;
  }
}

/**
 * Goes back, the last step first.
 *
 * @returns The error that the caller is told: `error`, or one that says that a part of it stays.
 */
export async function goBack(
  waysBack: readonly WayBack[],
  error: TicketError,
): Promise<TicketError> {
  try {
    for (const back of waysBack.toReversed()) await back();
    return error;
  } catch (cause) {
    const message =
      `${error.message}; a part of the change stays, since it could not be taken back`;
    return new TicketError(error.code, message, {
      ...(error.path === undefined ? {} : { path: error.path }),
      cause: new AggregateError([error, cause]),
    });
  }
}

/** Cuts off at most what was appended, and only of the file that it was appended to. */
async function cutOff(path: string, before: Deno.FileInfo, appended: number): Promise<void> {
  const found = await Deno.lstat(path);
  const isTouched = found.size !== before.size || +(found.mtime ?? 0) !== +(before.mtime ?? 0);
  // What may not be written to has not been, and is not opened.
  if (isSameFile(found, before) && !isTouched) return;
  using file = await Deno.open(path, { read: true, write: true });
  const now = await file.stat();
  if (!isSameFile(now, before)) throw new Error("somebody else replaced the file");
  const excess = now.size - before.size;
  if (excess < 0 || excess > appended) throw new Error("somebody else wrote to the file");
  if (excess > 0) await file.truncate(before.size);
  await putBackTimes(file, before);
}

/** Whether a crash came between two writes is told by the times of their files. */
async function putBackTimes(file: Deno.FsFile, { atime, mtime }: Deno.FileInfo): Promise<void> {
  if (atime && mtime) await file.utime(atime, mtime).catch(unlessForeign);
}

/** Only the owner may set a file's times: whoever shares one with a group leaves them as they are. */
function unlessForeign(error: unknown): void {
  if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
}

async function putBack(
  { path, before, options, assertStill }: WritePlace,
  earlier: Uint8Array | undefined,
  written: Uint8Array,
): Promise<void> {
  const info = lookAt(path);
  const now = info && await Deno.readFile(path);
  if (now === undefined ? earlier === undefined : earlier && equals(now, earlier)) return;
  if (!info || !now || !equals(now, written)) throw new Error("somebody else wrote the file");
  if (before === undefined || earlier === undefined) {
    return removeNow(path, () => assertStill(info));
  }
  await writeWhole(path, earlier, options);
  // For its times alone: a file that nobody may write to can be replaced all the same.
  using file = await Deno.open(path, { read: true });
  await putBackTimes(file, before);
}

/** Removes a file with no wait between the check and the change. */
function removeNow(path: string, check: () => void): void {
  check();
  Deno.removeSync(path);
}

/** Folders only when they are empty again. */
async function removeIfThere(path: string): Promise<void> {
  if (await isThere(path)) await Deno.remove(path);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(path);
  } catch (cause) {
    throw TicketError.io(path, cause);
  }
}

function equals(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

function stay(): Promise<void> {
  return Promise.resolve();
}
