/** @module */

import { probePod } from "../client/probe.ts";
import { FleetError } from "../fleet/fleet_error.ts";
import { launchPod } from "../fleet/launch_pod.ts";
import { selfCommand } from "../process/self_command.ts";
import { CliError } from "./cli_error.ts";
import { socketPathOf } from "./connect.ts";
import type { Context } from "./context.ts";
import { EXIT } from "./exit_code.ts";
import { podFlags, type PodWishes } from "./pod_flags.ts";

/** A Pod to be started in the background. */
export interface LaunchRequest extends PodWishes {
  name: string;
  newSession?: boolean;
}

/** A Pod that answers. */
export interface RunningPod {
  socketPath: string;
  /** Present when this call started it. */
  pid?: number;
}

/**
 * Starts this program once more, as a Pod that goes on when we end, and waits until it answers.
 *
 * @throws {CliError} `failed` when a Pod of this name runs already; that or `configuration` when it
 * ends at its start and says why.
 * @throws {FleetError} when it does not come up.
 */
export async function launchInBackground(
  request: LaunchRequest,
  context: Context,
  options: { signal?: AbortSignal } = {},
): Promise<RunningPod> {
  const { name, newSession = false, ...wishes } = request;
  if (await findSocket(name, context)) {
    throw new CliError("failed", `Cannot start Pod "${name}": it is running already`);
  }
  let failure: string | undefined;
  try {
    const { process, socketPath } = await launchPod({
      command: [
        ...selfCommand(),
        "pod",
        // In one word, as a name may begin with a dash.
        ...[`--pod=${name}`, "--workspace", context.cwd],
        ...podFlags(wishes),
        ...(newSession ? ["--new-session"] : []),
      ],
      podName: name,
      runtimeRoot: context.paths().runtime,
      onProgress: (line) => failure = /^error: (.+)$/s.exec(line)?.[1] ?? failure,
      ...options,
    });
    return { socketPath, pid: process.pid };
  } catch (cause) {
    // In its own words: how the process was started is of no use to a person.
    if (failure === undefined) throw cause;
    const isConfiguration = cause instanceof FleetError && cause.exitCode === EXIT.configuration;
    throw new CliError(isConfiguration ? "configuration" : "failed", failure, { cause });
  }
}

/**
 * The socket of a running Pod, `undefined` when nobody listens there.
 *
 * @throws {ConfigError} `bad_pod_name`, `socket_path_too_long`.
 */
export async function findSocket(name: string, context: Context): Promise<string | undefined> {
  const socketPath = socketPathOf(name, context);
  const { reachable } = await probePod(socketPath);
  return reachable === false ? undefined : socketPath;
}
