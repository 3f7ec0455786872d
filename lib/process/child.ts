/** @module */

import { inputPipe, type OutputPipe, outputPipe, type Pipe } from "./_pipe.ts";
import { ProcessGroup } from "./_process_group.ts";
import { spawn } from "./_spawn.ts";
import { identify, type ProcessIdentity } from "./identity.ts";
import type { ExitStatus, SpawnOptions, StopOptions } from "./spawn_options.ts";

/** How a child that ends by itself is left. */
export type CloseOptions = Omit<StopOptions, "signal">;

/**
 * Starts a child process. The caller owns it and ends it by `await using`, {@linkcode Child.stop} or
 * {@linkcode Child.close}; until one of them has resolved, the pipes stay open.
 *
 * @throws {ProcessError} `not_found`, `not_executable`, `bad_cwd` or `spawn_failed`; nothing is left
 * open then.
 *
 * @example
 * ```ts
 * import { spawnChild } from "./child.ts";
 * await using child = spawnChild({ command: ["echo", "hello"], stdout: "piped" });
 * const text = await new Response(child.stdout).text();
 * const { code } = await child.close();
 * if (text !== "hello\n" || code !== 0) throw new Error("echo failed");
 * ```
 */
export function spawnChild(options: SpawnOptions): Child {
  return new Child(spawn(options), options);
}

/**
 * A running process, its pipes and, by its process group, what it starts.
 *
 * The end of a child is its exit status, never the end of its output: a process that it started may
 * hold the pipes for ever. So every ending has the same tail: the rest of the group gets the grace
 * and is then killed, readers get `drainMs` for what is left in the pipes, then the pipes are
 * closed, whoever uses them. What nobody is reading by then is lost. Processes that left the group
 * (`setsid`) are out of reach.
 */
export class Child implements AsyncDisposable {
  /** Process id; also the id of the child's group, unless it was started with `group: false`. */
  readonly pid: number;
  /** How the child ended. Resolves at its exit, before its pipes are closed; never rejects. */
  readonly status: Promise<ExitStatus>;
  readonly #process: Deno.ChildProcess;
  readonly #group: ProcessGroup;
  readonly #stdin: Pipe<WritableStream<Uint8Array>> | undefined;
  readonly #stdout: OutputPipe | undefined;
  readonly #stderr: OutputPipe | undefined;
  readonly #sent = new Set<Deno.Signal>();
  readonly #graceOver = Promise.withResolvers<void>();
  #identity: ProcessIdentity | undefined;
  #exited = false;
  #graceMs = Infinity;
  #drainMs = Infinity;
  #killAt = Infinity;
  #killTimer: ReturnType<typeof setTimeout> | undefined;
  #ending: Promise<ExitStatus> | undefined;
  #over = false;

  /** For {@linkcode spawnChild}; `options` are what `process` was started with. */
  constructor(process: Deno.ChildProcess, options: SpawnOptions) {
    this.pid = process.pid;
    this.#process = process;
    this.#group = new ProcessGroup(process, options.command[0] ?? "", options.group ?? true);
    if (options.stdin === "piped") this.#stdin = inputPipe(process.stdin);
    if (options.stdout === "piped") this.#stdout = outputPipe(process.stdout);
    if (options.stderr === "piped") this.#stderr = outputPipe(process.stderr);
    this.status = process.status.then(({ code, signal }) => {
      this.#exited = true;
      this.#group.leaderEnded();
      return { code, signal };
    });
  }

  /** Pid and start time, for a record of this process; `undefined` once it has ended unasked. */
  get identity(): ProcessIdentity | undefined {
    if (!this.#exited) this.#identity ??= identify(this.pid);
    return this.#identity;
  }

  /** The child's input; throws a TypeError unless `stdin` is `"piped"`. */
  get stdin(): WritableStream<Uint8Array> {
    return piped(this.#stdin, "stdin").stream;
  }

  /** The child's output; throws a TypeError unless `stdout` is `"piped"`. Unread, it stops the child. */
  get stdout(): ReadableStream<Uint8Array> {
    return piped(this.#stdout, "stdout").stream;
  }

  /** The child's error output; throws a TypeError unless `stderr` is `"piped"`. */
  get stderr(): ReadableStream<Uint8Array> {
    return piped(this.#stderr, "stderr").stream;
  }

  /**
   * Ends the child and its group: signal, grace, SIGKILL, drain, close. Resolves when all of it is
   * over, with the child's status. A child that has ended gets no signal, the rest of its group does.
   *
   * May be called again at any time: a signal that was sent is not repeated, a new one is sent, the
   * shortest grace and drain count. So `stop({ signal: "SIGKILL" })` cuts a gentle stop short.
   *
   * @throws {ProcessError} `signal_failed` when the system does not let us signal it.
   */
  async stop(options: StopOptions = {}): Promise<ExitStatus> {
    const { signal = "SIGTERM", graceMs = 5000 } = options;
    if (!this.#sent.has(signal)) {
      this.#group.signal(signal);
      this.#sent.add(signal);
    }
    this.#killAfter(signal === "SIGKILL" ? 0 : graceMs);
    return await this.close(options);
  }

  /**
   * Waits for the child to end by itself, then ends its group and closes its pipes as a stop does.
   * An input that is still open is closed only then: close it before if the child waits for that.
   *
   * @throws {ProcessError} `signal_failed` when the system does not let us end the rest of the group.
   */
  close(options: CloseOptions = {}): Promise<ExitStatus> {
    this.#graceMs = Math.min(this.#graceMs, options.graceMs ?? 5000);
    this.#drainMs = Math.min(this.#drainMs, options.drainMs ?? 500);
    return this.#ending ??= this.#end();
  }

  /** {@linkcode Child.stop}, gently. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #end(): Promise<ExitStatus> {
    try {
      await Promise.race([this.status, this.#graceOver.promise]);
      if (!this.#exited) this.#group.signal("SIGKILL");
      const status = await this.status;
      await this.#group.endRest(this.#graceMs, () => performance.now() >= this.#killAt);
      await this.#drain();
      return status;
    } finally {
      this.#over = true;
      clearTimeout(this.#killTimer);
      const pipes = [this.#stdin, this.#stdout, this.#stderr];
      await Promise.all(pipes.map((pipe) => pipe?.cut()));
    }
  }

  #killAfter(graceMs: number): void {
    const killAt = performance.now() + graceMs;
    if (this.#over || killAt >= this.#killAt) return;
    this.#killAt = killAt;
    clearTimeout(this.#killTimer);
    this.#killTimer = setTimeout(this.#graceOver.resolve, graceMs);
  }

  /** Waits, within the bound, until those who read have read everything. */
  async #drain(): Promise<void> {
    // A stream that nobody holds has no reader to wait for.
    const read = [this.#stdout, this.#stderr].filter((output) => output?.stream.locked);
    if (read.length === 0) return;
    const bound = Promise.withResolvers<void>();
    const timer = setTimeout(bound.resolve, this.#drainMs);
    await Promise.race([Promise.all(read.map((output) => output?.closed)), bound.promise]);
    clearTimeout(timer);
  }
}

function piped<Piped>(pipe: Piped | undefined, name: string): Piped {
  if (!pipe) throw new TypeError(`Cannot use ${name} of child: it was not started as "piped"`);
  return pipe;
}
