/** @module */

import { ClientError } from "../client/error.ts";
import { type ConnectOptions, PodClient } from "../client/pod_client.ts";
import { podSocketPath } from "../config/paths.ts";
import { checkSocketPath } from "../config/pod_name.ts";
import { CliError } from "./cli_error.ts";
import type { Context } from "./context.ts";

/**
 * The socket that a Pod of this name listens on.
 *
 * @throws {ConfigError} `bad_pod_name`, `socket_path_too_long`.
 */
export function socketPathOf(name: string, context: Context): string {
  const path = podSocketPath(context.paths().runtime, name);
  checkSocketPath(path);
  return path;
}

/**
 * Connects to a running Pod.
 *
 * @throws {CliError} `not_running` when nobody listens there.
 * @throws {ClientError} when it cannot be known.
 */
export async function connectTo(
  name: string,
  context: Context,
  options: ConnectOptions = {},
): Promise<PodClient> {
  const socketPath = socketPathOf(name, context);
  try {
    return await PodClient.connect(socketPath, options);
  } catch (cause) {
    if (isNobodyThere(cause)) throw notRunning(name, cause);
    throw cause;
  }
}

/** Whether a failure to connect means that no Pod is there. */
export function isNobodyThere(error: unknown): boolean {
  return error instanceof ClientError && (error.code === "not_found" || error.code === "refused");
}

/** What is said about a Pod that is not there. */
export function notRunning(name: string, cause?: unknown): CliError {
  const message = `Pod "${name}" is not running; "yoi list" shows the Pods there are`;
  return new CliError("not_running", message, { cause });
}
