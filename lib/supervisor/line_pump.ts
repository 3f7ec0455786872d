/** @module */

import { LineCutter } from "./_line_cutter.ts";

/** Options of {@linkcode pumpLines}. */
export interface LinePumpOptions {
  /** Bytes before each line; none if not given. Not used with `render`. */
  prefix?: Uint8Array;
  /**
   * Turns a line (without its LF) into the text that is written for it (with its LF), in place of
   * prefix and line. `goesOn` says that this is a piece of a line and that more of it follows.
   */
  render?: (line: Uint8Array, goesOn: boolean) => string;
  /** Hears each chunk as it was read, before its lines are written. The bytes are lent for the call. */
  onChunk?: (chunk: Uint8Array) => void;
  /**
   * Hears each line, or piece of one, without prefix and LF, before it is written. The bytes are lent
   * for the call: who keeps them copies them.
   */
  onLine?: (line: Uint8Array, goesOn: boolean) => void;
  /** Bytes of a line, without prefix and LF, after which it is cut: a whole number from 1, 65,536 if not given. */
  maxPieceBytes?: number;
  /** Ends the pump at once: the source is cancelled, what was not written is dropped. */
  signal?: AbortSignal;
}

/**
 * Copies a stream line by line, a prefix before each line, until the stream ends. It owns `source`.
 *
 * All lines that a chunk completes are one `write`, whole and in order. While it is under way the
 * next chunk is read and cut, and no further one: a slow reader slows the source, and memory stays
 * within two chunks and one unfinished line. Bytes are never decoded: CR, NUL and broken UTF-8 pass as they are. A last line
 * without LF gets one.
 *
 * A line that does not fit into 64 KiB with its LF is written in pieces, each a line of the output
 * with its own prefix. Pieces of exactly `maxPieceBytes` go on in the next line of the same stream,
 * all others end theirs (so the last piece may be empty): putting them together gives the line back.
 *
 * When a write fails, the rest of the source is read and dropped, so that nobody blocks on it, and the
 * call rejects with that error at the end. It rejects with the source's error when that fails (what
 * was read is written before), and with the reason of the signal as soon as the source has been let go,
 * whatever a write still does.
 *
 * ```ts
 * import { pumpLines } from "./line_pump.ts";
 *
 * const written: string[] = [];
 * await pumpLines(new Blob(["one\ntwo"]).stream(), (bytes) => {
 *   written.push(new TextDecoder().decode(bytes));
 *   return Promise.resolve();
 * }, { prefix: new TextEncoder().encode("egress | ") });
 *
 * if (written.join("") !== "egress | one\negress | two\n") throw new Error("Cannot happen");
 * ```
 */
export function pumpLines(
  source: ReadableStream<Uint8Array>,
  write: (bytes: Uint8Array) => Promise<void>,
  options: LinePumpOptions = {},
): Promise<void> {
  const { signal } = options;
  const reader = source.getReader();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const letGo = (reason: unknown) => {
    // Refused by a source that is broken, which has nothing left to give back.
    reader.cancel(reason).catch(ignore).finally(() => reject(reason));
  };
  const abort = () => letGo(signal?.reason);
  // One listener for the whole life: a race in each round would pile up reactions on one promise.
  if (signal?.aborted) abort();
  else signal?.addEventListener("abort", abort, { once: true });
  pump(reader, write, options).then(
    () => signal?.aborted || resolve(),
    (error) => signal?.aborted || letGo(error),
  );
  return promise.finally(() => {
    signal?.removeEventListener("abort", abort);
    reader.releaseLock();
  });
}

async function pump(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  write: (bytes: Uint8Array) => Promise<void>,
  options: LinePumpOptions,
): Promise<void> {
  const { signal, onChunk } = options;
  const lines = lineOutput(options);
  let sourceFailure: Failure | undefined;
  let writeFailure: Failure | undefined;
  const pass = async (bytes: Uint8Array): Promise<void> => {
    if (bytes.length === 0 || writeFailure !== undefined) return;
    try {
      await write(bytes);
    } catch (error) {
      writeFailure = { error };
    }
  };
  const read = async (): Promise<Uint8Array | undefined> => {
    try {
      return (await reader.read()).value;
    } catch (error) {
      sourceFailure = { error };
    }
  };
  // One write is under way while the next chunk is read and cut: two threads share the work.
  let writing = Promise.resolve();
  // An abort has answered the caller already: what is left is nobody's.
  while (!signal?.aborted) {
    const chunk = await read();
    if (signal?.aborted) return;
    if (chunk === undefined) {
      await writing;
      await pass(lines.end());
      break;
    }
    onChunk?.(chunk);
    const bytes = lines.push(chunk);
    await writing;
    writing = pass(bytes);
  }
  const failure = sourceFailure ?? writeFailure;
  if (failure !== undefined) throw failure.error;
}

/** What went wrong, also when that is `undefined`. */
interface Failure {
  readonly error: unknown;
}

/** The bytes to write for the bytes that come. */
function lineOutput(options: LinePumpOptions): Pick<LineCutter, "push" | "end"> {
  const { prefix = new Uint8Array(), maxPieceBytes = 65_536, onLine, render } = options;
  if (render === undefined) return new LineCutter({ prefix, maxPieceBytes, onLine });
  let text = "";
  const cutter = new LineCutter({
    prefix: new Uint8Array(),
    maxPieceBytes,
    onLine(line, goesOn) {
      onLine?.(line, goesOn);
      text += render(line, goesOn);
    },
  });
  const take = (): Uint8Array => {
    const bytes = encoder.encode(text);
    text = "";
    return bytes;
  };
  return {
    push(chunk) {
      cutter.push(chunk);
      return take();
    },
    end() {
      cutter.end();
      return take();
    },
  };
}

const encoder = new TextEncoder();

function ignore(): void {}
