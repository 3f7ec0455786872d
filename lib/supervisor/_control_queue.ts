/** What one control client still has to be sent. @module */

/** Bytes that may wait for one client. */
export const CONTROL_QUEUE_BYTES = 1024 * 1024;
/** Bytes handed to one socket write, unless one line alone is longer. */
const WRITE_BYTES = 64 * 1024;

const encoder = new TextEncoder();

/** The bytes of an event on the wire. */
export type EventEncoder = (event: object) => Uint8Array;

/**
 * An encoder for clients that are told the same event one after the other: it is encoded once, and
 * its bytes, which nobody changes, wait for all of them.
 */
export function sharedEncoder(): EventEncoder {
  let last: { readonly event: object; readonly bytes: Uint8Array } | undefined;
  return (event) => {
    if (last?.event !== event) last = { event, bytes: encode(event) };
    return last.bytes;
  };
}

interface Waiting {
  bytes: Uint8Array;
  isLine: boolean;
}

/**
 * A bounded queue of encoded events. Who fills it never waits. When it is full, the printed lines in
 * it are dropped, and the client is told how many; a client that does not even take the rest is too
 * far behind to be kept.
 */
export class ControlQueue {
  readonly #maxBytes: number;
  readonly #encode: EventEncoder;
  #waiting: Waiting[] = [];
  #bytes = 0;
  #dropped = 0;
  #hasEnded = false;
  #wake: (() => void) | undefined;

  /** @param options `maxBytes`: the bound, 1 MiB if not given; `encode`: maybe shared. */
  constructor(options: { maxBytes?: number; encode?: EventEncoder } = {}) {
    this.#maxBytes = options.maxBytes ?? CONTROL_QUEUE_BYTES;
    this.#encode = options.encode ?? encode;
  }

  /** Whether {@linkcode end} was called. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Adds an event; `false` when it does not fit even without the printed lines. */
  push(event: { event: string }): boolean {
    if (this.#hasEnded) return true;
    const bytes = this.#encode(event);
    const isLine = event.event === "line";
    if (this.#bytes + bytes.length > this.#maxBytes) this.#dropLines();
    if (this.#bytes + bytes.length > this.#maxBytes) {
      if (!isLine) return false;
      this.#dropped++;
    } else {
      this.#waiting.push({ bytes, isLine });
      this.#bytes += bytes.length;
    }
    this.#notify();
    return true;
  }

  /** Takes what waits, up to one write's worth; `undefined` when nothing does. */
  take(): Uint8Array | undefined {
    const taken: Uint8Array[] = [];
    let size = 0;
    if (this.#dropped > 0) {
      const message = `${this.#dropped} lines were left out: this client reads too slowly`;
      taken.push(encode({ event: "error", data: { message } }));
      size += taken[0]!.length;
      this.#dropped = 0;
    }
    let count = 0;
    for (const { bytes } of this.#waiting) {
      if (size > 0 && size + bytes.length > WRITE_BYTES) break;
      taken.push(bytes);
      size += bytes.length;
      this.#bytes -= bytes.length;
      count++;
    }
    this.#waiting.splice(0, count);
    return size === 0 ? undefined : concat(taken, size);
  }

  /** Waits until something can be taken or the queue has ended. */
  async ready(): Promise<void> {
    while (this.#waiting.length === 0 && this.#dropped === 0 && !this.#hasEnded) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
  }

  /** Takes no more events; what waits can still be taken. */
  end(): void {
    this.#hasEnded = true;
    this.#notify();
  }

  #dropLines(): void {
    const kept = this.#waiting.filter(({ isLine }) => !isLine);
    this.#dropped += this.#waiting.length - kept.length;
    this.#waiting = kept;
    this.#bytes = kept.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

function encode(event: unknown): Uint8Array {
  return encoder.encode(`${JSON.stringify(event)}\n`);
}

function concat(parts: Uint8Array[], size: number): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
