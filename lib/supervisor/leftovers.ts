/** What a killed supervisor left running. Source: decision 45. @module */

import { FileError } from "../file/file_error.ts";
import { LockFile } from "../file/lock_file.ts";
import { writeWholeSync } from "../file/write_whole.ts";
import { isAlive, liveGroupMembers, type ProcessIdentity } from "../process/identity.ts";
import { runCommand } from "../process/run_command.ts";
import { SupervisorError } from "./supervisor_error.ts";

/** How a process group is ended. */
export interface StopLadder {
  /** The first signal. */
  signal: Deno.Signal;
  /** Milliseconds until SIGKILL. */
  graceMs: number;
}

/** A process that an earlier supervisor had started. */
export interface Leftover extends ProcessIdentity {
  /** Name of the child. */
  name: string;
}

/** The environment variable that names the record of a supervisor to its children. */
export const MARK_VARIABLE = "YOI_SUPERVISOR";

/** Pauses between two looks at a group that is about to end, in milliseconds; the last repeats. */
const PAUSES = [1, 2, 4, 8, 16, 32];

/** Milliseconds that SIGKILL may take. */
const KILL_BOUND_MS = 1000;

/**
 * The record of the live processes of a supervisor: a file that says, when the supervisor was
 * killed, what has to be ended before the next one starts. It is locked for as long as it is open,
 * by a file beside it (`<path>.lock`), so two supervisors never keep the same record.
 *
 * A process is known by its pid and its start time, within one boot of the system; a pid that
 * another process has since got is never signalled. What lives on in the group of a leader that
 * has ended (a broken pipe ends many when their supervisor is killed) is known by
 * {@linkcode Leftovers.mark} in its environment.
 *
 * A file that is no such record, as a power failure may leave one, is put aside.
 *
 * @example
 * ```ts
 * import { Leftovers } from "./leftovers.ts";
 * const folder = await Deno.makeTempDir();
 * {
 *   using leftovers = Leftovers.open(`${folder}/children`);
 *   const ended = await leftovers.end(() => ({ signal: "SIGTERM", graceMs: 5000 }));
 *   if (ended.length > 0) throw new Error("nothing was left");
 * }
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class Leftovers implements Disposable {
  /** Where the record lies. */
  readonly path: string;
  /** Where the file was put that lay there and is no record; `undefined` if there was none. */
  readonly setAside: string | undefined;
  /**
   * Names this record. Processes that have it in their environment, as {@linkcode MARK_VARIABLE}, are
   * found when the one that was recorded has ended before them.
   */
  readonly mark: string = crypto.randomUUID();
  readonly #lock: LockFile;
  readonly #old: Recorded;
  readonly #live = new Map<string, ProcessIdentity>();
  #bootId: string | undefined;

  private constructor(path: string, lock: LockFile, old: Recorded | undefined) {
    this.path = path;
    this.#lock = lock;
    this.setAside = old ? undefined : setAside(path);
    this.#old = old ?? NOTHING;
  }

  /**
   * Takes the record over.
   *
   * @throws {SupervisorError} `control`, when another supervisor holds it.
   * @throws {FileError} when it cannot be read, put aside or locked.
   */
  static open(path: string): Leftovers {
    const lock = LockFile.tryAcquire(`${path}.lock`, { text: `pid ${Deno.pid}` });
    if (!lock) {
      const owner = LockFile.readOwner(`${path}.lock`);
      throw new SupervisorError(
        "control",
        `Cannot keep the record "${path}": another supervisor does (${owner ?? "unknown"})`,
      );
    }
    try {
      return new Leftovers(path, lock, readRecord(path));
    } catch (error) {
      lock[Symbol.dispose]();
      throw error;
    }
  }

  /**
   * Ends every process of the record that still runs, and its whole group. Resolves, with what it
   * has ended, when all of them are gone.
   *
   * @param ladderOf How the child of a name is ended.
   * @param options `hurry`: ends the graces.
   */
  async end(
    ladderOf: (name: string) => StopLadder,
    options: { hurry?: AbortSignal } = {},
  ): Promise<Leftover[]> {
    this.#bootId = await readBootId();
    const { bootId, mark, processes } = this.#old;
    if (bootId !== this.#bootId) return [];
    const isLeft = await Promise.all(
      processes.map((process) => isAlive(process) || hasMarkedGroup(process.pid, mark)),
    );
    const left = processes.filter((_, index) => isLeft[index]);
    await Promise.all(left.map(({ pid, name }) => endGroup(pid, ladderOf(name), options.hurry)));
    return left;
  }

  /** Records a process that has just started; call it before anything is awaited. */
  add(name: string, identity: ProcessIdentity): void {
    this.#live.set(name, identity);
    this.#write();
  }

  /** Forgets the process of a child: it is over. */
  delete(name: string): void {
    if (this.#live.delete(name)) this.#write();
  }

  /** Lets another supervisor have the record; one that holds nothing is removed. */
  [Symbol.dispose](): void {
    try {
      if (this.#live.size === 0) Deno.removeSync(this.path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    } finally {
      this.#lock[Symbol.dispose]();
    }
  }

  #write(): void {
    const processes = Array.from(this.#live, ([name, identity]) => ({ name, ...identity }));
    const record = { version: 1, bootId: this.#bootId, mark: this.mark, processes };
    // No sync: a power failure ends the processes too.
    writeWholeSync(this.path, `${JSON.stringify(record)}\n`, { mode: 0o600, sync: false });
  }
}

interface Recorded {
  bootId: string | undefined;
  mark: string | undefined;
  processes: Leftover[];
}

const NOTHING: Recorded = { bootId: undefined, mark: undefined, processes: [] };

/** `undefined` for a file that is no record. */
function readRecord(path: string): Recorded | undefined {
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return NOTHING;
    throw FileError.from("read", path, cause);
  }
  return parseRecord(text);
}

/** It may be somebody's, so it is kept; and it must not keep the children from starting. */
function setAside(path: string): string {
  const place = `${path}.unreadable-${Date.now()}`;
  try {
    Deno.renameSync(path, place);
  } catch (cause) {
    throw FileError.from("put aside", path, cause);
  }
  return place;
}

function parseRecord(text: string): Recorded | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(value) || value.version !== 1 || !Array.isArray(value.processes)) return undefined;
  const { bootId, mark } = value;
  if (bootId !== undefined && typeof bootId !== "string") return undefined;
  if (mark !== undefined && typeof mark !== "string") return undefined;
  const processes = value.processes.map(parseLeftover);
  if (!processes.every((process) => process !== undefined)) return undefined;
  return { bootId, mark, processes };
}

function parseLeftover(value: unknown): Leftover | undefined {
  if (!isObject(value)) return undefined;
  const { name, pid, startTime } = value;
  if (typeof name !== "string" || typeof pid !== "number" || !(pid > 1)) return undefined;
  if (startTime !== undefined && typeof startTime !== "number") return undefined;
  // Here every process has one; without it the pid alone would tell.
  if (startTime === undefined && Deno.build.os === "linux") return undefined;
  return { name, pid, startTime };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Names the boot that start times count from; `undefined` where the system does not tell. */
async function readBootId(): Promise<string | undefined> {
  if (Deno.build.os !== "linux") return undefined;
  // The runtime itself opens `/proc` only with every permission there is.
  const { stdout } = await runCommand({ command: ["cat", "/proc/sys/kernel/random/boot_id"] });
  return stdout.trim() || undefined;
}

/**
 * Whether a group whose leader has ended still has members, and they are those of a record. The
 * number of a group is not given to a new process while the group has members; a group that is
 * somebody else's lacks the mark.
 */
async function hasMarkedGroup(leader: number, mark: string | undefined): Promise<boolean> {
  if (mark === undefined) return false;
  const members = liveGroupMembers(leader);
  if (members.length === 0 || members.includes(leader)) return false;
  const command = ["cat", ...members.map((pid) => `/proc/${pid}/environ`)];
  // Of one that has ended meanwhile there is nothing to read.
  const { stdout } = await runCommand({ command });
  return stdout.split("\0").includes(`${MARK_VARIABLE}=${mark}`);
}

/** Ends a group that was just seen alive. */
async function endGroup(
  leader: number,
  { signal, graceMs }: StopLadder,
  hurry: AbortSignal | undefined,
): Promise<void> {
  signalGroup(leader, signal);
  if (await isGoneWithin(leader, graceMs, () => hurry?.aborted === true)) return;
  signalGroup(leader, "SIGKILL");
  await isGoneWithin(leader, KILL_BOUND_MS, () => false);
}

function signalGroup(leader: number, signal: Deno.Signal): void {
  try {
    Deno.kill(-leader, signal);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

async function isGoneWithin(
  leader: number,
  boundMs: number,
  giveUp: () => boolean,
): Promise<boolean> {
  const end = performance.now() + boundMs;
  for (let round = 0; isGroupLive(leader); round++) {
    if (giveUp() || performance.now() >= end) return false;
    // There is no event for the end of a process that is not our child: look again and again.
    await new Promise((resolve) => setTimeout(resolve, PAUSES[Math.min(round, PAUSES.length - 1)]));
  }
  return true;
}

function isGroupLive(leader: number): boolean {
  if (Deno.build.os === "linux") return liveGroupMembers(leader).length > 0;
  return isAlive({ pid: leader, startTime: undefined });
}
