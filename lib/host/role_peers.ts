/**
 * The Pods that this one may write to on its own account.
 *
 * Source: sessions-and-pods specification, D and B.2; decision 2.
 *
 * @module
 */

import { probePod } from "../client/probe.ts";
import { sendOnce } from "../client/send_once.ts";
import { podSocketPath } from "../config/paths.ts";
import type { PodStore } from "../fleet/pod_store.ts";

/** A peer that answers. */
export interface LivePeer {
  /** Puts a text into its context; without `autoRun` it starts no turn there. */
  notify(text: string, options: { autoRun: boolean; signal?: AbortSignal }): Promise<void>;
}

/** Finds peers. */
export interface PeersPort {
  /** The peer of this name, `undefined` when it is no peer of this Pod or does not live. */
  livePeer(name: string, options?: { signal?: AbortSignal }): Promise<LivePeer | undefined>;
}

/** Where peers are looked up. */
export interface RecordedPeersOptions {
  /** The records of all Pods. */
  store: PodStore;
  /** Folder of all Pods' runtime folders. */
  runtimeRoot: string;
  /** Whose peers. */
  podName: string;
}

/**
 * The peers that a Pod's own record names. The record is read each time, since peers come and go
 * while the Pod runs. A spawned child is a child, whatever else it is.
 */
export class RecordedPeers implements PeersPort {
  readonly #options: RecordedPeersOptions;

  /** Reads nothing yet. */
  constructor(options: RecordedPeersOptions) {
    this.#options = options;
  }

  /**
   * See {@linkcode PeersPort}.
   *
   * @throws {FleetError} `corrupt`, `io` when the record cannot be read.
   */
  async livePeer(
    name: string,
    options: { signal?: AbortSignal } = {},
  ): Promise<LivePeer | undefined> {
    const { store, runtimeRoot, podName } = this.#options;
    const record = await store.read(podName);
    const isNamed = (list?: readonly { pod_name: string }[]) =>
      list?.some((entry) => entry.pod_name === name) ?? false;
    if (!isNamed(record?.peers) || isNamed(record?.spawned_children)) return undefined;
    const socketPath = podSocketPath(runtimeRoot, name);
    const { reachable } = await probePod(socketPath, options);
    if (reachable !== true) return undefined;
    return {
      notify: (message, { autoRun, signal }) =>
        sendOnce(
          socketPath,
          { method: "notify", params: { message, ...(autoRun ? {} : { auto_run: false }) } },
          signal ? { signal } : {},
        ),
    };
  }
}
