/** @module */

/** Lines kept for a failure report. */
const KEPT_LINES = 8;

/**
 * Reads a growing log line by line. The file is held open, so what was written can still be read
 * after somebody removed its name.
 */
export class LogFollower implements Disposable {
  readonly #file: Deno.FsFile;
  readonly #decoder = new TextDecoder();
  readonly #kept: string[] = [];
  #rest = "";

  /** Starts a new, empty log at `path`. */
  constructor(path: string) {
    this.#file = Deno.openSync(path, {
      read: true,
      write: true,
      create: true,
      truncate: true,
      mode: 0o600,
    });
  }

  /** The last lines, an unfinished one included. */
  get lastLines(): readonly string[] {
    return this.#rest === "" ? this.#kept : [...this.#kept, this.#rest].slice(-KEPT_LINES);
  }

  /** The whole lines that have come since the last call. */
  async read(): Promise<string[]> {
    const lines: string[] = [];
    const buffer = new Uint8Array(16 * 1024);
    for (;;) {
      const count = await this.#file.read(buffer);
      if (count === null) return lines;
      this.#rest += this.#decoder.decode(buffer.subarray(0, count), { stream: true });
      const parts = this.#rest.split("\n");
      this.#rest = parts.pop() ?? "";
      lines.push(...parts);
      this.#kept.push(...parts);
      this.#kept.splice(0, this.#kept.length - KEPT_LINES);
    }
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}
