/** Sending one Method to a Pod. Source: protocol specification, section 5.2. @module */

import type { Method } from "../protocol/method.ts";
import { Deadline } from "./_deadline.ts";
import { ClientError } from "./error.ts";
import { PodClient } from "./pod_client.ts";

/** Options of {@linkcode sendOnce}. */
export interface SendOnceOptions {
  /**
   * Milliseconds for each of the three steps: connecting, reading up to the snapshot, writing;
   * 5,000 if not given. So the whole takes no longer than three times this and `lingerMs`.
   */
  timeoutMs?: number;
  /** Milliseconds to wait, after writing, for the Pod to close its side; 1,000 if not given. */
  lingerMs?: number;
  /** Ends the sending. Once the Method is written it only ends the waiting behind it. */
  signal?: AbortSignal;
}

/**
 * Sends one Method over a connection of its own. Resolves when the line is written; there is no
 * acknowledgement. For `run` use `runAndConfirm`.
 *
 * The Method is not lost to a busy Pod: events are read all the time, so neither side blocks the
 * other, and the connection is only half closed behind the line until the Pod closes its side too
 * or `lingerMs` are over. A connection that goes away at once can fail the Pod's next write and
 * take the unread Method with it.
 *
 * @throws {ClientError} What `PodClient.connect` and `PodClient.send` throw, and `timeout`. When the
 * failure comes while writing, it is not known whether the Method arrived.
 */
export async function sendOnce(
  socketPath: string,
  method: Method,
  options: SendOnceOptions = {},
): Promise<void> {
  const { timeoutMs = 5_000, lingerMs = 1_000, signal } = options;
  const doing = `send "${method.method}" to "${socketPath}"`;
  await using client = await PodClient.connect(socketPath, {
    ...(signal && { signal }),
    connectTimeoutMs: timeoutMs,
  });
  using deadline = new Deadline(timeoutMs, doing, signal);
  while (!client.greeting) {
    const event = await client.nextEvent({ signal: deadline.signal });
    if (!event) throw new ClientError("ended", `Cannot ${doing}: the Pod has shut down`);
  }
  deadline.restart(timeoutMs);
  const drained = drain(client, deadline.signal);
  await client.send(method, { signal: deadline.signal });
  deadline.restart(lingerMs);
  await Promise.all([ignoreFailure(client.closeWrite({ signal: deadline.signal })), drained]);
}

/** Reads and forgets events until there are no more, whatever ends them. */
function drain(client: PodClient, signal: AbortSignal): Promise<void> {
  const readAll = async () => {
    while (await client.nextEvent({ signal })) continue;
  };
  return ignoreFailure(readAll());
}

/** Waits for what no longer changes the result: a failure to send is told by the sending itself. */
async function ignoreFailure(work: Promise<void>): Promise<void> {
  await work.catch((error) => {
    if (!(error instanceof ClientError)) throw error;
  });
}
