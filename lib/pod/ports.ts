/**
 * What a Pod asks of the rooms above it: the children it knows, the other Pods it sees, and where
 * its pointers are kept.
 *
 * Source: decision 2.
 *
 * @module
 */

import type { Method } from "../protocol/method.ts";
import type { PodEvent } from "../protocol/pod_event.ts";
import type { ChildStanding } from "./controller_state.ts";

/** The child Pods of this Pod. */
export interface ChildrenPort {
  /** How the Pod that an event speaks of is known; asked synchronously. */
  standing(event: PodEvent): ChildStanding;
  /**
   * Keeps the registries up to date; called once for every delivery, must tolerate repeats and any
   * order. A returned event is passed on to this Pod's own parent.
   */
  apply(event: PodEvent, options: { signal: AbortSignal }): Promise<PodEvent | undefined>;
}

/** Other Pods on this host. Rejections become `error{invalid_request}` with their message. */
export interface DiscoveryPort {
  /** Every Pod this one sees, as `pods_listed` tells it. */
  listPods(options: { signal: AbortSignal }): Promise<unknown>;
  /** Brings a stopped Pod back; gives the result that `pod_restored` tells. */
  restorePod(name: string, options: { signal: AbortSignal }): Promise<unknown>;
  /** Makes this Pod and another one peers; gives the result that `peer_registered` tells. */
  registerPeer(name: string, options: { signal: AbortSignal }): Promise<unknown>;
}

/** Methods that a {@linkcode DiscoveryPort} answers. */
export type DiscoveryMethod = Extract<
  Method,
  { method: "list_pods" | "restore_pod" | "register_peer" }
>;
