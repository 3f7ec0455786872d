/** @module */

import { type Child, spawnChild } from "./child.ts";
import { ProcessError } from "./process_error.ts";
import type { ExitStatus, ProcessOptions } from "./spawn_options.ts";

/** How a command is run to its end. */
export interface RunCommandOptions extends ProcessOptions {
  /** What the command reads from its stdin; without it there is nothing to read. */
  input?: string | Uint8Array;
  /** Bound of what is kept of each of the two outputs, in bytes; default 1 MiB. */
  maxOutputBytes?: number;
  /**
   * Gets each piece of stdout as it comes, in place of `result.stdout`. Returning `"stop"` says that
   * no more is needed: the command is stopped and the call resolves.
   */
  onStdout?: (chunk: Uint8Array) => "stop" | void;
  /** Bound of the whole run in milliseconds; default none. */
  timeoutMs?: number;
  /** Time between SIGTERM and SIGKILL when the command is stopped early; default 1000. */
  graceMs?: number;
  /** Stops the command and its group; the call then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** What a command left. */
export interface CommandResult {
  /** How it ended; any code is a result. */
  status: ExitStatus;
  /** What it wrote, read as UTF-8; empty with `onStdout`. */
  stdout: string;
  /** What it wrote to its error output. */
  stderr: string;
  /** Whether more was written than `maxOutputBytes`; the beginning is kept. */
  truncated: boolean;
  /** Whether `onStdout` ended it. */
  stopped: boolean;
}

/**
 * Runs a command to its end and gives back what it wrote, within bounds. Any exit code is a result,
 * not an error. However the call ends, the command and its process group have ended before.
 *
 * @throws {ProcessError} when it cannot be started, or `timed_out`.
 * @throws the reason of `signal`, when it fires, or whatever `onStdout` throws.
 *
 * @example
 * ```ts
 * import { runCommand } from "./run_command.ts";
 * const { status, stdout } = await runCommand({ command: ["sort"], input: "b\na\n" });
 * if (status.code !== 0 || stdout !== "a\nb\n") throw new Error("not sorted");
 * ```
 */
export async function runCommand(options: RunCommandOptions): Promise<CommandResult> {
  const { input, maxOutputBytes = 1 << 20, onStdout, timeoutMs, graceMs = 1000, signal } = options;
  signal?.throwIfAborted();
  await using child = spawnChild({
    ...processOptions(options),
    stdin: input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  });
  const stdout = new OutputHead(maxOutputBytes);
  const stderr = new OutputHead(maxOutputBytes);
  let stopped = false;

  const readOutput = async () => {
    for await (const chunk of child.stdout) {
      if (!onStdout) stdout.push(chunk);
      else if (onStdout(chunk) === "stop") {
        stopped = true;
        break;
      }
    }
    if (stopped) await child.stop({ graceMs, drainMs: 0 });
  };
  const readErrors = async () => {
    for await (const chunk of child.stderr) stderr.push(chunk);
  };

  const early = Promise.withResolvers<never>();
  const abort = () => early.reject(signal?.reason);
  signal?.addEventListener("abort", abort, { once: true });
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => {
    const message = `Cannot wait for "${options.command[0]}": it took more than ${timeoutMs} ms`;
    early.reject(new ProcessError("timed_out", message));
  }, timeoutMs);
  const work = Promise.all([readOutput(), readErrors(), writeInput(child, input)]);
  work.catch(early.reject); // a callback that throws ends the run at once
  try {
    const status = await Promise.race([child.close({ graceMs }), early.promise]);
    await work;
    const truncated = stdout.isCut || stderr.isCut;
    return { status, stdout: stdout.text, stderr: stderr.text, truncated, stopped };
  } catch (error) {
    await child.stop({ graceMs, drainMs: 0 });
    await Promise.allSettled([work]);
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

/** Keeps the first bytes of an output and lets the rest go by, so that the command can go on. */
class OutputHead {
  readonly #chunks: Uint8Array[] = [];
  #room: number;
  isCut = false;

  constructor(maxBytes: number) {
    this.#room = maxBytes;
  }

  push(chunk: Uint8Array): void {
    if (chunk.length > this.#room) this.isCut = true;
    if (this.#room === 0) return;
    const kept = chunk.subarray(0, this.#room);
    this.#room -= kept.length;
    this.#chunks.push(kept);
  }

  get text(): string {
    const decoder = new TextDecoder();
    const parts = this.#chunks.map((chunk) => decoder.decode(chunk, { stream: true }));
    // A letter that the bound cut in two is dropped, one that the command cut in two is shown.
    return parts.join("") + (this.isCut ? "" : decoder.decode());
  }
}

async function writeInput(child: Child, input: string | Uint8Array | undefined): Promise<void> {
  if (input === undefined) return;
  const writer = child.stdin.getWriter();
  try {
    await writer.write(typeof input === "string" ? new TextEncoder().encode(input) : input);
    await writer.close();
  } catch (error) {
    // A command need not read all its input; whether it did its work, its status says.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

function processOptions({ command, cwd, env, clearEnv }: RunCommandOptions): ProcessOptions {
  return {
    command,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
    ...(clearEnv === undefined ? {} : { clearEnv }),
  };
}
