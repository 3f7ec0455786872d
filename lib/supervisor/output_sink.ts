/** @module */

/** Where output goes. */
export interface OutputSink {
  /** Takes all of `bytes`; resolves when they are no longer needed. */
  write(bytes: Uint8Array): Promise<void>;
}

/** Something that takes a part of the bytes and says how much, as `Deno.stdout` and files do. */
export interface PartWriter {
  /** Takes some of `bytes`, at least one, and says how many. */
  write(bytes: Uint8Array): Promise<number>;
}

/** Options of {@linkcode SharedSink.write}. */
export interface SharedWriteOptions {
  /** Ends the wait: see {@linkcode SharedSink.write}. */
  signal?: AbortSignal;
}

/**
 * Makes a sink of something like `Deno.stdout`: each write goes on until all bytes are taken.
 *
 * An output that was made non-blocking (whoever shares it with us may do that) refuses bytes while its
 * reader is slow: the write then tries again. (Of `Deno.stdout` itself the runtime does not tell how
 * much it took before it refused, so a non-blocking one may get bytes twice.) Rejects with what `writer` rejects with, and with
 * `Deno.errors.WriteZero` when it takes nothing.
 *
 * ```ts
 * import { wholeWrites } from "./output_sink.ts";
 *
 * let taken = "";
 * const sink = wholeWrites({
 *   write(bytes) {
 *     taken += String.fromCharCode(bytes[0]!);
 *     return Promise.resolve(1);
 *   },
 * });
 * await sink.write(new TextEncoder().encode("a line\n"));
 * if (taken !== "a line\n") throw new Error("Cannot happen");
 * ```
 */
export function wholeWrites(writer: PartWriter): OutputSink {
  return {
    async write(bytes) {
      for (let rest = bytes; rest.length > 0;) {
        const taken = await writePart(writer, rest);
        if (taken === 0) throw new Deno.errors.WriteZero("Cannot write output: nothing was taken");
        rest = rest.subarray(taken);
      }
    },
  };
}

async function writePart(writer: PartWriter, bytes: Uint8Array): Promise<number> {
  for (;;) {
    try {
      return await writer.write(bytes);
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      // The runtime cannot wait for room here, so this asks a hundred times a second.
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/**
 * A sink that many pumps write to: one write after the other, in the order of the calls, so what one
 * write holds stays together. Who awaits each of its writes keeps the pace of the reader at the other
 * end, and waits for at most one write of each other pump. The given sink stays its owner's.
 *
 * ```ts
 * import { SharedSink } from "./output_sink.ts";
 *
 * let text = "";
 * const shared = new SharedSink({
 *   async write(bytes) {
 *     text += await new Blob([bytes.slice()]).text();
 *   },
 * });
 * const encoder = new TextEncoder();
 * await Promise.all([
 *   shared.write(encoder.encode("one\n")),
 *   shared.write(encoder.encode("two\n")),
 * ]);
 * if (text !== "one\ntwo\n") throw new Error("Cannot happen");
 * ```
 */
export class SharedSink implements OutputSink {
  /** Resolves once with the error that broke the sink (`EPIPE`: nobody reads any more). */
  readonly closed: Promise<unknown>;
  readonly #sink: OutputSink;
  readonly #close: (error: unknown) => void;
  readonly #waiting = new Set<Entry>();
  #isWriting = false;
  #failure: { error: unknown } | undefined;

  /** Shares `sink`, to which nobody else must write. */
  constructor(sink: OutputSink) {
    this.#sink = sink;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.closed = promise;
    this.#close = resolve;
  }

  /** Whether a write has failed, and with it all that follow. */
  get isClosed(): boolean {
    return this.#failure !== undefined;
  }

  /**
   * Writes `bytes`, which must not change until then, after everything that was given before.
   *
   * Rejects with the error of the sink, for this write and at once for all later ones, and with the
   * reason of the signal. An abort takes back a write that still waits. One that the sink has begun
   * is abandoned: the caller is free, the bytes stay in use and the next write begins when the sink
   * has taken them, so that no line is torn.
   */
  write(bytes: Uint8Array, options: SharedWriteOptions = {}): Promise<void> {
    const { signal } = options;
    if (this.#failure !== undefined) return Promise.reject(this.#failure.error);
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const entry: Entry = { bytes, resolve, reject };
    this.#waiting.add(entry);
    // Not awaited: it never rejects, and each entry hears of its own write.
    if (!this.#isWriting) this.#writeWaiting();
    if (signal === undefined) return promise;
    const leave = () => {
      this.#waiting.delete(entry);
      reject(signal.reason);
    };
    signal.addEventListener("abort", leave, { once: true });
    return promise.finally(() => signal.removeEventListener("abort", leave));
  }

  async #writeWaiting(): Promise<void> {
    this.#isWriting = true;
    for (const entry of this.#waiting) {
      this.#waiting.delete(entry);
      try {
        await this.#sink.write(entry.bytes);
        entry.resolve();
      } catch (error) {
        this.#fail(error, entry);
      }
    }
    this.#isWriting = false;
  }

  #fail(error: unknown, entry: Entry): void {
    this.#failure = { error };
    this.#close(error);
    entry.reject(error);
    for (const other of this.#waiting) other.reject(error);
    this.#waiting.clear();
  }
}

/** A write that has not begun. */
interface Entry {
  readonly bytes: Uint8Array;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}
