/** @module */

import { FileError } from "../file/file_error.ts";
import { LockFile } from "../file/lock_file.ts";
import { indexLockAround, isGitAtWork } from "./_git_at_work.ts";
import { lifeOf } from "../process/identity.ts";
import { isGranted } from "./_permission.ts";
import { TicketError } from "./ticket_error.ts";

/** Name of the lock file in a ticket root: the one that the reference locks too. */
export const LOCK_FILE = ".ticket-backend.lock";

/** Name of the file that says who holds the lock. It is there only while one of us holds it. */
export const HOLDER_FILE = ".ticket-backend.holder";

/** How a {@linkcode WriteLock} waits. */
export interface WriteLockOptions {
  /** Bound of the wait for other processes in milliseconds; default 5000. */
  timeoutMs?: number | undefined;
  /** Milliseconds since 1970, for the holder file. */
  now?: () => number;
  /** Called once for each long wait, with whom it is for, if that is known. */
  onWait?: ((holder: string | undefined) => void) | undefined;
  /** How many milliseconds make a wait long; default 1000. */
  longWaitMs?: number;
}

/** The right to write, until it is disposed. */
export interface HeldLock extends Disposable {
  /**
   * Whether the writer before this one died while it held the lock: what it was making may lie
   * about half-done.
   */
  readonly isInherited: boolean;
}

/**
 * One writer at a time in a ticket root, over processes and within this one.
 *
 * Calls of this process queue first, in order, so that a thousand of them at once do not run into
 * the bound; only the first of them asks the system. The bound is the time for which no call of this
 * process has had the lock. The lock file is the reference's own and stays
 * empty; who holds it stands in a sidecar, which is written unsynced since it speaks of the living.
 * In a work tree of git nobody gets the lock while git is merging there.
 *
 * @example
 * ```ts
 * import { WriteLock } from "./_write_lock.ts";
 * const root = await Deno.makeTempDir();
 * const lock = new WriteLock(root);
 * {
 *   using held = await lock.acquire();
 *   if (held.isInherited) throw new Error("nobody was here before");
 * }
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export class WriteLock {
  readonly #root: string;
  readonly #timeoutMs: number;
  readonly #now: () => number;
  readonly #onWait: WriteLockOptions["onWait"];
  readonly #longWaitMs: number;
  /** Settles when the last call in the queue has let go; never rejects. */
  #lastTurn: Promise<void> = Promise.resolve();
  /** When a call of this process had the lock last, on the clock of `performance.now()`. */
  #lastHeld = -Infinity;

  /** Touches nothing; `root` has to exist when the lock is taken. */
  constructor(root: string, options: WriteLockOptions = {}) {
    this.#root = root;
    this.#timeoutMs = options.timeoutMs ?? 5000;
    this.#now = options.now ?? Date.now;
    this.#onWait = options.onWait;
    this.#longWaitMs = options.longWaitMs ?? 1000;
  }

  /**
   * Waits for the calls of this process that came before, then for other processes.
   *
   * @throws {TicketError} `locked` after the bound, naming the holder; `escapes_root` when the lock
   * file is a link; `io`. The signal's reason when that fires.
   */
  async acquire(options: { signal?: AbortSignal | undefined } = {}): Promise<HeldLock> {
    const asked = performance.now();
    const turn = Promise.withResolvers<void>();
    const before = this.#lastTurn;
    this.#lastTurn = before.then(() => turn.promise);
    try {
      await untilAborted(before, options.signal);
      // The bound is one for all who wait behind the same foreign writer, not one after the other.
      const waited = performance.now() - Math.max(asked, this.#lastHeld);
      const lock = await this.#lock(Math.max(0, this.#timeoutMs - waited), options.signal);
      try {
        const isInherited = this.#claim();
        return { isInherited, [Symbol.dispose]: once(() => this.#release(lock, turn.resolve)) };
      } catch (error) {
        lock[Symbol.dispose]();
        throw error;
      }
    } catch (error) {
      turn.resolve();
      throw error;
    }
  }

  /** Takes the lock when git is not about to write over what its holder is going to write. */
  async #lock(timeoutMs: number, caller: AbortSignal | undefined): Promise<LockFile> {
    const end = performance.now() + timeoutMs;
    const indexLock = indexLockAround(this.#root);
    using word = this.#tellOfLongWait(indexLock);
    const signal = caller ? AbortSignal.any([caller, word.failed]) : word.failed;
    for (;;) {
      if (indexLock !== undefined) await untilGitIsDone(indexLock, end, signal);
      const lock = await this.#lockFile(Math.max(0, end - performance.now()), signal);
      if (indexLock === undefined || !isGitAtWork(indexLock)) return lock;
      lock[Symbol.dispose]();
    }
  }

  /** Until it is disposed; `failed` fires with what {@linkcode WriteLockOptions.onWait} throws. */
  #tellOfLongWait(indexLock: string | undefined): Disposable & { readonly failed: AbortSignal } {
    const onWait = this.#onWait;
    const failure = new AbortController();
    const timer = onWait && setTimeout(() => {
      const isForGit = indexLock !== undefined && isGitAtWork(indexLock);
      try {
        onWait(isForGit ? "git" : this.#describeHolder());
      } catch (error) {
        failure.abort(error);
      }
    }, this.#longWaitMs);
    return { failed: failure.signal, [Symbol.dispose]: () => clearTimeout(timer) };
  }

  async #lockFile(timeoutMs: number, signal: AbortSignal | undefined): Promise<LockFile> {
    const path = `${this.#root}/${LOCK_FILE}`;
    assertPlainFile(path);
    try {
      // Whoever may write tickets may lock them: a group can share a root.
      const wait = {
        mode: 0o666,
        // Nobody's: also where a link has come in its place since the look at it, nothing is lost.
        text: null,
        timeoutMs,
        ...(signal === undefined ? {} : { signal }),
      };
      return await LockFile.acquire(path, wait);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      if (error.code === "locked") throw TicketError.locked(path, this.#describeHolder(), error);
      throw TicketError.io(path, error.cause ?? error);
    }
  }

  /** Writes who we are; whether the file of a dead holder was there. */
  #claim(): boolean {
    const path = `${this.#root}/${HOLDER_FILE}`;
    // First of all: a clock that gives no time must not cost what a dead holder has left.
    const holder: Holder = { pid: Deno.pid, since: new Date(this.#now()).toISOString() };
    const isInherited = removeIfThere(path);
    try {
      Deno.writeTextFileSync(path, `${JSON.stringify(holder)}\n`, { createNew: true });
    } catch (cause) {
      throw TicketError.io(path, cause);
    }
    return isInherited;
  }

  #release(lock: LockFile, letNextGo: () => void): void {
    try {
      removeIfThere(`${this.#root}/${HOLDER_FILE}`);
    } catch (error) {
      // Callers hear how their work ended. A file that stays makes the next writer look for leftovers
      // in vain, or tell what is wrong with the root.
      if (!(error instanceof TicketError)) throw error;
    } finally {
      lock[Symbol.dispose]();
      this.#lastHeld = performance.now();
      letNextGo();
    }
  }

  #describeHolder(): string | undefined {
    const holder = readHolder(`${this.#root}/${HOLDER_FILE}`);
    if (holder === undefined) return undefined;
    return `process ${holder.pid} since ${holder.since}, ${describeLife(holder.pid)}`;
  }
}

/** Milliseconds between two looks. */
const LOOK_MS = 10;

/** @param end On the clock of `performance.now()`. */
async function untilGitIsDone(
  indexLock: string,
  end: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  while (isGitAtWork(indexLock)) {
    signal?.throwIfAborted();
    if (performance.now() >= end) {
      throw TicketError.locked(indexLock, "git");
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

interface Holder {
  readonly pid: number;
  readonly since: string;
}

/** Bytes of a file that says who holds the lock; a larger one is something else. */
const MAX_HOLDER_BYTES = 1_024;

function readHolder(path: string): Holder | undefined {
  try {
    const { isFile, size } = Deno.lstatSync(path);
    if (!isFile || size > MAX_HOLDER_BYTES) return undefined;
    const { pid, since } = JSON.parse(Deno.readTextFileSync(path)) ?? {};
    return Number.isSafeInteger(pid) && typeof since === "string" ? { pid, since } : undefined;
  } catch {
    // Gone, or cut short by a death: then nobody can say who it was. It is only a courtesy.
    return undefined;
  }
}

function describeLife(pid: number): string {
  const needed = [{ name: "read", path: `/proc/${pid}/stat` }, { name: "run" }] as const;
  if (!needed.every(isGranted)) return "which may be running";
  try {
    const life = lifeOf({ pid, startTime: undefined });
    if (life === "stopped") return `which is stopped: \`kill -CONT ${pid}\` resumes it`;
    return life === "running" ? "which is running" : "which has ended";
  } catch {
    // A program without the permission to look at other processes cannot tell.
    return "which may be running";
  }
}

/** Locking opens the file for writing: never through a link, which could lead to any file. */
function assertPlainFile(path: string): void {
  try {
    const info = Deno.lstatSync(path);
    if (info.isSymlink) throw TicketError.escapesRoot(path);
    if (!info.isFile) throw TicketError.io(path, new Error("not a regular file: remove it"));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error instanceof TicketError ? error : TicketError.io(path, error);
  }
}

function removeIfThere(path: string): boolean {
  try {
    Deno.removeSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw TicketError.io(path, error);
  }
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    work();
  };
}

/** Waits for a promise that never rejects, or rejects with the signal's reason. */
async function untilAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return await work;
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    // Looked at last: an abort between the call and the listener must not be missed.
    signal.throwIfAborted();
    await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
