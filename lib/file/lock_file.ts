/** @module */

import { FileError } from "./file_error.ts";

/** What a lock is taken with. */
export interface LockOptions {
  /**
   * Who holds the lock, for people who look into the file: `pid 123 start 456`. The lock itself
   * never depends on it, and it stays in the file after the release. Without it the file becomes
   * empty; `null` leaves it as it is.
   */
  text?: string | null;
  /** Permission bits of a lock file that is created, lowered by the umask. Default 0600. */
  mode?: number;
}

/** How long to wait for a lock. */
export interface LockWaitOptions extends LockOptions {
  /** Bound of the wait in milliseconds; default 5000, `Infinity` waits without bound. */
  timeoutMs?: number;
  /** Ends the wait with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * An exclusive lock between processes, and between parts of one: `flock` on a file of its own.
 *
 * The kernel releases it when the holder ends, however it ends, so there is no stale lock and no
 * owner to be judged dead. The file is created once and never unlinked: unlinking would let
 * two holders lock two different files of one name. Put it where no clean-up removes it; whoever
 * waits while one does takes the lock of the new file.
 *
 * @example
 * ```ts
 * import { LockFile } from "./lock_file.ts";
 * const folder = await Deno.makeTempDir();
 * {
 *   using lock = await LockFile.acquire(`${folder}/tickets.lock`, { text: `pid ${Deno.pid}` });
 *   if (LockFile.tryAcquire(lock.path) !== undefined) throw new Error("taken twice");
 * }
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class LockFile implements Disposable {
  /** The lock file's path as it was given. */
  readonly path: string;
  #file: Deno.FsFile | undefined;

  private constructor(path: string, file: Deno.FsFile) {
    this.path = path;
    this.#file = file;
  }

  /**
   * Takes the lock if it is free, `undefined` if someone holds it.
   *
   * @throws {FileError} when the lock file cannot be opened or written.
   */
  static tryAcquire(path: string, options: LockOptions = {}): LockFile | undefined {
    for (let attempt = 1;; attempt++) {
      let file: Deno.FsFile | undefined;
      try {
        file = open(path, options.mode);
        if (!file.tryLockSync(true)) return undefined;
        if (!isStillAt(path, file) && attempt < MAX_ATTEMPTS) continue;
        writeOwner(file, options.text);
        const lock = new LockFile(path, file);
        file = undefined;
        return lock;
      } catch (cause) {
        throw FileError.from("lock", path, cause);
      } finally {
        file?.close();
      }
    }
  }

  /**
   * Takes the lock, waiting while someone else holds it.
   *
   * The system waits for us, since looking again and again starves whoever looks less often. Its wait
   * cannot be taken back: after the bound or an abort it goes on in the background, in a thread of
   * its own, until the holder releases, and the lock that it then gets is released at once.
   *
   * @throws {FileError} `locked` when the bound is over, else what is wrong with the lock file; the
   * signal's reason when that fires.
   */
  static async acquire(path: string, options: LockWaitOptions = {}): Promise<LockFile> {
    const { timeoutMs = 5000, signal } = options;
    const ends = performance.now() + timeoutMs;
    for (;;) {
      signal?.throwIfAborted();
      const free = LockFile.tryAcquire(path, options);
      if (free) return free;
      const leftMs = ends - performance.now();
      // No thread is spent on a wait that is over before it begins.
      if (leftMs <= 0) throw tooLate(path, timeoutMs);
      const late = await LockFile.#waitFor(path, options, leftMs);
      if (late) return late;
    }
  }

  /** Has the system wait; `undefined` when what it waited for is no longer the file at the path. */
  static async #waitFor(
    path: string,
    options: LockWaitOptions,
    leftMs: number,
  ): Promise<LockFile | undefined> {
    let file: Deno.FsFile | undefined;
    try {
      file = open(path, options.mode);
      await waitFor(file, path, options, leftMs);
      if (!isStillAt(path, file)) return undefined;
      writeOwner(file, options.text);
      const lock = new LockFile(path, file);
      file = undefined;
      return lock;
    } catch (cause) {
      if (options.signal?.aborted && cause === options.signal.reason) throw cause;
      throw FileError.from("lock", path, cause);
    } finally {
      // Closing while the system's wait goes on is what releases a lock that arrives late.
      file?.close();
    }
  }

  /**
   * The text that the last holder wrote, `undefined` without one; of a very long one the beginning.
   * It says who holds the lock only while the lock is held.
   */
  static readOwner(path: string): string | undefined {
    try {
      using file = Deno.openSync(path);
      const buffer = new Uint8Array(MAX_OWNER_BYTES);
      const size = file.readSync(buffer) ?? 0;
      return new TextDecoder().decode(buffer.subarray(0, size)).trimEnd() || undefined;
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound) return undefined;
      throw FileError.from("read", path, cause);
    }
  }

  /** Releases the lock; a second call does nothing. */
  [Symbol.dispose](): void {
    // Closing alone is not enough: a process that is being started at this moment still has a copy
    // of the descriptor, and with it the lock, until its program is loaded.
    this.#file?.unlockSync();
    this.#file?.close();
    this.#file = undefined;
  }
}

/** Longer timers fire at once; who waits for more than three weeks waits without bound. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Files that are opened at most until one is still at its path: there are file systems that give one
 * file another number at every look.
 */
const MAX_ATTEMPTS = 10;

function open(path: string, mode = 0o600): Deno.FsFile {
  return Deno.openSync(path, { read: true, write: true, create: true, mode });
}

/** Bytes that are read of a lock file: whatever else lies there, no wait is to end in reading it. */
const MAX_OWNER_BYTES = 4_096;

/** Whether a lock on this file keeps out whoever opens the path now. */
function isStillAt(path: string, file: Deno.FsFile): boolean {
  try {
    const [held, found] = [file.statSync(), Deno.statSync(path)];
    return held.ino === found.ino && held.dev === found.dev;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Waits for the lock on `file` until the bound or the signal; the caller closes the file. */
async function waitFor(
  file: Deno.FsFile,
  path: string,
  options: LockWaitOptions,
  leftMs: number,
): Promise<void> {
  const { timeoutMs = 5000, signal } = options;
  const ended = Promise.withResolvers<void>();
  const abort = () => ended.reject(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  const timer = leftMs > LONGEST_TIMER_MS ? undefined : setTimeout(() => {
    // Where this program stood still, the lock may have come in time and nobody has heard of it.
    try {
      if (file.tryLockSync(true)) ended.resolve();
      else ended.reject(tooLate(path, timeoutMs));
    } catch (error) {
      ended.reject(error);
    }
  }, leftMs);
  try {
    file.lock(true).then(ended.resolve, ended.reject);
    await ended.promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

function tooLate(path: string, timeoutMs: number): FileError {
  const owner = LockFile.readOwner(path);
  const holder = owner === undefined ? "someone" : `"${owner}"`;
  const message = `Cannot lock "${path}": ${holder} has held it for more than ${timeoutMs} ms`;
  return new FileError("locked", path, message);
}

/** Tells people who holds the lock. A full disk must not keep anyone from locking. */
function writeOwner(file: Deno.FsFile, text: string | null | undefined): void {
  if (text === null) return;
  file.truncateSync(0);
  if (text === undefined) return;
  try {
    file.writeSync(new TextEncoder().encode(`${text}\n`));
  } catch (cause) {
    if (FileError.from("write", "", cause).code !== "no_space") throw cause;
  }
}
