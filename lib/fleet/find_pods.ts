/** @module */

import { probePod } from "../client/probe.ts";
import type { PodStatus } from "../protocol/event.ts";
import { segmentSummary } from "../session/summary.ts";
import { decodeManifest } from "./manifest.ts";
import type { LivePod, PodListSources, StoredPod } from "./pod_list.ts";
import type { PodStore } from "./pod_store.ts";

/** Where to look for Pods. */
export interface FindPodsOptions {
  /** The records. */
  store: PodStore;
  /** Folder of all sessions. */
  sessionsRoot: string;
  /** Folder of all Pods' runtime folders. */
  runtimeRoot: string;
  /** Ends the search, which then rejects. */
  signal?: AbortSignal;
}

/** Pods looked at side by side. */
const WORKERS = 8;

/**
 * Looks at every record and at every runtime folder's socket. A probe only connects; what the Pod is
 * doing is read from its `status.json`, so that looking costs a busy Pod nothing.
 *
 * Source: protocol specification, P21; sessions-and-pods specification, F.1.
 */
export async function findPods(options: FindPodsOptions): Promise<PodListSources> {
  const { store, runtimeRoot, signal } = options;
  const [stored, live] = await Promise.all([
    eachOf(await store.names(), (name) => lookAtRecord(name, options)),
    eachOf(await runtimeNames(runtimeRoot), (name) => lookAtSocket(name, runtimeRoot, signal)),
  ]);
  return { stored, live };
}

async function lookAtRecord(name: string, options: FindPodsOptions): Promise<StoredPod> {
  try {
    const record = await options.store.read(name);
    const { model, cwd } = decodeManifest(record?.resolved_manifest_snapshot);
    const pod: StoredPod = {
      name,
      updatedAt: 0,
      ...(model === undefined ? {} : { model }),
      ...(cwd === undefined ? {} : { cwd }),
    };
    const { session_id: sessionId, segment_id: segmentId } = record?.active ?? {};
    if (sessionId === undefined) return pod;
    if (segmentId === undefined) return { ...pod, sessionId };
    const path = `${options.sessionsRoot}/${sessionId}/${segmentId}.jsonl`;
    const { updatedAt, preview } = await segmentSummary(path);
    const hasLog = preview !== "[corrupt segment]";
    return { ...pod, sessionId, segmentId, updatedAt, preview, hasLog };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { name, updatedAt: 0, corrupt: message };
  }
}

async function lookAtSocket(
  name: string,
  runtimeRoot: string,
  signal: AbortSignal | undefined,
): Promise<LivePod> {
  const socketPath = `${runtimeRoot}/${name}/sock`;
  const { reachable } = await probePod(socketPath, signal ? { signal } : {});
  const said = reachable === false ? {} : await readStatus(`${runtimeRoot}/${name}/status.json`);
  return { name, socketPath, reachable: reachable !== false, ...said };
}

async function readStatus(path: string): Promise<{ status?: PodStatus; segmentId?: string }> {
  try {
    const value = JSON.parse(await Deno.readTextFile(path)) as Record<string, unknown>;
    const { state, segment_id: segmentId } = value;
    return {
      ...(state === "idle" || state === "running" || state === "paused" ? { status: state } : {}),
      ...(typeof segmentId === "string" && segmentId !== "" ? { segmentId } : {}),
    };
  } catch (error) {
    // It is rewritten and removed by its Pod at any time; without it the state is only not known.
    if (error instanceof SyntaxError || error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}

/** Names of the runtime folders that hold a socket. */
async function runtimeNames(runtimeRoot: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(runtimeRoot)) {
      if (isDirectory && name !== "locks" && await hasSocket(`${runtimeRoot}/${name}/sock`)) {
        names.push(name);
      }
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names;
}

async function hasSocket(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isSocket === true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Maps with a bounded number of calls under way. */
async function eachOf<T, R>(values: readonly T[], work: (value: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(values.length);
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < values.length; index = next++) {
      results[index] = await work(values[index]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(WORKERS, values.length) }, worker));
  return results;
}
