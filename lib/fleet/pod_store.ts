/** @module */

import { checkPodName } from "../config/pod_name.ts";
import { LockFile } from "../file/lock_file.ts";
import { writeWhole } from "../file/write_whole.ts";
import { FleetError } from "./fleet_error.ts";
import { decodePodRecord, type PodRecord } from "./pod_record.ts";

/** Where a store keeps its records and locks. */
export interface PodStoreOptions {
  /** Folder with one folder a Pod, `<data>/pods`. */
  root: string;
  /** Folder of the lock files, `<runtime>/locks`; it is never removed. */
  locks: string;
}

/**
 * The records of all Pods. A record is changed by reading, changing and writing it whole under a
 * lock, so that two programs lose nothing of each other's, and a crash leaves the old one.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { PodStore } from "./pod_store.ts";
 *
 * const folder = await Deno.makeTempDir();
 * const store = new PodStore({ root: `${folder}/pods`, locks: `${folder}/locks` });
 * await store.update("agent", (record) => ({ ...record, peers: [{ pod_name: "reviewer" }] }));
 * assert((await store.read("agent"))?.peers?.length === 1);
 * assert((await store.names()).join() === "agent");
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class PodStore {
  readonly #root: string;
  readonly #locks: string;

  /** Reads and writes nothing yet. */
  constructor(options: PodStoreOptions) {
    this.#root = options.root;
    this.#locks = options.locks;
  }

  /**
   * The record of a Pod, `undefined` when there is none.
   *
   * @throws {FleetError} `corrupt` when it cannot be read as a record.
   */
  async read(name: string): Promise<PodRecord | undefined> {
    checkPodName(name);
    const path = this.#path(name);
    let text: string;
    try {
      text = await Deno.readTextFile(path);
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound) return undefined;
      throw new FleetError("io", `Cannot read "${path}": ${cause}`, { cause });
    }
    try {
      return decodePodRecord(JSON.parse(text), name);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new FleetError("corrupt", `Cannot use the Pod record "${path}": ${reason}`, { cause });
    }
  }

  /** Names of the Pods that have a record, sorted. */
  async names(): Promise<string[]> {
    const names: string[] = [];
    try {
      for await (const { name, isDirectory } of Deno.readDir(this.#root)) {
        if (isDirectory && await isFile(this.#path(name))) names.push(name);
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    return names.sort();
  }

  /**
   * Changes the record of a Pod; a missing one starts with its name alone.
   *
   * @param change Gives the new record; keys it does not name are gone, so spread the old one.
   * @throws {FleetError} `corrupt` when the old record cannot be read: it is never written over.
   */
  async update(name: string, change: (record: PodRecord) => PodRecord): Promise<PodRecord> {
    checkPodName(name);
    // A folder of its own: the locks beside it are named after Pods.
    const locks = `${this.#locks}/records`;
    await Deno.mkdir(locks, { recursive: true, mode: 0o700 });
    await Deno.mkdir(`${this.#root}/${name}`, { recursive: true, mode: 0o700 });
    using _lock = await LockFile.acquire(`${locks}/${name}.lock`, { text: `pid ${Deno.pid}` });
    const record = change(await this.read(name) ?? { pod_name: name });
    await writeWhole(this.#path(name), `${JSON.stringify(withoutEmpty(record), null, 2)}\n`, {
      mode: 0o600,
    });
    return record;
  }

  #path(name: string): string {
    return `${this.#root}/${name}/metadata.json`;
  }
}

/** Leaves out what the format leaves out: empty lists and nothing. */
function withoutEmpty(record: PodRecord): PodRecord {
  const entries = Object.entries(record).filter(([, value]) =>
    value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0)
  );
  return Object.fromEntries(entries) as PodRecord;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
