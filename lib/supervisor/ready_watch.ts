/** @module */

const LF = 0x0a;

/**
 * Finds the first printed line that contains a marker, in any of several streams. Needs no whole line
 * and keeps no bytes: a stream costs one number, whatever is printed.
 *
 * ```ts
 * import { ReadyWatch } from "./ready_watch.ts";
 *
 * let isReady = false;
 * const watch = new ReadyWatch("listening on", () => isReady = true);
 * const follow = watch.stream();
 * const encoder = new TextEncoder();
 * follow(encoder.encode("now liste"));
 * follow(encoder.encode("ning on port 80\n"));
 * if (!isReady) throw new Error("Cannot happen");
 * ```
 */
export class ReadyWatch {
  readonly #marker: Uint8Array;
  /** For each matched length: how much still matches when the next byte does not. */
  readonly #fallback: Uint32Array;
  readonly #onFound: () => void;
  #isOver = false;

  /**
   * Calls `onFound` once, in the call that brings the last byte of the marker.
   *
   * @throws {TypeError} for a marker that no line contains or every line contains: one with an LF, or
   * an empty one.
   */
  constructor(marker: string, onFound: () => void) {
    this.#marker = new TextEncoder().encode(marker);
    if (this.#marker.length === 0 || this.#marker.includes(LF)) {
      throw new TypeError(`Cannot watch for "${marker}": not one or more bytes of one line`);
    }
    this.#fallback = fallbacks(this.#marker);
    this.#onFound = onFound;
  }

  /** Whether it was found or nobody looks any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** A function that takes one more stream, chunk by chunk, in order. */
  stream(): (chunk: Uint8Array) => void {
    let matched = 0;
    return (chunk) => {
      if (!this.#isOver) matched = this.#follow(chunk, matched);
    };
  }

  /** Looks no more; `onFound` is not called after it. */
  stop(): void {
    this.#isOver = true;
  }

  /** How many bytes of the marker match behind `chunk`, when `matched` did before it. */
  #follow(chunk: Uint8Array, matched: number): number {
    const marker = this.#marker;
    for (let at = 0; at < chunk.length; at++) {
      if (matched === 0) {
        at = chunk.indexOf(marker[0]!, at);
        if (at < 0) return 0;
      }
      const byte = chunk[at];
      while (matched > 0 && byte !== marker[matched]) matched = this.#fallback[matched]!;
      if (byte === marker[matched]) matched++;
      if (matched === marker.length) {
        this.#isOver = true;
        this.#onFound();
        return 0;
      }
    }
    return matched;
  }
}

/** The table of Knuth, Morris and Pratt. */
function fallbacks(marker: Uint8Array): Uint32Array {
  const table = new Uint32Array(marker.length);
  for (let length = 2, matched = 0; length < marker.length; length++) {
    const byte = marker[length - 1];
    while (matched > 0 && byte !== marker[matched]) matched = table[matched]!;
    if (byte === marker[matched]) matched++;
    table[length] = matched;
  }
  return table;
}
