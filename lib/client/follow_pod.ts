/** Watching a Pod across broken connections. Source: protocol specification, section 5.1. @module */

import type { Alert, Event } from "../protocol/event.ts";
import { Deadline } from "./_deadline.ts";
import { abortFailure } from "./_failure.ts";
import { ClientError } from "./error.ts";
import { type ConnectOptions, PodClient } from "./pod_client.ts";

/** Options of {@linkcode followPod}. */
export interface FollowPodOptions extends ConnectOptions {
  /** Milliseconds before the first new attempt; each failure doubles it. 100 if not given. */
  firstDelayMs?: number;
  /** Attempts in a row that may fail before the following does; 8 if not given. */
  attempts?: number;
  /** Gets each new client, for sending; the following alone takes its events and ends it. */
  onConnect?: (client: PodClient) => void;
}

/**
 * The events of a Pod, over as many connections as it takes. When one ends without a `shutdown`, for
 * example because this side was too slow, another is made; its `snapshot` means: start over. Alerts
 * that were handed out before are not repeated (P24).
 *
 * Ends after the Pod's `shutdown`. Leaving the loop ends the connection. The first connection is not
 * tried again: a Pod that is not there at the beginning fails at once.
 *
 * @throws {ClientError} `aborted`, or that of the last attempt when too many failed in a row.
 */
export async function* followPod(
  socketPath: string,
  options: FollowPodOptions = {},
): AsyncGenerator<Event, void, undefined> {
  const { firstDelayMs = 100, attempts = 8, onConnect, signal } = options;
  const alerts = new SeenAlerts();
  let failed = 0;
  for (let isFirst = true;; isFirst = false) {
    try {
      await using client = await PodClient.connect(socketPath, options);
      onConnect?.(client);
      for await (const event of client) {
        // A connection counts once the Pod has spoken of its state.
        if (event.event === "snapshot") failed = 0;
        if (event.event !== "alert" || alerts.isNew(event.data)) yield event;
      }
      return;
    } catch (error) {
      if (!(error instanceof ClientError) || signal?.aborted) throw error;
      failed += 1;
      if ((isFirst && error.code !== "ended") || failed > attempts) throw error;
    }
    await wait(firstDelayMs * 2 ** (failed - 1), signal);
  }
}

/** Remembers alerts like a Pod does: the last 512. */
class SeenAlerts {
  readonly #keys = new Set<string>();

  isNew({ timestamp_ms, source, message }: Alert): boolean {
    const key = `${timestamp_ms} ${source} ${message}`;
    const isNew = !this.#keys.delete(key);
    this.#keys.add(key);
    const [oldest] = this.#keys;
    if (this.#keys.size > 512 && oldest !== undefined) this.#keys.delete(oldest);
    return isNew;
  }
}

async function wait(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  using deadline = new Deadline(delayMs, "wait", signal);
  await new Promise((resolve) => deadline.signal.addEventListener("abort", resolve));
  if (signal?.aborted) throw abortFailure(signal, "follow the Pod");
}
