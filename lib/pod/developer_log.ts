/** @module */

/** Bytes after which the log starts over; the part before is kept beside it. */
const ROTATE_BYTES = 1024 * 1024;

/**
 * A bounded file of what happened inside a Pod that no client needs to hear: dropped connections,
 * reports that could not be sent. It lies beside the socket.
 *
 * Source: protocol specification, P27.
 */
export class DeveloperLog implements Disposable {
  readonly #path: string;
  readonly #now: () => number;
  readonly #encoder = new TextEncoder();
  #file: Deno.FsFile | undefined;
  #size = 0;

  /** @param path The file; its predecessor is kept as `<path>.1`. */
  constructor(path: string, now: () => number = Date.now) {
    this.#path = path;
    this.#now = now;
    this.#open();
  }

  /** Adds a line. A log that cannot be written is no reason to stop the Pod: the line is dropped. */
  write(message: string): void {
    const text = message.replaceAll("\n", " ");
    const line = this.#encoder.encode(`${new Date(this.#now()).toISOString()} ${text}\n`);
    try {
      if (this.#size > ROTATE_BYTES) this.#rotate();
      this.#file?.writeSync(line);
      this.#size += line.length;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this[Symbol.dispose]();
    }
  }

  /** Closes the file; later lines are dropped. */
  [Symbol.dispose](): void {
    this.#file?.close();
    this.#file = undefined;
  }

  #open(): void {
    this.#file = Deno.openSync(this.#path, { append: true, create: true, mode: 0o600 });
    this.#size = this.#file.statSync().size;
  }

  #rotate(): void {
    this[Symbol.dispose]();
    Deno.renameSync(this.#path, `${this.#path}.1`);
    this.#open();
  }
}
