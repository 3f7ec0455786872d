/** @module */

import { FileError } from "../file/file_error.ts";
import { ProcessGroup } from "./_process_group.ts";
import { programOf, spawn } from "./_spawn.ts";
import { identify, type ProcessIdentity } from "./identity.ts";
import type { ExitStatus, ProcessOptions, StopOptions } from "./spawn_options.ts";

/** How a process that outlives us is started. */
export interface DetachedOptions extends ProcessOptions {
  /** The file its stderr is appended to; created (0600) when missing. */
  logPath: string;
}

/**
 * Starts a process that goes on when we end: a group of its own, no terminal, no pipe to us, no input
 * and no output, stderr in a file.
 *
 * A program that cannot be started shows as status 127 or 126, with the reason in the log.
 *
 * @throws {FileError} when the log file cannot be opened.
 * @throws {ProcessError} `bad_cwd`, `spawn_failed`.
 *
 * @example
 * ```ts
 * import { spawnDetached } from "./detached.ts";
 * const folder = await Deno.makeTempDir();
 * const logPath = `${folder}/log`;
 * const child = spawnDetached({ command: ["sh", "-c", "echo ready >&2"], logPath });
 * const { code } = await child.status;
 * if (code !== 0 || await Deno.readTextFile(logPath) !== "ready\n") throw new Error("not started");
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export function spawnDetached(options: DetachedOptions): DetachedProcess {
  const { logPath, command, ...rest } = options;
  const program = programOf(command);
  try {
    Deno.openSync(logPath, { append: true, create: true, mode: 0o600 }).close();
  } catch (cause) {
    throw FileError.from("open", logPath, cause);
  }
  // The runtime can hand a child no file, so a shell opens it and becomes the program. The words of
  // the command are the shell's parameters: it never reads them as a script.
  const script = 'log=$1; shift; exec "$@" 2>>"$log"';
  const path = logPath.startsWith("/") ? logPath : `${Deno.cwd()}/${logPath}`;
  const shell = spawn({ ...rest, command: ["sh", "-c", script, "sh", path, ...command] });
  return new DetachedProcess(shell, program);
}

/**
 * A process that was started to outlive us. It is deliberately not disposable: letting the handle go
 * lets the process run.
 */
export class DetachedProcess {
  /** Process id, and id of its process group. */
  readonly pid: number;
  /** How it ended, for as long as we live; never rejects. */
  readonly status: Promise<ExitStatus>;
  readonly #process: Deno.ChildProcess;
  readonly #group: ProcessGroup;
  readonly #identity: ProcessIdentity | undefined;
  #exited = false;

  /** For {@linkcode spawnDetached}. */
  constructor(process: Deno.ChildProcess, program: string) {
    this.pid = process.pid;
    this.#process = process;
    this.#group = new ProcessGroup(process, program, true);
    this.#identity = identify(process.pid);
    this.status = process.status.then(({ code, signal }) => {
      this.#exited = true;
      this.#group.leaderEnded();
      return { code, signal };
    });
  }

  /** Pid and start time; `undefined` when it had ended before it could be looked at. */
  get identity(): ProcessIdentity | undefined {
    return this.#identity;
  }

  /** Lets our event loop end while the process runs. */
  unref(): void {
    this.#process.unref();
  }

  /**
   * Ends the process and its group after all: signal, grace, SIGKILL.
   *
   * @throws {ProcessError} `signal_failed`.
   */
  async stop(options: Omit<StopOptions, "drainMs"> = {}): Promise<ExitStatus> {
    const { signal = "SIGTERM", graceMs = 5000 } = options;
    const killAt = performance.now() + graceMs;
    this.#process.ref();
    this.#group.signal(signal);
    const grace = Promise.withResolvers<void>();
    const timer = setTimeout(grace.resolve, graceMs);
    await Promise.race([this.status, grace.promise]);
    clearTimeout(timer);
    if (!this.#exited) this.#group.signal("SIGKILL");
    const status = await this.status;
    await this.#group.endRest(killAt - performance.now(), () => false);
    return status;
  }
}
