/** @module */

import { locksDir } from "../config/paths.ts";
import { CliError } from "./cli_error.ts";
import type { Context } from "./context.ts";

/**
 * Where a supervisor keeps the record of its live processes, from which a later one ends what a
 * killed one has left: beside the control socket, else in the runtime folder under the real path of
 * the configuration file. The folder exists afterwards.
 *
 * Source: decision 45.
 *
 * @throws {CliError} `failed` when that folder cannot be made.
 * @throws {ConfigError} `no_directory`.
 */
export async function recordPath(
  places: { file: string; control: string | undefined },
  context: Pick<Context, "paths">,
): Promise<string> {
  const { file, control } = places;
  if (control !== undefined) return `${control}.children`;
  // A folder of its own: the locks beside it are named after Pods.
  const folder = `${locksDir(context.paths().runtime)}/supervise`;
  try {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `Cannot keep a record of live processes in "${folder}": ${reason}; ` +
      "with --control PATH it lies beside the socket";
    throw new CliError("failed", message, { cause });
  }
  const path = new TextEncoder().encode(await Deno.realPath(file));
  return `${folder}/${new Uint8Array(await crypto.subtle.digest("SHA-256", path)).toHex()}`;
}
