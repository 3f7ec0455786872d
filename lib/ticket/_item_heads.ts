/** @module */

import { nextTurn } from "./_event_loop.ts";
import { MAX_FILE_BYTES } from "./_regular_file.ts";

/** The files `item.md` of some tickets. */
export interface ItemFiles {
  /** Path of the ticket root. */
  readonly root: string;
  /** Where the tickets lie, relative to it. */
  readonly folders: readonly string[];
}

/** How heads are read. */
export interface HeadOptions {
  /** Number of files from which a worker helps; default {@linkcode WORKER_PAYS_FROM}. */
  workerFrom?: number | undefined;
  /** Ends the reading. */
  signal?: AbortSignal | undefined;
}

/**
 * Starting a worker takes 12 ms of the thread that starts it. Of 10,000 files two threads read in
 * 105 to 137 ms what one reads in 132 to 192 ms.
 */
const WORKER_PAYS_FROM = 4_000;

/** Files that a thread takes at once: small enough that none waits long for the other at the end. */
const SLICE = 128;

/** Files that are read before others may run. */
const FILES_A_TURN = 1_024;

/** What a worker sends for a slice. */
interface SliceReply {
  from: number;
  heads: (string | null)[];
}

/**
 * Reads the heads of many `item.md`: their text up to and with the line that closes the frontmatter.
 *
 * @param visit Is called once for each folder, in any order, with `null` for a file whose head did
 * not come out: it is missing, no regular file, too large, not UTF-8, or its frontmatter is long. A
 * reader of whole files has to say which.
 */
export async function readHeads(
  { root, folders }: ItemFiles,
  visit: (index: number, head: string | null) => void,
  options: HeadOptions = {},
): Promise<void> {
  const { workerFrom = WORKER_PAYS_FROM, signal } = options;
  const next = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const isVisited = new Uint8Array(folders.length);
  const visitSlice = ({ from, heads }: SliceReply) =>
    heads.forEach((head, offset) => {
      isVisited[from + offset] = 1;
      visit(from + offset, head);
    });
  const readSlice = (from: number) => ({
    from,
    heads: readSome(root, folders.slice(from, from + SLICE), MAX_FILE_BYTES),
  });

  using helper = folders.length >= workerFrom
    ? new Helper({ root, folders }, next, visitSlice)
    : undefined;
  let inTurn = 0;
  for (;;) {
    signal?.throwIfAborted();
    const from = Atomics.add(next, 0, SLICE);
    if (from >= folders.length) break;
    visitSlice(readSlice(from));
    inTurn += SLICE;
    if (inTurn < FILES_A_TURN) continue;
    inTurn = 0;
    await nextTurn();
  }
  const failure = await helper?.done;
  if (failure !== undefined) throw failure;
  signal?.throwIfAborted();
  // A worker that could not go on has taken slices that nobody has read.
  for (let from = 0; from < folders.length; from += SLICE) {
    if (isVisited[from] === 0) visitSlice(readSlice(from));
  }
}

/** A worker that reads slices beside this thread; both take the next one from the same counter. */
class Helper implements Disposable {
  /**
   * Resolves when the worker has read its last slice or cannot go on, with an error only where the
   * receiver of the slices has thrown it. Nobody may be waiting then, so it does not reject.
   */
  readonly done: Promise<unknown>;
  readonly #worker: Worker;

  constructor(
    { root, folders }: ItemFiles,
    next: Int32Array,
    onSlice: (reply: SliceReply) => void,
  ) {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.done = promise;
    this.#worker = startWorker();
    this.#worker.onmessage = ({ data }: MessageEvent<SliceReply | null>) => {
      if (data === null) return resolve(undefined);
      try {
        onSlice(data);
      } catch (error) {
        resolve(error);
      }
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      resolve(undefined);
    };
    // One text is far quicker to send than 10,000.
    this.#worker.postMessage({
      root,
      folders: folders.join("\0"),
      next,
      slice: SLICE,
      maxBytes: MAX_FILE_BYTES,
    });
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}

/** The program is made of a function's text, so that it is there in a bundle of one file too. */
function startWorker(): Worker {
  const program = `self.onmessage = ({ data: { root, folders, next, slice, maxBytes } }) => {
    const all = folders.split("\\0");
    for (;;) {
      const from = Atomics.add(next, 0, slice);
      if (from >= all.length) break;
      const some = all.slice(from, from + slice);
      self.postMessage({ from, heads: (${readSome})(root, some, maxBytes) });
    }
    self.postMessage(null);
  };`;
  const url = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
  try {
    return new Worker(url, { type: "module", name: "yoi-tickets" });
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * The heads of some files. Uses nothing from around it, since it is also the worker's program.
 *
 * Each file is looked at before it is opened: opening a FIFO would wait for a writer.
 */
function readSome(
  root: string,
  folders: readonly string[],
  maxBytes: number,
): (string | null)[] {
  const buffer = new Uint8Array(2048);
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const [lineFeed, carriageReturn, minus] = [0x0a, 0x0d, 0x2d];
  return folders.map((folder) => {
    const path = `${root}/${folder}/item.md`;
    try {
      const info = Deno.lstatSync(path);
      if (!info.isFile || info.size > maxBytes) return null;
      let size = 0;
      const file = Deno.openSync(path);
      try {
        size = file.readSync(buffer) ?? 0;
      } finally {
        file.close();
      }
      for (let at = buffer.indexOf(lineFeed); at >= 0; at = buffer.indexOf(lineFeed, at + 1)) {
        let end = at + 4;
        if (end >= size) return null;
        if (buffer[at + 1] !== minus || buffer[at + 2] !== minus || buffer[at + 3] !== minus) {
          continue;
        }
        if (buffer[end] === carriageReturn) end++;
        if (end < size && buffer[end] === lineFeed) {
          return decoder.decode(buffer.subarray(0, end + 1));
        }
      }
    } catch {
      // Whatever it is, the reader of whole files meets it again and says so.
    }
    return null;
  });
}
