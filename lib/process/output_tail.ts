/** @module */

/** How much of the end is kept. */
export interface OutputTailOptions {
  /** Default 8192. */
  maxBytes?: number;
  /** Default 20. */
  maxLines?: number;
}

/**
 * Keeps the end of a stream of bytes, for error messages: what a process said before it died.
 * Memory stays within twice the bound however much goes through.
 *
 * @example
 * ```ts
 * import { OutputTail } from "./output_tail.ts";
 * const tail = new OutputTail({ maxLines: 2 });
 * tail.push(new TextEncoder().encode("one\ntwo\nthree\n"));
 * if (tail.text !== "two\nthree") throw new Error(tail.text);
 * ```
 */
export class OutputTail {
  readonly #maxBytes: number;
  readonly #maxLines: number;
  readonly #kept: Uint8Array;
  /** Bytes in `#kept`. */
  #length = 0;
  /** Bytes that ever came. */
  #total = 0;

  /** An empty tail; `options` bound what it will keep. */
  constructor(options: OutputTailOptions = {}) {
    this.#maxBytes = options.maxBytes ?? 8192;
    this.#maxLines = options.maxLines ?? 20;
    this.#kept = new Uint8Array(this.#maxBytes * 2);
  }

  /** Takes the next bytes; they are copied. */
  push(chunk: Uint8Array): void {
    this.#total += chunk.length;
    const news = chunk.subarray(Math.max(0, chunk.length - this.#maxBytes));
    if (this.#length + news.length > this.#kept.length) {
      // Moved only when the second half is full, so each byte is moved about once.
      const keep = Math.min(this.#length, this.#maxBytes - news.length);
      this.#kept.copyWithin(0, this.#length - keep, this.#length);
      this.#length = keep;
    }
    this.#kept.set(news, this.#length);
    this.#length += news.length;
  }

  /**
   * Reads a stream to its end, keeping the tail. Never rejects: a stream that breaks has ended for a
   * reason that its owner reports.
   */
  async collect(source: ReadableStream<Uint8Array>): Promise<void> {
    try {
      for await (const chunk of source) this.push(chunk);
    } catch (error) {
      this.push(new TextEncoder().encode(`\n(output broke off: ${error})\n`));
    }
  }

  /** Whether more came than `maxBytes`. */
  get isCut(): boolean {
    return this.#total > this.#maxBytes;
  }

  /** The last lines, whole ones as far as possible, without the final newline. */
  get text(): string {
    const bytes = this.#kept.subarray(Math.max(0, this.#length - this.#maxBytes), this.#length);
    const lines = new TextDecoder().decode(bytes).trimEnd().split("\n");
    // The first line lost its beginning; it is better than nothing only when it is alone.
    if (this.isCut && lines.length > 1) lines.shift();
    return lines.slice(-this.#maxLines).join("\n");
  }
}
