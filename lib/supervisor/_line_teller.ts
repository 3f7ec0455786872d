/** Makes events of printed lines, for those who want them. @module */

import { LineCutter } from "./_line_cutter.ts";

const LF = 0x0a;
/** Bytes of a line after which it is told in pieces, as it is written. */
const MAX_PIECE_BYTES = 65_536;

/**
 * Follows the chunks of one output and tells its lines as text, as long as somebody wants them; as
 * long as nobody does, a chunk costs a look at its last byte. Who begins to listen in the middle of a
 * line hears from the next one on.
 */
export class LineTeller {
  readonly #isWanted: () => boolean;
  readonly #tell: (line: string) => void;
  #cutter: LineCutter | undefined;
  #isAtLineStart = true;

  /** Tells the lines of an output at its beginning. */
  constructor(isWanted: () => boolean, tell: (line: string) => void) {
    this.#isWanted = isWanted;
    this.#tell = tell;
  }

  /** Takes the next bytes of the output. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    if (this.#isWanted()) {
      const start = this.#isAtLineStart ? 0 : chunk.indexOf(LF) + 1;
      if (this.#cutter || this.#isAtLineStart || start > 0) {
        this.#cutter ??= this.#newCutter();
        this.#cutter.push(chunk.subarray(start));
        // From here on the cutter knows where lines begin.
        this.#isAtLineStart = true;
      }
    } else {
      this.#cutter = undefined;
      this.#isAtLineStart = chunk.at(-1) === LF;
    }
  }

  /** Tells a last line without a line break. */
  end(): void {
    if (this.#isWanted()) this.#cutter?.end();
  }

  #newCutter(): LineCutter {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    return new LineCutter({
      prefix: new Uint8Array(),
      maxPieceBytes: MAX_PIECE_BYTES,
      onLine: (bytes, goesOn) => this.#tell(decoder.decode(bytes, { stream: goesOn })),
    });
  }
}
