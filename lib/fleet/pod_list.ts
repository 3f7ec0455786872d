/**
 * The Pods of this host in one list: what is stored about them, and who answers.
 *
 * Source: sessions-and-pods specification, sections F.1 to F.3; seed 002.
 *
 * @module
 */

import type { PodStatus } from "../protocol/event.ts";

/** What the records say of a Pod. */
export interface StoredPod {
  /** Name of the Pod. */
  name: string;
  /** Why the record cannot be used, if it cannot. */
  corrupt?: string;
  /** Model it was last started with. */
  model?: string;
  /** Working directory it was last started in. */
  cwd?: string;
  /** Its session. */
  sessionId?: string;
  /** Absent while the Pod has not run yet. */
  segmentId?: string;
  /** Whether the log of that segment can be read. */
  hasLog?: boolean;
  /** Milliseconds since the Unix epoch; 0 when unknown. */
  updatedAt: number;
  /** The newest message, shortened. */
  preview?: string;
}

/** What a look at a Pod's socket says. */
export interface LivePod {
  /** Name of the Pod. */
  name: string;
  /** Where it listens. */
  socketPath: string;
  /** `false`: nobody answers although the runtime folder is there. */
  reachable: boolean;
  /** What it says it is doing. */
  status?: PodStatus;
  /** The segment it says it writes. */
  segmentId?: string;
}

/** What a Pod is doing, in one word. */
export type PodState = PodStatus | "live" | "unreachable" | "stopped" | "corrupt";

/** One row of the list. */
export interface PodRow {
  /** Name of the Pod. */
  name: string;
  /** What it is doing. */
  state: PodState;
  /** Its model; `null` when unknown. */
  model: string | null;
  /** Its working directory; `null` when unknown. */
  cwd: string | null;
  /** Where to connect; `null` when nobody answers. */
  socket: string | null;
  /** Milliseconds since the Unix epoch; `null` when unknown. */
  updatedAt: number | null;
  /** The newest message, or why there is none; `null` when there is nothing to say. */
  preview: string | null;
  /** Whether a client can connect now. */
  attachable: boolean;
  /** Whether a start would go on in a stored session. */
  restorable: boolean;
}

/** Where a list comes from. */
export interface PodListSources {
  /** What the records say. */
  stored: readonly StoredPod[];
  /** What the sockets say. */
  live: readonly LivePod[];
}

/**
 * A list of Pods, sorted: those that answer first, then the newest, then by name. Whether a Pod can
 * be attached to and whether it can be restored are two questions: a live Pod without a log is
 * attachable and not restorable, and never loses its place to stopped ones.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { PodList } from "./pod_list.ts";
 *
 * const list = PodList.from({
 *   stored: [{ name: "old", updatedAt: 5, hasLog: true, segmentId: "s" }],
 *   live: [{ name: "new", socketPath: "/run/yoi/new/sock", reachable: true, status: "idle" }],
 * });
 * assert(list.rows.map((row) => row.name).join() === "new,old");
 * ```
 */
export class PodList {
  private constructor(
    /** The rows in order. */
    readonly rows: readonly PodRow[],
  ) {}

  /** Merges what is stored with what answers. */
  static from(sources: PodListSources): PodList {
    const names = new Set([...sources.live, ...sources.stored].map((pod) => pod.name));
    const rows = [...names].map((name) =>
      rowOf(
        name,
        sources.stored.find((pod) => pod.name === name),
        sources.live.find((pod) => pod.name === name),
      )
    );
    return new PodList(rows.sort(compareRows));
  }
}

function rowOf(name: string, stored: StoredPod | undefined, live: LivePod | undefined): PodRow {
  const attachable = live?.reachable ?? false;
  return {
    name,
    state: stateOf(stored, live),
    model: stored?.model ?? null,
    cwd: stored?.cwd ?? null,
    socket: attachable ? live!.socketPath : null,
    updatedAt: stored?.updatedAt || null,
    preview: previewOf(stored, live),
    attachable,
    restorable: !attachable && stored?.corrupt === undefined && stored?.hasLog === true,
  };
}

function stateOf(stored: StoredPod | undefined, live: LivePod | undefined): PodState {
  if (live?.reachable) return live.status ?? "live";
  if (stored?.corrupt !== undefined) return "corrupt";
  return stored ? "stopped" : "unreachable";
}

function previewOf(stored: StoredPod | undefined, live: LivePod | undefined): string | null {
  if (stored?.corrupt !== undefined && !live?.reachable) return `metadata: ${stored.corrupt}`;
  if (stored?.preview !== undefined) return stored.preview;
  if (live?.reachable) return "[live, pending segment]";
  return stored && stored.sessionId !== undefined ? "[pending segment]" : null;
}

function compareRows(a: PodRow, b: PodRow): number {
  if (a.attachable !== b.attachable) return a.attachable ? -1 : 1;
  const newer = (b.updatedAt ?? 0) - (a.updatedAt ?? 0);
  if (newer !== 0) return newer;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
