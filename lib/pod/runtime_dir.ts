/** @module */

import { ConfigError } from "../config/config_error.ts";
import { checkPodName, checkSocketPath } from "../config/pod_name.ts";
import { FileError } from "../file/file_error.ts";
import { LockFile } from "../file/lock_file.ts";
import { writeWholeSync } from "../file/write_whole.ts";
import { ownIdentity } from "../process/identity.ts";
import type { PodStatus } from "../protocol/event.ts";
import { PodError } from "./pod_error.ts";

/** What a runtime folder is made from. */
export interface RuntimeDirOptions {
  /** The folder of all Pods' runtime folders. */
  runtimeRoot: string;
  /** Name of the Pod, and of its folder. */
  podName: string;
  /** Text of `manifest.toml`; without it the file is left out. */
  manifest?: string | undefined;
}

/**
 * The runtime folder of a running Pod and the lock that makes its name unique on this host. The
 * folder is removed at an orderly end; after a crash it stays, and the next start takes it over.
 *
 * The lock file lies outside, in `<runtimeRoot>/locks/`, and is never removed: whoever holds it owns
 * the folder and the socket path, so that nobody deletes a socket that is another's.
 *
 * Source: protocol specification, section 4.9, P11 to P13; decision 16; hazards A.
 */
export class RuntimeDir implements AsyncDisposable {
  /** The folder of this Pod. */
  readonly path: string;
  /** Where the Pod listens. */
  readonly socketPath: string;
  /** Whether the Pod came up. A start that failed keeps its log, which says why (P18). */
  hasStarted = false;
  readonly #lock: LockFile;
  readonly #podName: string;

  private constructor(path: string, podName: string, lock: LockFile) {
    this.path = path;
    this.socketPath = `${path}/sock`;
    this.#podName = podName;
    this.#lock = lock;
  }

  /**
   * Takes the name and makes the folder.
   *
   * @throws {PodError} `already_running` when another process holds the name or answers on its
   * socket; `invalid` for a name, a path or a folder that cannot be used; `io` otherwise.
   */
  static async create(options: RuntimeDirOptions): Promise<RuntimeDir> {
    const { runtimeRoot, podName } = options;
    const path = `${runtimeRoot}/${podName}`;
    asPodError(() => {
      checkPodName(podName);
      checkSocketPath(`${path}/sock`);
    });
    makePrivateFolder(runtimeRoot);
    makePrivateFolder(`${runtimeRoot}/locks`);
    const lockPath = `${runtimeRoot}/locks/${podName}.lock`;
    const { pid, startTime } = ownIdentity();
    const text = `pid ${pid} start ${startTime ?? "unknown"}\n`;
    const lock = asPodError(() => LockFile.tryAcquire(lockPath, { text }));
    if (!lock) throw heldError(podName, lockPath);
    try {
      await removeDeadSocket(`${path}/sock`, podName);
      makePrivateFolder(path);
      makePrivateFolder(`${path}/bash-output`);
      Deno.chmodSync(path, 0o700);
      asPodError(() => {
        write(`${path}/pid`, String(Deno.pid));
        write(`${path}/spawned_pods.json`, "[]");
        if (options.manifest !== undefined) write(`${path}/manifest.toml`, options.manifest);
      });
      return new RuntimeDir(path, podName, lock);
    } catch (error) {
      lock[Symbol.dispose]();
      throw error;
    }
  }

  /** Says in `status.json` what the Pod is doing, for programs that do not want to connect. */
  writeStatus(status: PodStatus, segmentId: string): void {
    const text = JSON.stringify({ pod_name: this.#podName, segment_id: segmentId, state: status });
    write(`${this.path}/status.json`, text);
  }

  /** Removes the folder, if it is still this process's, then gives the name free. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (!this.#isOurs()) return;
      if (this.hasStarted) await Deno.remove(this.path, { recursive: true });
      else await this.#removeAllButTheReason();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    } finally {
      this.#lock[Symbol.dispose]();
    }
  }

  /** The lock keeps out every program that knows of it; one that does not writes its own pid. */
  #isOurs(): boolean {
    return Deno.readTextFileSync(`${this.path}/pid`) === String(Deno.pid);
  }

  async #removeAllButTheReason(): Promise<void> {
    const names = (await Array.fromAsync(Deno.readDir(this.path))).map((entry) => entry.name);
    for (const name of names) {
      if (!isStartLog(name)) await Deno.remove(`${this.path}/${name}`, { recursive: true });
    }
    if (!names.some(isStartLog)) await Deno.remove(this.path);
  }
}

function write(path: string, text: string): void {
  writeWholeSync(path, text, { sync: false, mode: 0o600 });
}

/** Files that cannot be used keep the Pod from starting. */
function asPodError<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof FileError) throw new PodError("io", cause.message, { cause });
    if (cause instanceof ConfigError) throw new PodError("invalid", cause.message, { cause });
    throw cause;
  }
}

function heldError(podName: string, lockPath: string): PodError {
  const owner = LockFile.readOwner(lockPath)?.trim() ?? "unknown process";
  return new PodError(
    "already_running",
    `Cannot start Pod "${podName}": it is already running (${owner}); attach to it, or stop it first`,
  );
}

/** Makes a folder that only this user can enter, or checks that nobody else can write to it. */
function makePrivateFolder(path: string): void {
  try {
    Deno.mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new PodError("io", `Cannot make folder "${path}": ${(cause as Error).message}`, {
      cause,
    });
  }
  const info = Deno.statSync(path);
  if (info.uid !== null && info.uid !== Deno.uid()) {
    throw new PodError(
      "invalid",
      `Cannot use folder "${path}": it belongs to another user; set YOI_RUNTIME_DIR to your own`,
    );
  }
  if (info.mode !== null && (info.mode & 0o022) !== 0) {
    throw new PodError(
      "invalid",
      `Cannot use folder "${path}": other users may write to it; run: chmod go-w "${path}"`,
    );
  }
}

/** Under the lock: a socket nobody answers on is left over; one that answers belongs to somebody. */
async function removeDeadSocket(path: string, podName: string): Promise<void> {
  const message =
    `Cannot start Pod "${podName}": something answers on its socket "${path}"; stop it first`;
  try {
    const connection = await Deno.connect({ transport: "unix", path });
    connection.close();
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return;
    if (cause instanceof Deno.errors.ConnectionRefused) return await removeFile(path);
    throw new PodError("already_running", message, { cause });
  }
  throw new PodError("already_running", message);
}

async function removeFile(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (cause) {
    throw new PodError("io", `Cannot remove "${path}": ${(cause as Error).message}`, { cause });
  }
}

/** Whether a file is what a launcher keeps of a start: `stderr.log`, or one of its own. */
function isStartLog(name: string): boolean {
  return name.startsWith("stderr.");
}
