/** @module */

/** What a {@linkcode LineWindow} saw. Line numbers start at 1; `last` is `first - 1` for no lines. */
export interface WindowedLines {
  first: number;
  last: number;
  /** Lines in the whole file. */
  total: number;
  /** The numbered lines. */
  text: string;
  /** Whether lines inside the window were left out because the text got too long. */
  isCut: boolean;
}

const LINE_FEED = 10;
/** Longest shown line, in UTF-16 units; a minified file would otherwise fill the context. */
const MAX_LINE_LENGTH = 2000;
/** Bytes kept of a line: enough for the longest shown one. */
const MAX_LINE_BYTES = MAX_LINE_LENGTH * 4;
const MAX_TEXT_LENGTH = 256 * 1024;

/** Picks and numbers a range of lines from bytes that arrive in chunks, in bounded memory. */
export class LineWindow {
  readonly #offset: number;
  readonly #limit: number;
  #text = "";
  #last: number;
  #isCut = false;
  /** Lines that have ended. */
  #ended = 0;
  /** Kept bytes of the line in progress, and its full length. */
  #parts: Uint8Array[] = [];
  #kept = 0;
  #length = 0;

  /** @param offset Lines to skip. @param limit Most lines to keep. */
  constructor(offset: number, limit: number) {
    this.#offset = offset;
    this.#limit = limit;
    this.#last = offset;
  }

  push(chunk: Uint8Array): void {
    let start = 0;
    for (let end; (end = chunk.indexOf(LINE_FEED, start)) >= 0; start = end + 1) {
      this.#extend(chunk.subarray(start, end));
      this.#endLine();
    }
    this.#extend(chunk.subarray(start));
  }

  finish(): WindowedLines {
    // A final line feed does not begin another line.
    if (this.#length > 0) this.#endLine();
    return {
      first: this.#offset + 1,
      last: this.#last,
      total: this.#ended,
      text: this.#text,
      isCut: this.#isCut,
    };
  }

  get #isWanted(): boolean {
    return !this.#isCut && this.#ended >= this.#offset && this.#ended < this.#offset + this.#limit;
  }

  #extend(part: Uint8Array): void {
    this.#length += part.length;
    if (!this.#isWanted || this.#kept >= MAX_LINE_BYTES) return;
    const kept = part.subarray(0, MAX_LINE_BYTES - this.#kept);
    this.#parts.push(kept);
    this.#kept += kept.length;
  }

  #endLine(): void {
    if (this.#isWanted) {
      const line = `${String(this.#ended + 1).padStart(6)}\t${this.#lineText()}\n`;
      if (this.#text !== "" && this.#text.length + line.length > MAX_TEXT_LENGTH) {
        this.#isCut = true;
      } else {
        this.#text += line;
        this.#last = this.#ended + 1;
      }
    }
    this.#ended++;
    this.#parts = [];
    this.#kept = 0;
    this.#length = 0;
  }

  #lineText(): string {
    const bytes = new Uint8Array(this.#kept);
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    // The decoder drops a byte-order mark, which only the first line may begin with.
    const decoder = new TextDecoder("utf-8", { ignoreBOM: this.#ended > 0 });
    const text = decoder.decode(bytes).replace(/\r$/, "");
    if (this.#kept === this.#length && text.length <= MAX_LINE_LENGTH) return text;
    return `${text.slice(0, MAX_LINE_LENGTH).toWellFormed()} [line cut: ${this.#length} bytes]`;
  }
}
