/** @module */

import { fileStamp } from "./_regular_file.ts";

/**
 * Milliseconds that a file has to lie unchanged before what was read of it is kept: within the
 * coarse clock of a file system two contents can have the same stamp.
 */
const SETTLING_MS = 1_000;

/** What was read of files, for as long as a fresh look finds their stamps unchanged. */
export class FileCache<Value> {
  readonly #now: () => number;
  readonly #kept = new Map<string, { stamp: string; value: Value }>();

  /** @param now Milliseconds since 1970. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** What was read of a file before, `undefined` when `info` tells of another content. */
  get(path: string, info: Deno.FileInfo): Value | undefined {
    const kept = this.#kept.get(path);
    return kept?.stamp === fileStamp(info) ? kept.value : undefined;
  }

  /** Whether anything is kept of a file; whether it still holds, {@linkcode get} says. */
  has(path: string): boolean {
    return this.#kept.has(path);
  }

  /** Keeps what was read of a file that `info` was taken of before the reading. */
  set(path: string, info: Deno.FileInfo, value: Value): void {
    const changed = Math.max(info.mtime?.getTime() ?? Infinity, info.ctime?.getTime() ?? 0);
    if (this.#now() - changed > SETTLING_MS) {
      this.#kept.set(path, { stamp: fileStamp(info), value });
    } else this.#kept.delete(path);
  }

  /** Forgets every file that is not among `paths`. */
  keepOnly(paths: ReadonlySet<string>): void {
    for (const path of this.#kept.keys()) if (!paths.has(path)) this.#kept.delete(path);
  }
}
