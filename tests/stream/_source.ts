import { type JsonLineError, type JsonLineOptions, JsonLineReader } from "../../lib/stream/mod.ts";

/** The UTF-8 bytes of `text`. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A stream of exactly these chunks; strings become their UTF-8 bytes. */
export function sourceOf(...chunks: (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  return ReadableStream.from(
    chunks.map((chunk) => typeof chunk === "string" ? bytesOf(chunk) : chunk),
  );
}

/** `bytes` in chunks of `size` bytes. */
export function* cut(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** A source that the test drives, and that remembers how it was cancelled. */
export class ManualSource {
  /** What the reader under test reads. */
  readonly stream: ReadableStream<Uint8Array>;
  /** Settles with the reason when the stream is cancelled. */
  readonly cancelled: Promise<unknown>;
  #controller!: ReadableStreamDefaultController<Uint8Array>;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.cancelled = promise;
    this.stream = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
      },
      cancel: resolve,
    });
  }

  send(text: string): void {
    this.#controller.enqueue(bytesOf(text));
  }

  end(): void {
    this.#controller.close();
  }

  fail(error: unknown): void {
    this.#controller.error(error);
  }
}

/** What came out of a stream: its values, and its bad lines as `kind:line`. */
export interface Outcome {
  values: unknown[];
  bad: string[];
}

/** Reads to the end with `onInvalid`. */
export async function outcomeOf(
  source: ReadableStream<Uint8Array>,
  options: JsonLineOptions<unknown> = {},
): Promise<Outcome> {
  const bad: string[] = [];
  const onInvalid = (error: JsonLineError) => bad.push(`${error.kind}:${error.line}`);
  const values = await Array.fromAsync(new JsonLineReader(source, { ...options, onInvalid }));
  return { values, bad };
}

/** A signal that can tell whether anyone still listens to it. */
export class WatchedSignal {
  readonly #owner = new AbortController();
  readonly #listeners = new Set<unknown>();

  constructor() {
    const { signal } = this;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      this.#listeners.add(args[1]);
      addEventListener.apply(signal, args);
    };
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      this.#listeners.delete(args[1]);
      removeEventListener.apply(signal, args);
    };
  }

  get signal(): AbortSignal {
    return this.#owner.signal;
  }

  /** How many listeners were added and not taken back. */
  get listeners(): number {
    return this.#listeners.size;
  }
}
