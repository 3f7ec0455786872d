/** @module */

/** What a {@linkcode UuidSource} draws from. */
export interface UuidSourceOptions {
  /** Milliseconds since the Unix epoch; default `Date.now`. */
  now?: () => number;
  /** Fills the array with random bytes; default `crypto.getRandomValues`. */
  random?: (bytes: Uint8Array<ArrayBuffer>) => void;
}

/**
 * Makes UUIDs of version 7: byte order is age order, also for those of one millisecond and when the
 * clock steps back.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { isUuid, UuidSource } from "./uuid.ts";
 * const source = new UuidSource({ now: () => 1_760_000_000_000 });
 * const [first, second] = [source.next(), source.next()];
 * assert(first < second && isUuid(first) && isUuid(second));
 * ```
 */
export class UuidSource {
  readonly #now: () => number;
  readonly #random: (bytes: Uint8Array<ArrayBuffer>) => void;
  #lastMs = -1;
  #counter = 0;

  /** A source of its own; ids of two sources are not in order. */
  constructor(options: UuidSourceOptions = {}) {
    this.#now = options.now ?? Date.now;
    this.#random = options.random ?? ((bytes) => void crypto.getRandomValues(bytes));
  }

  /** The next id, lower case and hyphenated. */
  next(): string {
    const bytes = new Uint8Array(16);
    this.#random(bytes);
    const now = Math.floor(this.#now());
    if (now > this.#lastMs) {
      this.#lastMs = now;
      // A quarter of the 12 bits, so that many more of this millisecond fit.
      this.#counter = (bytes[6]! << 8 | bytes[7]!) & 0x3ff;
    } else if (++this.#counter > 0xfff) {
      this.#lastMs++;
      this.#counter = 0;
    }
    const view = new DataView(bytes.buffer);
    view.setUint16(0, Math.floor(this.#lastMs / 2 ** 32));
    view.setUint32(2, this.#lastMs % 2 ** 32);
    view.setUint16(6, 0x7000 | this.#counter);
    view.setUint8(8, 0x80 | bytes[8]! & 0x3f);
    return bytes.toHex().replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }
}

/** Whether `text` is a hyphenated UUID, of any version. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text);
}
