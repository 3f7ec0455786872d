/** @module */

import { messageOf } from "./_message_of.ts";
import type { Event } from "../protocol/event.ts";
import type { Method } from "../protocol/method.ts";
import type { DiscoveryPort } from "./ports.ts";

/**
 * Asks a discovery port and makes an event of the answer; a failure is an `error{invalid_request}`.
 *
 * Source: controller specification, section 6.4; decision 2.
 */
export async function discover(
  port: DiscoveryPort | undefined,
  method: Method,
  signal: AbortSignal,
): Promise<Event> {
  if (!port) {
    return invalidRequest(`Cannot ${method.method}: this Pod was started without discovery`);
  }
  try {
    switch (method.method) {
      case "list_pods":
        return { event: "pods_listed", data: { pods: await port.listPods({ signal }) } };
      case "restore_pod": {
        const result = await port.restorePod(method.params.name, { signal });
        return { event: "pod_restored", data: { result } };
      }
      case "register_peer": {
        const result = await port.registerPeer(method.params.name, { signal });
        return { event: "peer_registered", data: { result } };
      }
      default:
        return invalidRequest(`Cannot ${method.method}: it is no discovery method`);
    }
  } catch (error) {
    signal.throwIfAborted();
    return invalidRequest(messageOf(error));
  }
}

function invalidRequest(message: string): Event {
  return { event: "error", data: { code: "invalid_request", message } };
}
