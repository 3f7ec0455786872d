/** @module */

import { FileError } from "./file_error.ts";

/** How a whole file is written. */
export interface WriteWholeOptions {
  /**
   * Permission bits of the file, exactly (the umask does not apply). Without it an existing file
   * keeps its bits and a new one gets the process's default. Its group, and where root writes its
   * owner, an existing file keeps either way, unless the system refuses.
   */
  mode?: number;
  /**
   * Whether the bytes and the file's name are on the disk before the call returns. Default `true`;
   * with `false` the file is still never seen half-written, except after a power failure.
   */
  sync?: boolean;
  /**
   * Whether the file behind a symbolic link is replaced. Default `true`; with `false` it is the link
   * itself that gives way.
   */
  followLink?: boolean;
  /**
   * Told where the new sibling lies, before anything is written to it: a folder on the way may have
   * become a link since the caller has looked. What it throws is the `cause` of the failure.
   */
  checkSibling?: (path: string) => void;
}

/**
 * Replaces the whole content of a file, or creates it: a reader, or the next start after a crash,
 * finds the old content or the new one, never a part.
 *
 * The data goes to a new sibling file, which then takes the target's name. A symbolic link is
 * followed, unless the options say otherwise: the file that it points to is replaced. A failure
 * leaves the target as it was and no sibling behind; only a crash can leave one, which
 * {@linkcode isTemporarySibling} recognises.
 *
 * @throws {FileError} what is so, and where.
 *
 * @example
 * ```ts
 * import { writeWhole } from "./write_whole.ts";
 * const folder = await Deno.makeTempDir();
 * await writeWhole(`${folder}/pods.json`, "{}\n", { mode: 0o600 });
 * if (await Deno.readTextFile(`${folder}/pods.json`) !== "{}\n") throw new Error("not written");
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeWhole(
  path: string,
  data: string | Uint8Array,
  options: WriteWholeOptions = {},
): Promise<void> {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  const { sync = true, checkSibling } = options;
  try {
    const target = options.followLink === false ? path : await followLink(path);
    const before = fileAt(target);
    const mode = options.mode ?? permissionBits(before);
    const temporary = temporarySibling(target);
    const file = await Deno.open(temporary, openOptions(mode));
    try {
      try {
        checkSibling?.(temporary);
        for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
        handOver(temporary, ownerToKeep(before, await file.stat()), mode);
        if (sync) await file.syncData();
      } finally {
        file.close();
      }
      await Deno.rename(temporary, target);
    } catch (cause) {
      await Deno.remove(temporary).catch(unlessGone);
      throw cause;
    }
    if (sync) await syncFolder(folderOf(target));
  } catch (cause) {
    throw FileError.from("write", path, cause);
  }
}

/**
 * {@linkcode writeWhole} without a wait, for code that must not let anything happen in between.
 *
 * @throws {FileError} what is so, and where.
 */
export function writeWholeSync(
  path: string,
  data: string | Uint8Array,
  options: WriteWholeOptions = {},
): void {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  const { sync = true, checkSibling } = options;
  try {
    const target = options.followLink === false ? path : followLinkSync(path);
    const before = fileAt(target);
    const mode = options.mode ?? permissionBits(before);
    const temporary = temporarySibling(target);
    const file = Deno.openSync(temporary, openOptions(mode));
    try {
      try {
        checkSibling?.(temporary);
        for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
        handOver(temporary, ownerToKeep(before, file.statSync()), mode);
        if (sync) file.syncDataSync();
      } finally {
        file.close();
      }
      Deno.renameSync(temporary, target);
    } catch (cause) {
      removeSync(temporary);
      throw cause;
    }
    if (sync) syncFolderSync(folderOf(target));
  } catch (cause) {
    throw FileError.from("write", path, cause);
  }
}

/**
 * Whether a file name (without its folder) is that of a temporary sibling of {@linkcode writeWhole}.
 * One that is older than any running writer was left by a crash and may be removed.
 *
 * @example
 * ```ts
 * import { isTemporarySibling } from "./write_whole.ts";
 * if (!isTemporarySibling(".item.md.0123456789abcdef.yoi-tmp")) throw new Error("not recognised");
 * if (isTemporarySibling("item.md")) throw new Error("not a temporary file");
 * ```
 */
export function isTemporarySibling(name: string): boolean {
  return /^\..*\.[0-9a-f]{16}\.yoi-tmp$/s.test(name);
}

/** Characters of the target's name that its sibling keeps: with the rest it stays under 255 bytes. */
const KEPT_NAME_LENGTH = 60;

function temporarySibling(target: string): string {
  const name = target.slice(target.lastIndexOf("/") + 1).slice(0, KEPT_NAME_LENGTH);
  const unique = crypto.randomUUID().replaceAll("-", "").slice(16);
  return `${folderOf(target)}/.${name}.${unique}.yoi-tmp`;
}

function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  if (slash < 0) return ".";
  // The extra dot keeps the root folder: "/a" lies in "/.", and "/./b" is a sibling of it.
  return slash === 0 ? "/." : path.slice(0, slash);
}

/** Bits that matter are set by `chmod` once the data is there; until then only we may look. */
function openOptions(mode: number | undefined): Deno.OpenOptions {
  return { write: true, createNew: true, ...(mode === undefined ? {} : { mode: 0o600 }) };
}

async function followLink(path: string): Promise<string> {
  try {
    return (await Deno.lstat(path)).isSymlink ? await Deno.realPath(path) : path;
  } catch (error) {
    return unlessGone(error, path);
  }
}

function followLinkSync(path: string): string {
  try {
    return Deno.lstatSync(path).isSymlink ? Deno.realPathSync(path) : path;
  } catch (error) {
    return unlessGone(error, path);
  }
}

/** What is to be replaced; `undefined` for nothing, and for a link, which says nothing of a file. */
function fileAt(path: string): Deno.FileInfo | undefined {
  try {
    const info = Deno.lstatSync(path);
    return info.isSymlink ? undefined : info;
  } catch (error) {
    return unlessGone(error, undefined);
  }
}

function permissionBits(info: Deno.FileInfo | undefined): number | undefined {
  return info === undefined || info.mode === null ? undefined : info.mode & 0o7777;
}

/** Whose a file is, `null` for what stays as it is. */
interface Owner {
  uid: number | null;
  gid: number | null;
}

/** What has to be changed for a new file to belong to whom the old one did. Only root gives away. */
function ownerToKeep(before: Deno.FileInfo | undefined, made: Deno.FileInfo): Owner | undefined {
  if (before === undefined) return undefined;
  const uid = made.uid === 0 && before.uid !== 0 ? before.uid : null;
  const gid = made.gid === before.gid ? null : before.gid;
  return uid === null && gid === null ? undefined : { uid, gid };
}

/**
 * Gives a new file its owner and its bits, which the runtime does by its name alone: with no wait
 * since a look, for whoever can write in the folder can put a link to any file in its place.
 */
function handOver(path: string, owner: Owner | undefined, mode: number | undefined): void {
  if (owner === undefined && mode === undefined) return;
  if (Deno.lstatSync(path).isSymlink) {
    throw new Error("a link has come in the place of the new file");
  }
  if (owner !== undefined) chownUnlessRefused(path, owner);
  // After the change of the owner, which takes bits away.
  if (mode !== undefined) Deno.chmodSync(path, mode);
}

function chownUnlessRefused(path: string, { uid, gid }: Owner): void {
  try {
    Deno.chownSync(path, uid, gid);
  } catch (error) {
    unlessRefused(error);
  }
}

/**
 * Whose a file is must not decide whether it can be written: a group that one is not in, a mapped
 * user.
 */
function unlessRefused(error: unknown): void {
  if (error instanceof Deno.errors.PermissionDenied) return;
  if (error instanceof Error && "code" in error && error.code === "EINVAL") return;
  throw error;
}

/** What a lookup of something that does not exist means; every other failure goes on. */
function unlessGone<T>(error: unknown, otherwise?: T): T {
  if (error instanceof Deno.errors.NotFound) return otherwise as T;
  throw error;
}

function removeSync(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    unlessGone(error);
  }
}

/** Makes a rename durable. Only Windows cannot open a folder; there the rename itself has to do. */
async function syncFolder(path: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using folder = await Deno.open(path);
  await folder.sync().catch(unlessUnsupported);
}

function syncFolderSync(path: string): void {
  if (Deno.build.os === "windows") return;
  using folder = Deno.openSync(path);
  try {
    folder.syncSync();
  } catch (error) {
    unlessUnsupported(error);
  }
}

/** Some network file systems refuse to sync a folder with EINVAL: it is not their way to work. */
function unlessUnsupported(error: unknown): void {
  if (error instanceof Error && "code" in error && error.code === "EINVAL") return;
  throw error;
}
