/** Cuts chunks of bytes into lines and puts a prefix before each. @module */

const LF = 0x0a;
const NOTHING = new Uint8Array();

/** How lines are cut. */
export interface LineCutterOptions {
  /** Put before each line and each piece. */
  prefix: Uint8Array;
  /** Bytes of a line, without its prefix and LF, after which it is cut. */
  maxPieceBytes: number;
  /** Hears each line or piece, without prefix and LF; the bytes are lent for the call. */
  onLine: ((line: Uint8Array, goesOn: boolean) => void) | undefined;
}

/**
 * Takes the bytes of one stream in chunks and gives back its lines whole, each with the prefix and an
 * LF. Keeps only the unfinished line, so at most `maxPieceBytes`.
 */
export class LineCutter {
  readonly #prefix: Uint8Array;
  readonly #maxPieceBytes: number;
  readonly #onLine: LineCutterOptions["onLine"];
  /** Holds the bytes of the unfinished line, without its prefix. */
  #kept = NOTHING;
  #keptLength = 0;
  /** Whether a line has begun that has no LF yet; it may hold no byte behind a piece. */
  #isOpen = false;
  /** Lines in a byte of the last chunk: how much room the next one will need. */
  #density = 0;

  /**
   * A cutter at the beginning of a stream.
   *
   * @throws {RangeError} when `maxPieceBytes` is not a whole number from 1.
   */
  constructor(options: LineCutterOptions) {
    if (!Number.isInteger(options.maxPieceBytes) || options.maxPieceBytes < 1) {
      throw new RangeError(
        `Cannot cut lines: maxPieceBytes is "${options.maxPieceBytes}", not a whole number from 1`,
      );
    }
    this.#prefix = options.prefix;
    this.#maxPieceBytes = options.maxPieceBytes;
    this.#onLine = options.onLine;
  }

  /** What `chunk` completes, maybe nothing. The result is the caller's; nothing of `chunk` is kept. */
  push(chunk: Uint8Array): Uint8Array {
    if (chunk.length === 0) return NOTHING;
    if (this.#keptLength + chunk.length < this.#maxPieceBytes && !chunk.includes(LF)) {
      this.#keep(chunk);
      return NOTHING;
    }
    return this.#cut(chunk);
  }

  /** The unfinished line, with an LF; nothing when the stream ended with one. */
  end(): Uint8Array {
    return this.#isOpen ? this.#cut(Uint8Array.of(LF)) : NOTHING;
  }

  #cut(chunk: Uint8Array): Uint8Array {
    const prefix = this.#prefix;
    const guess = 64 + Math.ceil(this.#density * chunk.length * 1.25);
    let out = new Uint8Array(this.#keptLength + chunk.length + guess * (prefix.length + 1));
    out.set(prefix);
    out.set(this.#kept.subarray(0, this.#keptLength), prefix.length);
    let lineAt = prefix.length;
    let length = lineAt + this.#keptLength;
    let wholeLength = 0;
    let lines = 0;
    let at = 0;
    let goesOn = false;
    while (at < chunk.length) {
      const limit = Math.min(chunk.length, at + this.#maxPieceBytes - (length - lineAt));
      // One loop looks for the LF and copies: for lines as people write them that is faster than
      // two calls of the engine a line.
      let byte = -1;
      while (at < limit && (byte = chunk[at]!) !== LF) {
        out[length++] = byte;
        at++;
      }
      const isPiece = length - lineAt === this.#maxPieceBytes;
      if (!isPiece && at === chunk.length) break;
      goesOn = isPiece;
      if (!isPiece) at++;
      this.#onLine?.(out.subarray(lineAt, length), isPiece);
      out[length++] = LF;
      wholeLength = length;
      lines++;
      const needed = length + prefix.length + (chunk.length - at) + 1;
      if (needed > out.length) out = grown(out, needed);
      for (let index = 0; index < prefix.length; index++) out[length++] = prefix[index]!;
      lineAt = length;
    }
    this.#keptLength = 0;
    this.#keep(out.subarray(lineAt, length));
    this.#isOpen = goesOn || length > lineAt;
    this.#density = lines / chunk.length;
    return out.subarray(0, wholeLength);
  }

  #keep(bytes: Uint8Array): void {
    const length = this.#keptLength + bytes.length;
    if (length > this.#kept.length) {
      this.#kept = grown(this.#kept.subarray(0, this.#keptLength), length);
    }
    this.#kept.set(bytes, this.#keptLength);
    this.#keptLength = length;
    if (length > 0) this.#isOpen = true;
  }
}

/** The same bytes with more room, so much that many small steps cost little. */
function grown(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(length, bytes.length * 2, 256));
  larger.set(bytes);
  return larger;
}
