/** @module */

import { AppendFile } from "../file/append_file.ts";
import { FileError } from "../file/file_error.ts";
import { writeWhole, type WriteWholeOptions } from "../file/write_whole.ts";
import { TicketError } from "./ticket_error.ts";
import type { Write } from "./_write.ts";
import { goBack, type WayBack, wayBackOf } from "./_way_back.ts";
import { isSameFile, lookAt } from "./_regular_file.ts";

/** What a {@linkcode Disk} does to a path. */
export type DiskAction =
  | "make_folder"
  | "create"
  | "copy"
  | "write"
  | "append"
  | "rename"
  | "remove";

/** The moment right before or after a change on disk, where a test can let the writer die. */
export interface DiskStep {
  /** What is done. */
  readonly action: DiskAction;
  /** Relative to the root; the old path of a rename. */
  readonly path: string;
  /** Whether it is about to happen or has happened. */
  readonly phase: "before" | "after";
}

/** How a {@linkcode Disk} writes. */
export interface DiskOptions {
  /**
   * Whether each change is on the disk before its call returns, so that it survives a power
   * failure. Default `true`; what a killed process had written survives either way. Removals are
   * not waited for: what comes back is a leftover, and removed as such.
   */
  durable?: boolean | undefined;
  /** Told of every change. What it throws ends the operation right there, like a crash. */
  onWrite?: ((step: DiskStep) => void) | undefined;
}

/**
 * The only way in which this room changes files: every change stays below the root, follows no
 * link, replaces a file as a whole or appends to it, and is announced to tests.
 *
 * Callers hold the store's lock; this class knows nothing of it. In case somebody replaces a folder
 * with a link at that very moment, each path is checked again right before its change; only during
 * a system call itself is no check possible.
 *
 * @example
 * ```ts
 * import { Disk } from "./disk.ts";
 * const root = await Deno.makeTempDir();
 * const disk = new Disk(root);
 * await disk.makeFolder("00001KT07NV00");
 * await disk.writeWhole("00001KT07NV00/item.md", "---\n---\n");
 * await disk.append("00001KT07NV00/item.md", "text\n");
 * if (await Deno.readTextFile(`${root}/00001KT07NV00/item.md`) !== "---\n---\ntext\n") {
 *   throw new Error("not written");
 * }
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export class Disk {
  /** The folder below which everything lies, as it was given. */
  readonly root: string;
  readonly #durable: boolean;
  readonly #onWrite: (step: DiskStep) => void;

  /** Touches nothing. */
  constructor(root: string, options: DiskOptions = {}) {
    this.root = root;
    this.#durable = options.durable ?? true;
    this.#onWrite = options.onWrite ?? (() => {});
  }

  /** The same for another folder: paths are then relative to that. */
  at(root: string): Disk {
    return new Disk(root, { durable: this.#durable, onWrite: this.#onWrite });
  }

  /** Where a path of this root lies. */
  absolute(path: string): string {
    return `${this.root}/${path}`;
  }

  /** Makes the root and what is above it. One that exists, also behind a link, is left alone. */
  async makeRoot(): Promise<void> {
    try {
      await Deno.mkdir(this.root, { recursive: true });
    } catch (cause) {
      throw TicketError.io(this.root, cause);
    }
  }

  /**
   * Does what an operation has planned, in its order: all of it, or nothing where the system refuses
   * (a full disk, a folder that nobody may write to).
   *
   * @returns For each of the writes, in their order, what takes it back.
   * @throws {TicketError} What the system said; also whether something could not be taken back.
   */
  async perform(writes: readonly Write[]): Promise<readonly WayBack[]> {
    const waysBack: WayBack[] = [];
    try {
      for (const write of writes) {
        // Also the way back of the step that fails: it can have happened, and only its sync failed.
        waysBack.push(await this.#wayBack(write));
        await this.#performOne(write);
      }
      return waysBack;
    } catch (error) {
      // Anything else is a mistake, or the death that a test wants: it leaves what it leaves.
      if (!(error instanceof TicketError)) throw error;
      throw await goBack(waysBack, error);
    }
  }

  /** Makes a folder inside an existing one; one that is there already is left alone. */
  async makeFolder(path: string): Promise<void> {
    const found = this.#look(path);
    if (found?.isDirectory) return;
    if (found) throw obstacle(this.absolute(path), found, "folder");
    await this.#step("make_folder", path, async () => {
      await Deno.mkdir(this.absolute(path));
      // What is made out of sight gets durable with the rename that shows it.
      if (!path.startsWith(".")) await this.#syncFolder(parentOf(path));
    });
  }

  /**
   * Writes a file that must not exist yet. Unlike {@linkcode writeWhole} a reader may see a part of
   * it, so it is for folders that nobody looks into yet.
   */
  async createFile(path: string, text: string): Promise<void> {
    this.#assertFile(path);
    await this.#step("create", path, async () => {
      using file = await Deno.open(this.absolute(path), { write: true, createNew: true });
      this.#assertInside(path, await file.stat());
      const bytes = new TextEncoder().encode(text);
      for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
      // Of an empty file there is only the name.
      if (this.#durable && bytes.length > 0) await file.syncData();
    });
  }

  /** Copies a file byte for byte to where none is yet; as visible as {@linkcode createFile}. */
  async copyFile(path: string, to: string): Promise<void> {
    this.#assertFile(path);
    this.#assertFree(to);
    await this.#step("copy", path, async () => {
      await Deno.copyFile(this.absolute(path), this.absolute(to));
      if (!this.#durable) return;
      using file = await Deno.open(this.absolute(to));
      await file.syncData();
    });
  }

  /** Replaces a file's content, or makes the file; readers see the old text or the new one. */
  async writeWhole(path: string, text: string): Promise<void> {
    this.#assertFile(path);
    await this.#step(
      "write",
      path,
      () => writeWhole(this.absolute(path), text, { ...this.#inside(), sync: this.#durable }),
    );
  }

  /** Adds text to an existing file: one write, all of it or nothing. */
  async append(path: string, text: string): Promise<void> {
    this.#assertFile(path);
    await this.#step("append", path, async () => {
      await using file = await AppendFile.open(this.absolute(path), { create: false });
      this.#assertInside(path, await file.info());
      file.append(new TextEncoder().encode(text));
      if (this.#durable) await file.sync();
    });
  }

  /**
   * Gives a file or folder another name, never that of something which exists. What a folder holds
   * is durable before its new name is.
   */
  async rename(path: string, to: string): Promise<void> {
    const found = this.#look(path);
    this.#assertFree(to);
    await this.#step("rename", path, async () => {
      if (found?.isDirectory) await this.#syncNames(path);
      this.#renameNow(path, to, found);
      await this.#syncFolder(parentOf(to));
      if (parentOf(path) !== parentOf(to)) await this.#syncFolder(parentOf(path));
    });
  }

  /** Removes a file, a link (not what it points to), or a folder with everything in it. */
  async remove(path: string): Promise<void> {
    if (!this.#look(path)) return;
    await this.#step("remove", path, () => Deno.remove(this.absolute(path), { recursive: true }));
  }

  /** Makes the names in a folder and in those below it durable. */
  async #syncNames(path: string): Promise<void> {
    if (!this.#durable) return;
    for await (const entry of Deno.readDir(this.absolute(path))) {
      if (entry.isDirectory) await this.#syncNames(`${path}/${entry.name}`);
    }
    await this.#syncFolder(path);
  }

  /** Makes the names in a folder durable; `.` is the root. */
  async #syncFolder(path: string): Promise<void> {
    // Only Windows cannot open a folder; there the rename itself has to do.
    if (!this.#durable || Deno.build.os === "windows") return;
    using folder = await Deno.open(this.absolute(path));
    await folder.sync().catch(unlessUnsupported);
  }

  #performOne(write: Write): Promise<void> {
    switch (write.action) {
      case "make_folder":
        return this.makeFolder(write.path);
      case "create":
        return this.createFile(write.path, write.text);
      case "write":
        return this.writeWhole(write.path, write.text);
      case "append":
        return this.append(write.path, write.text);
      case "rename":
        return this.rename(write.path, write.to);
      case "remove":
        return this.remove(write.path);
    }
  }

  /** What takes a write back; refuses what leads out of the root. */
  async #wayBack(write: Write): Promise<WayBack> {
    const place = {
      path: this.absolute(write.path),
      before: this.#look(write.path),
      options: { ...this.#inside(), sync: false },
      assertStill: (file: Deno.FileInfo) => this.#assertInside(write.path, file),
    };
    if (write.action !== "rename") return await wayBackOf(write, place);
    const isFree = this.#look(write.to) === undefined;
    return await wayBackOf(write, { ...place, to: { path: this.absolute(write.to), isFree } });
  }

  async #step(action: DiskAction, path: string, work: () => Promise<void>): Promise<void> {
    this.#onWrite({ action, path, phase: "before" });
    try {
      await work();
    } catch (cause) {
      const reason = causeOf(cause);
      throw reason instanceof TicketError ? reason : TicketError.io(this.absolute(path), reason);
    }
    this.#onWrite({ action, path, phase: "after" });
  }

  /** Refuses to write where anything but a plain file is. */
  #assertFile(path: string): void {
    const found = this.#look(path);
    if (found && !found.isFile) throw obstacle(this.absolute(path), found, "regular file");
  }

  /** Keeps a file that is written whole inside the root. */
  #inside(): WriteWholeOptions {
    return {
      followLink: false,
      // Its name is new: where another folder has it, this one does not.
      checkSibling: (sibling) => this.#assertInside(sibling.slice(this.root.length + 1)),
    };
  }

  /** Renames with no wait between the looks and the change; see {@linkcode Disk.#assertInside}. */
  #renameNow(path: string, to: string, found: Deno.FileInfo | undefined): void {
    this.#look(to);
    if (found?.isFile) this.#assertInside(path, found);
    Deno.renameSync(this.absolute(path), this.absolute(to));
  }

  /**
   * Refuses a file that was opened through a link, before anything is written to it. The runtime opens
   * no file within a folder that it holds open, so a folder can have become a link since it was looked
   * at, and be a folder again. Hence several looks: no link comes and goes in step with all of them.
   *
   * @param opened What the open file is; without it, that the path exists says enough.
   */
  #assertInside(path: string, opened?: Deno.FileInfo): void {
    for (let look = 0; look < LOOKS; look++) {
      const found = this.#look(path);
      if (found?.isSymlink) throw TicketError.escapesRoot(this.absolute(path));
      if (found?.isFile && (opened === undefined || isSameFile(found, opened))) continue;
      throw TicketError.io(this.absolute(path), new Error("something else has come in its place"));
    }
  }

  /** Refuses to take the place of what is there. */
  #assertFree(path: string): void {
    if (this.#look(path) === undefined) return;
    const place = this.absolute(path);
    throw TicketError.conflict(`${place} exists already`, { path: place });
  }

  /**
   * What lies at a path, `undefined` when nothing does.
   *
   * @throws {TicketError} `escapes_root` when the path, or a link above its last part, leaves the root.
   */
  #look(path: string): Deno.FileInfo | undefined {
    const parts = path.split("/");
    if (parts.some((part) => part === "" || part === "." || part === ".." || /[\\\0]/.test(part))) {
      throw TicketError.escapesRoot(this.absolute(path));
    }
    for (let length = 1; length < parts.length; length++) {
      const folder = this.absolute(parts.slice(0, length).join("/"));
      const found = lookAt(folder);
      if (found && !found.isDirectory) throw obstacle(folder, found, "folder");
    }
    return lookAt(this.absolute(path));
  }
}

/** Looks after an opening. */
const LOOKS = 8;

/** Why nothing is written there: a link leads elsewhere, everything else is only in the way. */
function obstacle(path: string, found: Deno.FileInfo, wanted: string): TicketError {
  return found.isSymlink
    ? TicketError.escapesRoot(path)
    : TicketError.conflict(`"${path}" is not a ${wanted}: move it away`, { path });
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "." : path.slice(0, slash);
}

/** The file room's words name the path a second time; what the system said is enough. */
function causeOf(error: unknown): unknown {
  return error instanceof FileError && error.cause !== undefined ? error.cause : error;
}

/** Some network file systems refuse to sync a folder with EINVAL: it is not their way to work. */
function unlessUnsupported(error: unknown): void {
  if (error instanceof Error && "code" in error && error.code === "EINVAL") return;
  throw error;
}
