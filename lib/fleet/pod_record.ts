/**
 * What a Pod's name means now: a small file per Pod that outlives its process.
 *
 * Source: sessions-and-pods specification, section B.
 *
 * @module
 */

import type { ScopeRule } from "../protocol/scope_rule.ts";

/** A child Pod as its parent keeps it. */
export interface ChildRecord {
  /** Name of the child. */
  pod_name: string;
  /** Where it listened last. */
  socket_path: string;
  /** What it was lent. */
  scope_delegated: ScopeRule[];
  /** Socket it reports to. */
  callback_address: string;
}

/** Which segment a Pod writes; without `segment_id` none is written yet. */
export interface ActivePointer {
  /** UUID of the session. */
  session_id: string;
  /** UUID of the segment. */
  segment_id?: string;
}

/** The record of one Pod, as it lies on disk; keys that this version does not know are kept. */
export interface PodRecord {
  /** Name of the Pod. */
  pod_name: string;
  /** Which segment it writes. */
  active?: ActivePointer;
  /** Pods it has started. */
  spawned_children?: ChildRecord[];
  /** Pods it had started and took its scope back from. */
  reclaimed_children?: { pod_name: string; scope_delegated: ScopeRule[] }[];
  /** Pods it may see and write to. */
  peers?: { pod_name: string }[];
  /** The configuration the Pod was last started with; preferred when it is started again. */
  resolved_manifest_snapshot?: Record<string, unknown>;
  /** Socket of the parent that wants to be told (an addition; the reference ignores it). */
  callback_address?: string;
  /** Whatever other versions keep here. */
  [key: string]: unknown;
}

/**
 * Checks what was read from a file.
 *
 * @throws {TypeError} that says what is wrong.
 */
export function decodePodRecord(value: unknown, name: string): PodRecord {
  const record = asObject(value, "the record");
  if (record.pod_name !== name) throw new TypeError(`its pod_name is not "${name}"`);
  if (record.active !== undefined && record.active !== null) {
    const active = asObject(record.active, "active");
    if (typeof active.session_id !== "string") throw new TypeError("active.session_id is no text");
    const { segment_id: segmentId } = active;
    if (segmentId !== undefined && segmentId !== null && typeof segmentId !== "string") {
      throw new TypeError("active.segment_id is no text");
    }
    if (segmentId === null) delete active.segment_id;
  } else delete record.active;
  for (const key of ["spawned_children", "reclaimed_children", "peers"]) {
    const list = record[key];
    if (list === undefined) continue;
    if (!Array.isArray(list)) throw new TypeError(`${key} is no list`);
    for (const entry of list) {
      if (typeof asObject(entry, key).pod_name !== "string") {
        throw new TypeError(`an entry of ${key} has no pod_name`);
      }
    }
  }
  const snapshot = record.resolved_manifest_snapshot;
  if (snapshot === null) delete record.resolved_manifest_snapshot;
  else if (snapshot !== undefined) asObject(snapshot, "resolved_manifest_snapshot");
  return record as PodRecord;
}

function asObject(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new TypeError(`${what} is no object`);
}
