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
  listPods(options: { signal: AbortSignal }): Promise<unknown>;
  restorePod(name: string, options: { signal: AbortSignal }): Promise<unknown>;
  registerPeer(name: string, options: { signal: AbortSignal }): Promise<unknown>;
}

/** Which segment a Pod is writing. */
export interface SegmentPointer {
  sessionId: string;
  segmentId: string;
}

/** Methods that a {@linkcode DiscoveryPort} answers. */
export type DiscoveryMethod = Extract<
  Method,
  { method: "list_pods" | "restore_pod" | "register_peer" }
>;
