/** @module */

import type { Event } from "../protocol/event.ts";
import { ClientQueue } from "./client_queue.ts";
import type { Journal } from "./journal.ts";

/**
 * The events of a Pod for a reader in the same process. It is attached like a client on the socket
 * and shares the bytes with them; a reader that stays behind gets a new snapshot.
 */
export function subscribeTo(
  journal: Journal,
  options: { signal?: AbortSignal | undefined; maxBytes?: number | undefined } = {},
): ReadableStream<Event> {
  const { signal, maxBytes } = options;
  const queue = new ClientQueue(maxBytes === undefined ? {} : { maxBytes });
  const decoder = new TextDecoder();
  const leave = () => {
    journal.detach(queue);
    queue.end();
    signal?.removeEventListener("abort", leave);
  };
  return new ReadableStream<Event>({
    start() {
      if (signal?.aborted) return leave();
      signal?.addEventListener("abort", leave, { once: true });
      journal.attach(queue);
    },
    async pull(controller) {
      await queue.ready();
      if (queue.isBehind && !signal?.aborted) journal.attach(queue);
      const chunk = signal?.aborted ? undefined : queue.take();
      if (!chunk) {
        leave();
        controller.close();
        return;
      }
      for (const line of decoder.decode(chunk).split("\n")) {
        if (line !== "") controller.enqueue(JSON.parse(line) as Event);
      }
    },
    cancel: leave,
  }, { highWaterMark: 0 });
}
