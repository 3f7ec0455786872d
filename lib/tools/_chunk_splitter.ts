/** @module */

import type { Continue } from "./_search.ts";

/** Longest record taken; a longer one is a file without line ends, which nobody reads. */
const MAX_RECORD_BYTES = 64 * 1024 * 1024;

/** Cuts chunks of bytes into records that end with one byte. */
export class ChunkSplitter {
  readonly #end: number;
  readonly #onRecord: (record: Uint8Array) => Continue;
  #parts: Uint8Array[] = [];
  #size = 0;
  #isStopped = false;

  /** @param end The byte a record ends with; it is not part of the record. */
  constructor(end: number, onRecord: (record: Uint8Array) => Continue) {
    this.#end = end;
    this.#onRecord = onRecord;
  }

  /** Takes a chunk; after a record was answered with `"stop"` nothing more is handed out. */
  push(chunk: Uint8Array): Continue {
    let start = 0;
    for (let end; !this.#isStopped && (end = chunk.indexOf(this.#end, start)) >= 0;) {
      this.#keep(chunk.subarray(start, end));
      start = end + 1;
      this.#isStopped = this.#onRecord(this.#take()) === "stop";
    }
    if (this.#isStopped) return "stop";
    // The source may use its buffer again.
    this.#keep(chunk.slice(start));
  }

  #keep(part: Uint8Array): void {
    this.#size += part.length;
    if (this.#size > MAX_RECORD_BYTES) {
      throw new RangeError(`Cannot take a result: it is longer than ${MAX_RECORD_BYTES} bytes`);
    }
    if (part.length > 0) this.#parts.push(part);
  }

  #take(): Uint8Array {
    const [only, ...more] = this.#parts;
    const record = more.length === 0 ? only ?? new Uint8Array() : new Uint8Array(this.#size);
    if (more.length > 0) {
      let at = 0;
      for (const part of this.#parts) {
        record.set(part, at);
        at += part.length;
      }
    }
    this.#parts = [];
    this.#size = 0;
    return record;
  }
}
