/** Asking whether a Pod is there. Source: protocol specification, section 5.5. @module */

import type { Greeting, PodStatus } from "../protocol/event.ts";
import { Deadline } from "./_deadline.ts";
import { ClientError } from "./error.ts";
import { PodClient } from "./pod_client.ts";

/** What a probe found. */
export interface PodProbe {
  /**
   * `true`: somebody took the connection. `false`: nobody listens there, the Pod is dead. `unknown`:
   * neither is proven, for example because no connection came about in time; the Pod may live.
   */
  reachable: boolean | "unknown";
  /** From the snapshot, if one was asked for and came in time. */
  status?: PodStatus;
  /** From the snapshot, if one was asked for and came in time. */
  greeting?: Greeting;
  /** Why the Pod is not known to be reachable, or why no snapshot came. */
  error?: ClientError;
}

/** Options of {@linkcode probePod}. */
export interface ProbeOptions {
  /** Also read the snapshot, which costs the Pod its encoding; `false` if not given. */
  snapshot?: boolean;
  /** Milliseconds for the whole probe; 500 if not given. */
  deadlineMs?: number;
  /** Ends the probe, which then rejects. */
  signal?: AbortSignal;
}

/**
 * Finds out whether a Pod listens at `socketPath`, and leaves nothing open, whatever happens. Only
 * a missing socket or a refused connection counts as dead.
 *
 * @throws {ClientError} `aborted`, when the signal is; everything else is a result.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { probePod } from "./probe.ts";
 *
 * const { reachable, error } = await probePod("/nowhere/sock");
 * assert(reachable === false && error?.code === "not_found");
 * ```
 */
export async function probePod(socketPath: string, options: ProbeOptions = {}): Promise<PodProbe> {
  const { snapshot = false, deadlineMs = 500, signal } = options;
  const doing = `probe "${socketPath}"`;
  const found: PodProbe = { reachable: "unknown" };
  using deadline = new Deadline(deadlineMs, doing, signal);
  try {
    await using client = await PodClient.connect(socketPath, {
      ...(signal && { signal }),
      connectTimeoutMs: deadlineMs,
    });
    found.reachable = true;
    while (snapshot && !client.greeting) {
      const event = await client.nextEvent({ signal: deadline.signal });
      if (!event) throw new ClientError("ended", `Cannot ${doing}: the Pod has shut down`);
    }
    if (client.status) found.status = client.status;
    if (client.greeting) found.greeting = client.greeting;
  } catch (error) {
    if (!(error instanceof ClientError) || signal?.aborted) throw error;
    if (error.code === "refused" || error.code === "not_found") found.reachable = false;
    found.error = error;
  }
  return found;
}
