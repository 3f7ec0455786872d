/** @module */

/** How a file stands to what the model last saw of it. */
export type FileState = "unread" | "modified" | "unchanged";

/**
 * Remembers what the model has seen: the hash of each file it read or wrote in this process, and the
 * order of touching them. Writing tools ask it first, so that nothing is overwritten unseen.
 *
 * Source: worker-and-tools specification, section A.4.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { FileTracker } from "./file_tracker.ts";
 *
 * const tracker = new FileTracker();
 * tracker.record("/work/a.txt", "hash-1");
 * assert(tracker.stateOf("/work/a.txt", "hash-2") === "modified");
 * assert(tracker.stateOf("/work/b.txt", "hash-1") === "unread");
 * ```
 */
export class FileTracker {
  /** Real path to hash; the order of keys is the order of touching. */
  readonly #hashes = new Map<string, string>();

  /**
   * Notes that the model knows this content.
   *
   * @param path Real path, so that a link and its target are one file.
   * @param hash SHA-256 of the whole content, in hexadecimal.
   */
  record(path: string, hash: string): void {
    this.#hashes.delete(path);
    this.#hashes.set(path, hash);
  }

  /** Compares a file's present hash with what the model last saw. */
  stateOf(path: string, hash: string): FileState {
    const known = this.#hashes.get(path);
    if (known === undefined) return "unread";
    return known === hash ? "unchanged" : "modified";
  }

  /** The files touched last, the latest first. @param limit At most so many. */
  recent(limit = 20): string[] {
    return [...this.#hashes.keys()].reverse().slice(0, limit);
  }
}
