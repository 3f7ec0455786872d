/** @module */

import { ClientError } from "../client/error.ts";
import type { PodClient } from "../client/pod_client.ts";
import type { Event } from "../protocol/event.ts";
import type { Method } from "../protocol/method.ts";
import { CliError } from "./cli_error.ts";
import { firstEvent } from "./watch.ts";

/** What a request waits for, and for how long. */
export interface RequestOptions<T> {
  /** What an event behind the request means as an answer; nothing when it is none. */
  judge: (event: Event, isOurs: boolean) => T | undefined;
  /** Milliseconds without an answer after which there is none. */
  timeoutMs: number;
  signal: AbortSignal;
}

/**
 * Sends one Method and reads events until one of them answers it; `undefined` when the time is over.
 * The time begins when the Pod has greeted, however long its session is.
 *
 * @throws {CliError} `failed` when the Pod refuses the request, does not take it, or leaves before it
 * has answered.
 */
export async function request<T>(
  client: PodClient,
  method: Method,
  options: RequestOptions<T>,
): Promise<T | undefined> {
  const { judge, timeoutMs, signal } = options;
  const id = crypto.randomUUID();
  const greeting = await greet(client, signal);
  const limit = AbortSignal.timeout(timeoutMs);
  const both = AbortSignal.any([signal, limit]);
  let isSent = false;
  try {
    const repeatsIds = greeting.features?.includes("method_id") ?? false;
    // Read while the line goes out, however large it is; a failed write ends the reading, too.
    const sending = client.send({ ...method, id }, { signal: both });
    sending.then(() => isSent = true, () => {});
    for (;;) {
      const event = await client.nextEvent({ signal: both });
      if (!event) break;
      const isOurs = event.id === id;
      const answer = judge(event, isOurs);
      if (answer !== undefined) return answer;
      const isRefusal = repeatsIds ? isOurs : REFUSALS.has(codeOf(event));
      if (event.event === "error" && isRefusal) {
        throw new CliError("failed", event.data.message);
      }
      if (event.event === "shutdown") break;
    }
  } catch (error) {
    if (!limit.aborted || signal.aborted || !(error instanceof ClientError)) throw error;
    if (isSent) return undefined;
    const message = `Cannot ${method.method}: the Pod has not taken it within ${
      timeoutMs / 1000
    } s`;
    throw new CliError("failed", message, { cause: error });
  }
  throw new CliError("failed", `Cannot ${method.method}: the Pod has shut down`);
}

/** Codes with which Pods that repeat no ids refuse a request. */
const REFUSALS = new Set(["already_running", "not_running", "not_paused", "invalid_request"]);

function codeOf(event: Event): string {
  return event.event === "error" ? event.data.code : "";
}

/** Reads up to the snapshot, and past what has arrived by then: it is older than any request. */
async function greet(
  client: PodClient,
  signal: AbortSignal,
): Promise<NonNullable<PodClient["greeting"]>> {
  while (!client.greeting) {
    const event = await firstEvent(client, signal);
    if (!event) throw new CliError("failed", "Cannot ask the Pod: it has shut down");
  }
  while (client.tryNextEvent()) continue;
  return client.greeting;
}
