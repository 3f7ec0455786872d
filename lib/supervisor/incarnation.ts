/** @module */

import { type Child, spawnChild } from "../process/child.ts";
import type { ProcessIdentity } from "../process/identity.ts";
import { ProcessError } from "../process/process_error.ts";
import { DRAIN_MS, type OutputFollower, OutputPump } from "./_output_pump.ts";
import type { Clock } from "./clock.ts";
import type { LineForm, OutputStream } from "./output_format.ts";
import type { SharedSink } from "./output_sink.ts";
import { ReadyWatch } from "./ready_watch.ts";
import type { CompleteChild } from "./supervisor_config.ts";
import { SupervisorError } from "./supervisor_error.ts";

/** How an incarnation ended. */
export interface IncarnationEnd {
  /** Its exit code; 128 and the signal's number when a signal ended it. */
  readonly code: number;
  /** The signal that ended it, or `null`. */
  readonly signal: Deno.Signal | null;
  /** From its start to the exit of the process, in milliseconds. */
  readonly ranMs: number;
}

/** What an incarnation uses of its supervisor. */
export interface IncarnationOptions {
  /** Takes what it prints. */
  readonly sinks: Readonly<Record<OutputStream, SharedSink>>;
  /** The form of what it prints. */
  form(stream: OutputStream, pid: number): LineForm;
  /** Who else wants what it prints, if anybody does. */
  follow?(stream: OutputStream, pid: number): OutputFollower;
  /** Told once, when a printed line contains the child's `readyLine`. */
  onReady(): void;
  /** Told of what went wrong beside; the incarnation goes on to its end. */
  onFailure(error: unknown): void;
  /** Measures how long it ran. */
  readonly clock: Clock;
}

/**
 * One spawned process of a child, its two pipes and the two pumps that copy them. However it ends,
 * its end has one tail: the rest of its group, the drain, the closing of the pipes, the end of the
 * pumps, and then {@linkcode Incarnation.over}.
 *
 * @example
 * ```ts
 * import { systemClock } from "./clock.ts";
 * import { Incarnation } from "./incarnation.ts";
 * import { SharedSink } from "./output_sink.ts";
 * import { completeConfig } from "./supervisor_config.ts";
 *
 * const [child] = completeConfig({ children: [{ name: "web", command: ["sleep", "60"] }] }).children;
 * const nowhere = new SharedSink({ write: () => Promise.resolve() });
 * const incarnation = Incarnation.start(child!, {
 *   sinks: { stdout: nowhere, stderr: nowhere },
 *   form: () => ({}),
 *   onReady: () => {},
 *   onFailure: (error) => reportError(error),
 *   clock: systemClock,
 * });
 * incarnation.stop();
 * const { signal } = await incarnation.over;
 * if (signal !== "SIGTERM") throw new Error("ended otherwise");
 * ```
 */
export class Incarnation {
  /** Process id, and id of the process group. */
  readonly pid: number;
  /** Pid and start time; `undefined` when the process had ended before it could be looked at. */
  readonly identity: ProcessIdentity | undefined;
  /**
   * Resolves when the process and its group have ended, both pipes are closed and both pumps have
   * settled; never rejects.
   */
  readonly over: Promise<IncarnationEnd>;
  readonly #child: Child;
  readonly #config: CompleteChild;
  readonly #options: IncarnationOptions;
  readonly #pumps: OutputPump[];
  readonly #ready: ReadyWatch | undefined;
  readonly #startedAt: number;

  private constructor(
    child: Child,
    ready: ReadyWatch | undefined,
    config: CompleteChild,
    options: IncarnationOptions,
  ) {
    this.#child = child;
    this.#config = config;
    this.#options = options;
    this.#ready = ready;
    this.#startedAt = options.clock.now();
    this.pid = child.pid;
    this.identity = child.identity;
    this.#pumps = [this.#pump("stdout"), this.#pump("stderr")];
    this.over = this.#end();
  }

  /**
   * Spawns the process. Nothing is left of an attempt that fails.
   *
   * @throws {SupervisorError} `spawn_failed`, with the exit code that stands for the reason.
   */
  static start(config: CompleteChild, options: IncarnationOptions): Incarnation {
    const { name, command, cwd, env, readyLine } = config;
    const ready = readyLine === undefined ? undefined : new ReadyWatch(readyLine, options.onReady);
    let child: Child;
    try {
      child = spawnChild({ command, cwd, env: { ...env }, stdout: "piped", stderr: "piped" });
    } catch (cause) {
      throw spawnFailure(name, cause);
    }
    return new Incarnation(child, ready, config, options);
  }

  /** Asks the process and its group to end, and kills them after the child's `stopTimeoutMs`. */
  stop(): void {
    this.#signal(this.#config.stopSignal, this.#config.stopTimeoutMs);
  }

  /** Kills the process and its group at once. */
  kill(): void {
    this.#signal("SIGKILL", 0);
  }

  #signal(signal: Deno.Signal, graceMs: number): void {
    this.#ready?.stop();
    this.#child.stop({ signal, graceMs, drainMs: DRAIN_MS }).catch(this.#options.onFailure);
  }

  #pump(stream: OutputStream): OutputPump {
    const { sinks, form, follow, onFailure } = this.#options;
    return new OutputPump(this.#child[stream], {
      sink: sinks[stream],
      form: form(stream, this.pid),
      ready: this.#ready?.stream(),
      follower: follow?.(stream, this.pid),
      onFailure,
    });
  }

  async #end(): Promise<IncarnationEnd> {
    const exit = this.#child.status.then((status) => ({
      ...status,
      ranMs: this.#options.clock.now() - this.#startedAt,
    }));
    try {
      await this.#child.close({ graceMs: this.#config.stopTimeoutMs, drainMs: DRAIN_MS });
    } catch (error) {
      // A process that we may not signal. It has lost its pipes; its end is still to be waited for.
      this.#options.onFailure(error);
    }
    const end = await exit;
    this.#ready?.stop();
    await Promise.all(this.#pumps.map((pump) => pump.finish()));
    return end;
  }
}

function spawnFailure(name: string, cause: unknown): SupervisorError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  // Of a shell's codes only these two say that nothing ran.
  const isUnusable = cause instanceof ProcessError && cause.code === "not_executable";
  const exitCode = isUnusable ? 126 : 127;
  return new SupervisorError(
    "spawn_failed",
    `Cannot start child "${name}": ${lowerFirst(reason)}`,
    { cause, exitCode },
  );
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
