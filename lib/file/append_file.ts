/** @module */

import { FileError } from "./file_error.ts";

/** How a file is opened for appending. */
export interface AppendFileOptions {
  /** Whether a missing file is created. Default `true`. */
  create?: boolean;
  /** Permission bits of a file that is created, lowered by the umask. */
  mode?: number;
}

/**
 * A file that only grows, by whole records, for one writer (take a {@linkcode LockFile} first).
 *
 * {@linkcode append} is one synchronous write: once it returns, the record survives the death of
 * this process. Surviving a power failure takes {@linkcode sync}. A record that does not fit on the
 * disk is taken back, so that the file never ends in half a record of which the writer was not told;
 * where even that fails, and after any failed sync (the kernel may have dropped what it could not
 * write), the file refuses all further work with the first failure as the `cause`.
 *
 * @example
 * ```ts
 * import { AppendFile } from "./append_file.ts";
 * const folder = await Deno.makeTempDir();
 * {
 *   await using log = AppendFile.openSync(`${folder}/log.jsonl`);
 *   log.append(new TextEncoder().encode('{"kind":"note"}\n'));
 *   await log.sync();
 *   if (log.size !== 16) throw new Error("not appended");
 * }
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class AppendFile implements AsyncDisposable {
  /** The path as it was given. */
  readonly path: string;
  readonly #file: Deno.FsFile;
  #size: number;
  /** Size that the last finished sync made durable; -1 until the first. */
  #durableSize = -1;
  #running: Promise<void> | undefined;
  #queued: Promise<void> | undefined;
  #failure: FileError | undefined;
  /** Whether someone who waits has been told the failure; if not, disposal does it. */
  #failureTold = false;
  #closed = false;

  private constructor(path: string, file: Deno.FsFile, size: number) {
    this.path = path;
    this.#file = file;
    this.#size = size;
  }

  /**
   * Opens a file for appending.
   *
   * @throws {FileError} `not_found`, `permission`, ...
   */
  static async open(path: string, options: AppendFileOptions = {}): Promise<AppendFile> {
    let file: Deno.FsFile | undefined;
    try {
      file = await Deno.open(path, openOptions(options));
      return new AppendFile(path, file, (await file.stat()).size);
    } catch (cause) {
      file?.close();
      throw FileError.from("open", path, cause);
    }
  }

  /** {@linkcode AppendFile.open} without a wait. */
  static openSync(path: string, options: AppendFileOptions = {}): AppendFile {
    let file: Deno.FsFile | undefined;
    try {
      file = Deno.openSync(path, openOptions(options));
      return new AppendFile(path, file, file.statSync().size);
    } catch (cause) {
      file?.close();
      throw FileError.from("open", path, cause);
    }
  }

  /** Bytes in the file as far as this writer knows: the size when opened plus every record. */
  get size(): number {
    return this.#size;
  }

  /** What the system says of the open file; its path may lead to another one by now. */
  async info(): Promise<Deno.FileInfo> {
    this.#assertUsable("look at");
    try {
      return await this.#file.stat();
    } catch (cause) {
      throw FileError.from("look at", this.path, cause);
    }
  }

  /**
   * Bytes in the file as the system knows it. Another number than {@linkcode size} means that
   * someone else wrote to the file.
   */
  diskSize(): number {
    this.#assertUsable("look at");
    return this.#statSize();
  }

  /**
   * Adds one record, all of it or nothing.
   *
   * @throws {FileError} `no_space` when it did not fit, or whatever else was so; the record is then
   * not in the file, or the file is unusable from here on.
   */
  append(bytes: Uint8Array): void {
    this.#assertUsable("append to");
    let failure: FileError;
    try {
      const written = this.#file.writeSync(bytes);
      if (written === bytes.length) {
        this.#size += written;
        return;
      }
      failure = this.#error("no_space", `only ${written} of ${bytes.length} bytes fitted`);
    } catch (cause) {
      failure = FileError.from("append to", this.path, cause);
    }
    this.#takeBack(bytes.length, failure);
    throw failure;
  }

  /**
   * Resolves when everything appended before the call is on the disk. Calls share their work: those
   * that come while a sync runs wait together for exactly one more.
   */
  sync(): Promise<void> {
    try {
      this.#assertUsable("sync");
    } catch (error) {
      return Promise.reject(error);
    }
    const work = this.#requestSync();
    // Who waits is told the failure by this promise, so disposal need not say it again.
    return work.catch((error) => {
      this.#failureTold = true;
      throw error;
    });
  }

  /**
   * {@linkcode AppendFile.sync} without sharing and without a wait of the caller: when it returns,
   * everything appended so far is on the disk.
   *
   * @throws {FileError} when that cannot be had; the file is unusable from here on.
   */
  syncSync(): void {
    this.#assertUsable("sync");
    try {
      this.#file.syncDataSync();
      this.#durableSize = this.#size;
    } catch (cause) {
      this.#failure = FileError.from("sync", this.path, cause);
      this.#failureTold = true;
      throw this.#failure;
    }
  }

  /**
   * Starts a sync beside the caller's work. Its failure is thrown by the next call of any method,
   * at the latest by disposal.
   */
  scheduleSync(): void {
    this.#assertUsable("sync");
    // Not lost: #startSync has put the failure into #failure before this promise rejects.
    this.#requestSync().catch(() => undefined);
  }

  /**
   * Waits for syncs that were asked for and closes the file. Bytes appended after them are in the
   * system's hands. Throws a failure that nobody was told.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.allSettled([this.#running, this.#queued]);
    this.#file.close();
    if (this.#failure && !this.#failureTold) throw this.#failure;
  }

  #requestSync(): Promise<void> {
    if (this.#queued) return this.#queued;
    if (!this.#running) return this.#startSync();
    return this.#queued = this.#running.then(() => this.#startSync());
  }

  #startSync(): Promise<void> {
    this.#queued = undefined;
    const size = this.#size;
    if (size === this.#durableSize) return Promise.resolve();
    return this.#running = this.#file.syncData().then(
      () => {
        this.#durableSize = size;
        this.#running = undefined;
      },
      (cause) => {
        this.#running = undefined;
        this.#failure = FileError.from("sync", this.path, cause);
        throw this.#failure;
      },
    );
  }

  /** Cuts off what a failed write of `length` bytes left, or gives the file up. */
  #takeBack(length: number, failure: FileError): void {
    try {
      const excess = this.#statSize() - this.#size;
      // Anything else than a part of this record belongs to someone else: not ours to cut.
      if (excess < 0 || excess > length) {
        throw this.#error("io", "its size is not what this writer left");
      }
      if (excess > 0) this.#file.truncateSync(this.#size);
    } catch (cause) {
      this.#failure = this.#error("io", "a part of a record could not be taken back", {
        cause: new AggregateError([failure, cause], failure.message),
      });
      this.#failureTold = true;
    }
  }

  #statSize(): number {
    try {
      return this.#file.statSync().size;
    } catch (cause) {
      throw FileError.from("look at", this.path, cause);
    }
  }

  #assertUsable(verb: string): void {
    if (this.#failure) {
      this.#failureTold = true;
      throw new FileError(
        this.#failure.code,
        this.path,
        `Cannot ${verb} "${this.path}": an earlier write failed`,
        { cause: this.#failure },
      );
    }
    if (this.#closed) throw new FileError("io", this.path, `Cannot ${verb} "${this.path}": closed`);
  }

  #error(code: FileError["code"], reason: string, options?: ErrorOptions): FileError {
    return new FileError(code, this.path, `Cannot append to "${this.path}": ${reason}`, options);
  }
}

function openOptions({ create = true, mode }: AppendFileOptions): Deno.OpenOptions {
  return { append: true, create, ...(mode === undefined ? {} : { mode }) };
}
