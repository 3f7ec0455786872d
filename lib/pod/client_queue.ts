/** @module */

/** Bytes that may wait for one client before it has to start over. */
export const CLIENT_QUEUE_BYTES = 4 * 1024 * 1024;
/** Bytes handed to one socket write. */
const WRITE_BYTES = 64 * 1024;

/** An encoded event line, newline included. */
export type Line = Uint8Array<ArrayBuffer>;

interface QueuedLine {
  line: Line;
  alertNumber: number;
  /** What the line means to the bound; what an attachment brings is free. */
  weight: "counted" | "oversized" | "free";
}

/**
 * What one client still has to be sent. The journal fills it and never waits; the client's own
 * writer empties it.
 *
 * The queue is bounded in bytes, and one line that alone is longer may wait besides: a client that
 * reads is not behind because somebody said something long. When a line does not fit, everything
 * that waits is dropped and the queue leaves the journal: its client is behind, and attaches again
 * as soon as it takes bytes.
 *
 * Source: protocol specification, P4, P7 and P8; decision 13.
 */
export class ClientQueue {
  readonly #maxBytes: number;
  #lines: QueuedLine[] = [];
  #head = 0;
  #countedBytes = 0;
  #holdsOversized = false;
  #behind = false;
  #ended = false;
  #alertNumber = 0;
  #wake: (() => void) | undefined;

  /** @param options `maxBytes`: the bound, 4 MiB if not given. */
  constructor(options: { maxBytes?: number } = {}) {
    this.#maxBytes = options.maxBytes ?? CLIENT_QUEUE_BYTES;
  }

  /** Whether lines were dropped and the client has to attach again. */
  get isBehind(): boolean {
    return this.#behind;
  }

  /** Whether nothing waits. */
  get isEmpty(): boolean {
    return this.#head === this.#lines.length;
  }

  /** Number of the newest alert the client's writer has taken. */
  get alertNumber(): number {
    return this.#alertNumber;
  }

  /**
   * Adds a line; `false` when the queue takes none any more, or when this one did not fit and the
   * client is now behind: the caller lets the queue leave the journal.
   *
   * @param alertNumber The number of the alert that the line tells, if it tells one.
   */
  push(line: Line, alertNumber = 0): boolean {
    if (this.#ended) return false;
    const isOversized = line.length > this.#maxBytes;
    const fits = isOversized
      ? !this.#holdsOversized
      : this.#countedBytes + line.length <= this.#maxBytes;
    if (!fits) {
      this.#drop();
      this.#behind = true;
      this.#notify();
      return false;
    }
    if (isOversized) this.#holdsOversized = true;
    else this.#countedBytes += line.length;
    this.#add(line, alertNumber, isOversized ? "oversized" : "counted");
    return true;
  }

  /** Adds a line that an attachment brings, whatever its size. */
  pushUnbounded(line: Line, alertNumber = 0): void {
    if (!this.#ended) this.#add(line, alertNumber, "free");
  }

  /** Forgets that the client is behind: it is attached again. */
  startOver(): void {
    this.#behind = false;
  }

  /** Takes what waits, up to one write's worth; several small lines come as one chunk. */
  take(): Line | undefined {
    if (this.isEmpty) return undefined;
    const first = this.#next();
    if (this.isEmpty || first.length >= WRITE_BYTES) return first;
    const taken = [first];
    let size = first.length;
    while (!this.isEmpty && size + this.#lines[this.#head]!.line.length <= WRITE_BYTES) {
      const line = this.#next();
      taken.push(line);
      size += line.length;
    }
    const chunk = new Uint8Array(size);
    let offset = 0;
    for (const line of taken) {
      chunk.set(line, offset);
      offset += line.length;
    }
    return chunk;
  }

  /** Waits until something can be taken, the client is behind, or the queue has ended. */
  async ready(): Promise<void> {
    while (this.isEmpty && !this.#behind && !this.#ended) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
  }

  /** Takes no more lines; what waits can still be taken. */
  end(): void {
    this.#ended = true;
    this.#notify();
  }

  /** Whether {@linkcode end} was called. */
  get hasEnded(): boolean {
    return this.#ended;
  }

  #add(line: Line, alertNumber: number, weight: QueuedLine["weight"]): void {
    this.#lines.push({ line, alertNumber, weight });
    this.#notify();
  }

  #next(): Line {
    const entry = this.#lines[this.#head++]!;
    if (entry.weight === "counted") this.#countedBytes -= entry.line.length;
    if (entry.weight === "oversized") this.#holdsOversized = false;
    if (entry.alertNumber > this.#alertNumber) this.#alertNumber = entry.alertNumber;
    if (this.#head === this.#lines.length) {
      this.#lines = [];
      this.#head = 0;
    } else if (this.#head > 1024) {
      this.#lines.splice(0, this.#head);
      this.#head = 0;
    }
    return entry.line;
  }

  #drop(): void {
    this.#lines = [];
    this.#head = 0;
    this.#countedBytes = 0;
    this.#holdsOversized = false;
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
