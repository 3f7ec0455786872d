/** What the build scripts know of this project and of the Deno that runs them. @module */

import { fromFileUrl } from "@std/path";
import config from "../deno.json" with { type: "json" };
import { type CommandResult, runCommand } from "../lib/process/run_command.ts";

/** Folder of this checkout, without a slash at its end. */
export const ROOT: string = fromFileUrl(new URL("..", import.meta.url)).replace(/\/$/, "");

/** Version that is stamped into everything built. */
export const VERSION: string = config.version;

/** Where the artefacts go. */
export const DIST = `${ROOT}/dist`;

/** How a subcommand of Deno is run. */
export interface RunDenoOptions {
  /** Working directory, default {@linkcode ROOT}. */
  cwd?: string;
  /** Variables added to our environment. */
  env?: Record<string, string>;
  /** Bound of what is kept of its output, default 16 MiB. */
  maxOutputBytes?: number;
}

/** A subcommand of Deno that did not do its work. */
export class DenoFailedError extends Error {
  override readonly name = "DenoFailedError";
  /** What the subcommand wrote to its error output, without colours. */
  readonly stderr: string;

  /**
   * Describes one failure.
   *
   * @param args The subcommand and its arguments.
   */
  constructor(args: readonly string[], { status, stderr }: CommandResult) {
    super(`Cannot run "deno ${args[0]}": it ended with ${status.code}\n${stderr.trimEnd()}`);
    this.stderr = stderr;
  }
}

/**
 * Runs a subcommand of the Deno that runs us, which need not be in `PATH`, and keeps its words to
 * itself.
 *
 * @throws {DenoFailedError} when it fails.
 */
export async function runDeno(
  args: readonly string[],
  { cwd = ROOT, env = {}, maxOutputBytes = 16 << 20 }: RunDenoOptions = {},
): Promise<CommandResult> {
  const result = await runCommand({
    command: [Deno.execPath(), ...args],
    cwd,
    env: { NO_COLOR: "1", ...env },
    maxOutputBytes,
  });
  if (result.status.code !== 0) throw new DenoFailedError(args, result);
  return result;
}

/**
 * Makes a folder for the time of `work`, so that nothing half-made is left, whatever happens.
 *
 * @param parent Where the folder is made; a file in it can then be renamed to its place there.
 * Default the system's folder for temporary files.
 */
export async function withTempDir<T>(
  work: (folder: string) => Promise<T>,
  parent?: string,
): Promise<T> {
  if (parent !== undefined) await Deno.mkdir(parent, { recursive: true });
  const folder = await Deno.makeTempDir({
    prefix: ".yoi-build-",
    ...(parent === undefined ? {} : { dir: parent }),
  });
  try {
    return await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes a line to the output. */
export async function say(line: string): Promise<void> {
  await writeAll(Deno.stdout, `${line}\n`);
}

/** Writes a line to the error output. */
export async function complain(line: string): Promise<void> {
  await writeAll(Deno.stderr, `${line}\n`);
}

async function writeAll(
  sink: { write(bytes: Uint8Array): Promise<number> },
  text: string,
): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let done = 0; done < bytes.length;) done += await sink.write(bytes.subarray(done));
}
