/**
 * Writing a segment log.
 *
 * Source: sessions-and-pods specification, section A.8; decisions on durability and torn tails.
 *
 * @module
 */

import { AppendFile } from "../file/append_file.ts";
import { type LogDiagnostic, openLogFile } from "./_log_file.ts";
import { mendEnd } from "./_mend_end.ts";
import {
  encodeStamped,
  type NewEntries,
  newTexts,
  writeError,
  writeNewSegment,
  writeNewSegmentSync,
} from "./_new_segment.ts";
import type { LogEntry, UnstampedEntry } from "./entry.ts";
import { type Replay, replayFile, replayTexts, segmentIdOf } from "./replay.ts";
import { SessionError } from "./session_error.ts";

/** How a log is kept. */
export interface SegmentLogOptions {
  /**
   * `run` (the default): every append starts a sync beside it, and the writer awaits
   * {@linkcode SegmentLog.sync} before it says that a run has ended. `entry`: every append returns
   * when its entry is on the disk.
   */
  durability?: "run" | "entry";
  /** Milliseconds since the Unix epoch, for entries without a time; default `Date.now`. */
  now?: () => number;
}

/**
 * A segment log open for writing, by this one writer: the lock lies on the log file itself, which is
 * never renamed or removed, and ends with the process at the latest. The log only ever grows.
 *
 * Opening mends what a crash left: a torn last line goes to `<log>.torn-<milliseconds>`, a whole one
 * without line feed gets it.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { SegmentLog } from "./segment_log.ts";
 * const folder = await Deno.makeTempDir();
 * const path = `${folder}/01980000-0000-7000-8000-000000000001.jsonl`;
 * {
 *   await using log = await SegmentLog.create(path, []);
 *   const text = log.append({ kind: "turn_end", turn_count: 1 });
 *   assert(log.entryCount === 1 && text.startsWith('{"kind":"turn_end","ts":'));
 *   await log.sync();
 * }
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class SegmentLog implements AsyncDisposable {
  /** The path as it was given. */
  readonly path: string;
  /** From the file's name. */
  readonly segmentId: string;
  /** From the first line; `null` when the log was opened without one. */
  readonly sessionId: string | null;
  /** What was passed over or mended when the log was opened. */
  readonly diagnostics: readonly LogDiagnostic[];
  /** See {@linkcode SegmentLogOptions.durability}. */
  readonly durability: "run" | "entry";
  readonly #lock: Deno.FsFile;
  readonly #file: AppendFile;
  readonly #now: () => number;
  readonly #encoder = new TextEncoder();
  #replay: Replay | undefined;
  #entryCount: number;
  #closed = false;

  private constructor(path: string, parts: Parts, options: SegmentLogOptions) {
    this.path = path;
    this.segmentId = segmentIdOf(path);
    this.sessionId = parts.replay.sessionId;
    this.#replay = parts.replay;
    this.diagnostics = parts.diagnostics;
    this.durability = options.durability ?? "run";
    this.#lock = parts.lock;
    this.#file = parts.file;
    this.#now = options.now ?? Date.now;
    this.#entryCount = parts.replay.entryCount;
  }

  /**
   * Opens an existing log, takes its lock, reads it and mends its end.
   *
   * @throws {SessionError} `not_found`; `locked` when another writer has it; `corrupt`, `not_utf8`
   * for damage that is not at the end, with nothing written; `read_only`; `write_failed` when the
   * end could not be mended.
   */
  static async open(path: string, options: SegmentLogOptions = {}): Promise<SegmentLog> {
    const now = options.now ?? Date.now;
    const lock = await openLogFile(path, { read: true, write: true });
    try {
      if (!await lock.tryLock(true)) throw lockedError(path);
      const { replay, end } = await replayFile(lock, path);
      const mended = await mendEnd(lock, path, end, now());
      const diagnostics = [...replay.diagnostics, ...mended];
      const file = await openForAppend(path);
      return new SegmentLog(path, { lock, file, replay, diagnostics }, options);
    } catch (error) {
      lock.close();
      throw error;
    }
  }

  /**
   * Writes a new segment as a whole, durably, and opens it. Missing folders are created.
   *
   * @param entries The first entries; texts are taken as they are.
   * @throws {SessionError} `invalid` when the file exists or an entry is none; `write_failed`.
   */
  static async create(
    path: string,
    entries: NewEntries,
    options: SegmentLogOptions = {},
  ): Promise<SegmentLog> {
    const texts = newTexts(entries, options.now ?? Date.now);
    // Read before the file exists: what could not be read again is never written.
    const replay = replayTexts(path, texts);
    await writeNewSegment(path, texts);
    const lock = await openLogFile(path, { read: true, write: true });
    try {
      if (!await lock.tryLock(true)) throw lockedError(path);
      const file = await openForAppend(path);
      return new SegmentLog(path, { lock, file, replay, diagnostics: [] }, options);
    } catch (error) {
      lock.close();
      throw error;
    }
  }

  /**
   * {@linkcode SegmentLog.create} without a wait, for an owner that must go on in the new segment
   * before anything else happens.
   *
   * @throws {SessionError} `invalid` when the file exists or an entry is none; `write_failed`.
   */
  static createSync(
    path: string,
    entries: NewEntries,
    options: SegmentLogOptions = {},
  ): SegmentLog {
    const texts = newTexts(entries, options.now ?? Date.now);
    const replay = replayTexts(path, texts);
    writeNewSegmentSync(path, texts);
    let lock: Deno.FsFile | undefined;
    try {
      lock = Deno.openSync(path, { read: true, write: true });
      if (!lock.tryLockSync(true)) throw lockedError(path);
      const file = AppendFile.openSync(path, { create: false });
      return new SegmentLog(path, { lock, file, replay, diagnostics: [] }, options);
    } catch (cause) {
      lock?.close();
      throw cause instanceof SessionError ? cause : writeError(path, cause);
    }
  }

  /**
   * What the log held when it was opened.
   *
   * @throws {TypeError} after {@linkcode SegmentLog.forgetReplay}.
   */
  get replay(): Replay {
    if (this.#replay) return this.#replay;
    throw new TypeError(`Cannot replay "${this.path}": what it held was let go of`);
  }

  /** Lets go of {@linkcode SegmentLog.replay}; a long session need not be in memory twice. */
  forgetReplay(): void {
    this.#replay = undefined;
  }

  /** Entries in the log, those of unknown kinds included. */
  get entryCount(): number {
    return this.#entryCount;
  }

  /**
   * Adds one entry: one synchronous write of the whole line. When it returns, the entry survives the
   * death of this process; for the death of the machine see {@linkcode sync}.
   *
   * @param entry Without `ts` it gets the present time.
   * @returns The line without its newline, so that it need not be encoded again.
   * @throws {SessionError} `write_failed`; the entry then does not count.
   */
  append(entry: LogEntry | UnstampedEntry): string {
    const text = encodeStamped(entry, this.#now);
    try {
      this.#file.append(this.#encoder.encode(`${text}\n`));
      if (this.durability === "entry") this.#file.syncSync();
      else this.#file.scheduleSync();
      this.#entryCount++;
    } catch (cause) {
      throw writeError(this.path, cause);
    }
    return text;
  }

  /**
   * Resolves when everything appended so far is on the disk.
   *
   * @throws {SessionError} `write_failed`.
   */
  async sync(): Promise<void> {
    try {
      await this.#file.sync();
    } catch (cause) {
      throw writeError(this.path, cause);
    }
  }

  /**
   * Whether somebody else changed the file, in spite of the lock: the reference takes none.
   *
   * @throws {SessionError} `not_found` when the file is gone.
   */
  hasForeignWrites(): boolean {
    let named: Deno.FileInfo;
    try {
      named = Deno.statSync(this.path);
    } catch (cause) {
      throw new SessionError("not_found", `Cannot find segment log "${this.path}"`, {
        path: this.path,
        cause,
      });
    }
    const ours = this.#lock.statSync();
    return named.ino !== ours.ino || named.dev !== ours.dev || ours.size !== this.#file.size;
  }

  /**
   * Waits for syncs under way, closes the file and gives the lock back.
   *
   * @throws {SessionError} `write_failed` when a sync beside an append failed and nobody knows yet.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.#file[Symbol.asyncDispose]();
    } catch (cause) {
      throw writeError(this.path, cause);
    } finally {
      // Closing alone is not enough: a process that is being started at this moment still has a copy
      // of the descriptor, and with it the lock, until its program is loaded.
      this.#lock.unlockSync();
      this.#lock.close();
    }
  }
}

interface Parts {
  lock: Deno.FsFile;
  file: AppendFile;
  replay: Replay;
  diagnostics: LogDiagnostic[];
}

async function openForAppend(path: string): Promise<AppendFile> {
  try {
    return await AppendFile.open(path, { create: false });
  } catch (cause) {
    throw writeError(path, cause);
  }
}

function lockedError(path: string): SessionError {
  const message = `Cannot open segment log "${path}": another writer holds it`;
  return new SessionError("locked", message, { path });
}
