/** @module */

import { probePod } from "../client/probe.ts";
import { type DetachedProcess, spawnDetached } from "../process/detached.ts";
import { nextSpawnDepth, SPAWN_DEPTH_VARIABLE } from "../process/self_command.ts";
import { LogFollower } from "./_log_follower.ts";
import { LogPlace } from "./_log_place.ts";
import { FleetError } from "./fleet_error.ts";
import { parseReadyLine, type ReadyLine } from "./ready_line.ts";

/** How a Pod process is started. */
export interface LaunchPodOptions {
  /** The program and its arguments; never a shell's. */
  command: readonly string[];
  /** The name the Pod is asked to have; it must say so itself. Without it any name will do. */
  podName?: string;
  /**
   * Folder of all Pods' runtime folders. With a name, what the process prints on stderr is kept in
   * the Pod's folder there; without, it is only read for the start.
   */
  runtimeRoot?: string;
  /** Working directory of the process; ours if not given. */
  cwd?: string;
  /** Added to our environment. */
  env?: Record<string, string>;
  /** Milliseconds for the whole start; 20,000. */
  timeoutMs?: number;
  /** Gets each line the process prints before it is ready. */
  onProgress?: (line: string) => void;
  /** Gives the start up; the process is ended then. */
  signal?: AbortSignal;
}

/** A Pod process that has said it is ready and answers. It goes on when its starter ends. */
export interface LaunchedPod {
  /** Its name, as it said itself. */
  name: string;
  /** Where it listens. */
  socketPath: string;
  /** Its process, already free to outlive us. */
  process: DetachedProcess;
}

/** Milliseconds between two looks at the log or the socket. */
const LOOK_MS = 25;

/**
 * Starts a Pod process of its own, waits for its ready line and for its socket to answer. A process
 * that dies, says something else or takes too long is ended and reaped, and the error holds the last
 * lines it printed.
 *
 * Source: protocol specification, section 5.4, P17 to P19.
 *
 * @throws {FleetError} `launch_failed`, `timeout`; `io` when its runtime folder cannot be made.
 * @throws {ProcessError} when the program cannot be started at all, or has started itself too often.
 */
export async function launchPod(options: LaunchPodOptions): Promise<LaunchedPod> {
  const { command, podName, timeoutMs = 20_000, signal } = options;
  signal?.throwIfAborted();
  const place = await LogPlace.make(podName, options.runtimeRoot);
  using log = new LogFollower(place.path);
  let process: DetachedProcess | undefined;
  try {
    process = spawnDetached({
      command,
      logPath: place.path,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { ...options.env, [SPAWN_DEPTH_VARIABLE]: String(nextSpawnDepth()) },
    });
    using start = new Start(process, log, podName ?? command[0] ?? "", timeoutMs, signal);
    const ready = await start.readyLine(options.onProgress);
    if (podName !== undefined && ready.name !== podName) {
      throw start.failure(`it calls itself "${ready.name}"`);
    }
    await start.answer(ready.socketPath);
    await place.keep("stderr.log");
    process.unref();
    return { ...ready, process };
  } catch (error) {
    await process?.stop({ graceMs: 2_000 });
    // Kept for whoever looks for the cause.
    await place.keep("stderr.failed.log");
    throw error;
  }
}

/** One start: what ends it is its process's death, its deadline or its signal. */
class Start implements Disposable {
  readonly #log: LogFollower;
  readonly #podName: string;
  readonly #timeoutMs: number;
  readonly #signal: AbortSignal | undefined;
  readonly #deadline: number;
  readonly #exited: Promise<void>;
  #exitCode: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    process: DetachedProcess,
    log: LogFollower,
    podName: string,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ) {
    this.#log = log;
    this.#podName = podName;
    this.#timeoutMs = timeoutMs;
    this.#signal = signal;
    this.#deadline = performance.now() + timeoutMs;
    this.#exited = process.status.then(({ code }) => {
      this.#exitCode = code;
    });
  }

  /** Reads the log until the ready line is there. */
  async readyLine(onProgress: ((line: string) => void) | undefined): Promise<ReadyLine> {
    for (;;) {
      // Looked at before the log is read: what a dead process wrote last is then in there.
      const hasExited = this.#exitCode !== undefined;
      for (const line of await this.#log.read()) {
        try {
          const ready = parseReadyLine(line);
          if (ready) return ready;
        } catch (cause) {
          throw this.failure((cause as Error).message);
        }
        onProgress?.(line);
      }
      if (hasExited) throw this.failure(`it ended with code ${this.#exitCode}`);
      await this.#pause("its ready line did not come");
    }
  }

  /** Waits until somebody answers on the socket. */
  async answer(socketPath: string): Promise<void> {
    for (;;) {
      const probe = await probePod(socketPath, { ...(this.#signal && { signal: this.#signal }) });
      if (probe.reachable !== false) return;
      if (this.#exitCode !== undefined) {
        throw this.failure(`it ended with code ${this.#exitCode}`);
      }
      await this.#pause(`nobody answered on "${socketPath}"`);
    }
  }

  /** What went wrong, with the last words of the process. */
  failure(reason: string, code: "launch_failed" | "timeout" = "launch_failed"): FleetError {
    const lines = this.#log.lastLines.join(" | ");
    const said = lines === "" ? "it printed nothing" : `it printed: ${lines}`;
    const message = `Cannot start Pod "${this.#podName}": ${reason}; ${said}`;
    return new FleetError(code, message, { exitCode: this.#exitCode });
  }

  /** Waits a little, or until the process has ended. */
  async #pause(missing: string): Promise<void> {
    this.#signal?.throwIfAborted();
    if (performance.now() > this.#deadline) {
      throw this.failure(`${missing} within ${this.#timeoutMs} ms`, "timeout");
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#timer = setTimeout(resolve, LOOK_MS);
    await Promise.race([promise, this.#exited]);
    clearTimeout(this.#timer);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
