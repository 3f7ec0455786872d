/**
 * JSON Lines over web streams: one JSON value a line, UTF-8, split on LF (0x0A) and nothing else.
 *
 * The file imports nothing, so it can be copied into any project. Two halves, each in two shapes:
 * {@link JsonLineReader} and {@link JsonLineWriter} for code that waits for one value after the
 * other, {@link JsonLineDecoderStream} and {@link JsonLineEncoderStream} for `pipeThrough`.
 *
 * @module
 */

/**
 * What is wrong with a line: it is not JSON (`syntax`), it is longer than the cap (`too_long`), the
 * stream ended inside it (`incomplete`), or it is JSON of the wrong shape or not UTF-8 (`invalid`).
 */
export type JsonLineErrorKind = "syntax" | "too_long" | "incomplete" | "invalid";

/** A line that gave no value. The lines after it are not affected. */
export class JsonLineError extends Error {
  /** The name of the class, as every `Error` carries it. */
  override readonly name = "JsonLineError";
  /** What is wrong with the line. */
  readonly kind: JsonLineErrorKind;
  /** The number of the line in the stream, counted from 1 and with the blank lines. */
  readonly line: number;

  /** Describes what is wrong (`reason`) with line number `line`. */
  constructor(kind: JsonLineErrorKind, line: number, reason: string, options?: ErrorOptions) {
    super(`Cannot read line ${line}: ${reason}`, options);
    this.kind = kind;
    this.line = line;
  }
}

/** Options of {@link JsonLineReader} and {@link JsonLineDecoderStream}. */
export interface JsonLineOptions<T> {
  /** The longest line, in bytes without its LF, that is read: 32 MiB if not given. */
  maxLineBytes?: number;
  /**
   * Turns the parsed JSON into the value that is read. What it throws makes the line `invalid`, with
   * that as the cause. It must not return `undefined`, which means the end of the stream.
   */
  decode?: (value: unknown) => T;
  /** Hears of each bad line, which is then skipped. Without it a bad line fails the reading call. */
  onInvalid?: (error: JsonLineError) => void;
  /** Ends the reading: the source is cancelled and every call rejects, both with its reason. */
  signal?: AbortSignal;
}

/**
 * Reads JSON lines from a byte stream, which it owns from then on.
 *
 * A last line without LF is read like any other when it is whole. White space around a line is
 * stripped and blank lines are skipped; a byte order mark is not white space. No line makes memory
 * grow past the cap. Calls may overlap: they are served in order, and an error of the source rejects
 * every waiting call. Without `onInvalid` a bad line rejects the call that met it and the next call
 * goes on behind that line.
 *
 * ```ts
 * import { JsonLineReader } from "./json_lines.ts";
 *
 * const source = new Blob(['{"id":1}\n', '{"id":2}\n']).stream();
 * const seen: unknown[] = [];
 * for await (const value of new JsonLineReader(source)) seen.push(value);
 *
 * if (JSON.stringify(seen) !== '[{"id":1},{"id":2}]') throw new Error("Cannot happen");
 * ```
 */
export class JsonLineReader<T = unknown> implements AsyncDisposable, AsyncIterable<T> {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #lines: LineDecoder<T>;
  readonly #signal: AbortSignal | undefined;
  readonly #takeValue = (): T | typeof NOTHING => this.#next();
  readonly #takeBatch = (): T[] | typeof NOTHING => this.#nextBatch();
  /** A bad line that a batch met behind good ones: it belongs to the next call. */
  #held: { error: unknown } | undefined;
  /** Why nothing more can be read, for all calls from now on. */
  #failure: { error: unknown } | undefined;
  #ended = false;
  #released: Promise<void> | undefined;
  /** Calls that wait, and the end of the last one's turn. */
  #waiting = 0;
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * Locks `source` until its end.
   *
   * @throws {RangeError} when `maxLineBytes` is not a positive whole number or beyond the longest
   * string of the engine.
   */
  constructor(source: ReadableStream<Uint8Array>, options: JsonLineOptions<T> = {}) {
    this.#lines = new LineDecoder(options);
    this.#reader = source.getReader();
    this.#signal = options.signal;
    if (this.#signal?.aborted) this.#abort();
    else this.#signal?.addEventListener("abort", this.#abort, { once: true });
  }

  /**
   * The next value, or `undefined` at the end.
   *
   * Rejects with a {@link JsonLineError} for a bad line (without `onInvalid`), with the reason of
   * the signal after an abort, and with the error of the source when that fails.
   */
  read(): Promise<T | undefined> {
    return this.#take<T | undefined>(this.#takeValue, undefined);
  }

  /**
   * All values that are there after one wait, at least one; an empty array at the end.
   *
   * Rejects like {@link read}. Good values before a bad line come first: the next call rejects.
   */
  readBatch(): Promise<T[]> {
    return this.#take<T[]>(this.#takeBatch, []);
  }

  /**
   * The values one by one. Like that of a `ReadableStream`, the iteration owns the source: leaving
   * the loop, or a bad line without `onInvalid`, cancels it. Use {@link read} to go on afterwards.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined> {
    const end: IteratorResult<T, undefined> = { done: true, value: undefined };
    const takeResult = (): IteratorResult<T, undefined> | typeof NOTHING => {
      try {
        const value = this.#next();
        return value === NOTHING ? NOTHING : { done: false, value };
      } catch (error) {
        this.#finish(error);
        throw error;
      }
    };
    return {
      next: () => {
        if (this.#waiting > 0) return this.#takeInTurn(takeResult, end);
        try {
          const value = this.#next();
          if (value === NOTHING) return this.#takeInTurn(takeResult, end);
          // The fresh object is why this is not `#take(takeResult, end)`: a promise resolved with
          // one is some 10 % faster for the whole loop, as the engine need not look for a `then`.
          return Promise.resolve({ done: false, value });
        } catch (error) {
          this.#finish(error);
          return Promise.reject(error);
        }
      },
      return: async () => {
        await this.#finish();
        return end;
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /** Cancels the source; waiting calls and later ones find the end. Safe to call again. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#finish();
  }

  /** Takes at once what is there, unless an earlier call still waits. */
  #take<R>(attempt: () => R | typeof NOTHING, atEnd: R): Promise<R> {
    if (this.#waiting > 0) return this.#takeInTurn(attempt, atEnd);
    try {
      const result = attempt();
      return result === NOTHING ? this.#takeInTurn(attempt, atEnd) : Promise.resolve(result);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #takeInTurn<R>(attempt: () => R | typeof NOTHING, atEnd: R): Promise<R> {
    this.#waiting++;
    const result = this.#turn.then(() => this.#takeWhenThere(attempt, atEnd));
    // The caller owns the failure; the next in line only needs to know that the turn is over.
    this.#turn = result.then(ignore, ignore);
    return result;
  }

  async #takeWhenThere<R>(attempt: () => R | typeof NOTHING, atEnd: R): Promise<R> {
    try {
      for (;;) {
        const result = attempt();
        if (result !== NOTHING) return result;
        if (this.#failure !== undefined) throw this.#failure.error;
        if (this.#ended) return atEnd;
        await this.#fill();
      }
    } finally {
      this.#waiting--;
    }
  }

  #next(): T | typeof NOTHING {
    if (this.#held !== undefined) {
      const { error } = this.#held;
      this.#held = undefined;
      throw error;
    }
    return this.#lines.next();
  }

  #nextBatch(): T[] | typeof NOTHING {
    const values: T[] = [];
    try {
      for (let value = this.#next(); value !== NOTHING; value = this.#next()) values.push(value);
    } catch (error) {
      if (values.length === 0) throw error;
      this.#held = { error };
    }
    return values.length === 0 ? NOTHING : values;
  }

  /** Waits for one chunk, the end or the failure of the source. */
  async #fill(): Promise<void> {
    try {
      const { done, value } = await this.#reader.read();
      // An abort or a disposal ends the wait as well, and what comes then counts no more.
      if (this.#failure !== undefined || this.#ended) return;
      if (!done) return this.#lines.push(value);
      this.#ended = true;
      this.#lines.end();
    } catch (error) {
      this.#failure ??= { error };
    }
    await this.#release();
  }

  readonly #abort = (): void => {
    this.#failure ??= { error: this.#signal?.reason };
    this.#finish(this.#signal?.reason);
  };

  /** Forgets what was not read and lets go of the source. */
  #finish(reason?: unknown): Promise<void> {
    this.#ended = true;
    this.#held = undefined;
    this.#lines.clear();
    return this.#release(reason);
  }

  #release(reason?: unknown): Promise<void> {
    return this.#released ??= this.#cancelSource(reason);
  }

  async #cancelSource(reason: unknown): Promise<void> {
    this.#signal?.removeEventListener("abort", this.#abort);
    // A source that is broken has nothing left to give back, and its readers have heard of it.
    await this.#reader.cancel(reason).catch(ignore);
    this.#reader.releaseLock();
  }
}

/**
 * Writes values as JSON lines, each as one chunk with its LF, in the order of the calls.
 *
 * Each call settles when the sink has taken its chunk, so a caller that awaits keeps the pace of the
 * reader at the other end. Strings leave well-formed: a lone surrogate becomes U+FFFD.
 *
 * ```ts
 * import { JsonLineWriter } from "./json_lines.ts";
 *
 * const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
 * const text = new Response(readable).text();
 * {
 *   await using writer = new JsonLineWriter(writable);
 *   await writer.write({ id: 1 });
 * }
 * if (await text !== '{"id":1}\n') throw new Error("Cannot happen");
 * ```
 */
export class JsonLineWriter implements AsyncDisposable {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  #closed: Promise<void> | undefined;
  #broken = false;

  /** Locks `sink` until it is closed. */
  constructor(sink: WritableStream<Uint8Array>) {
    this.#writer = sink.getWriter();
  }

  /**
   * Writes one value, as it is at the time of the call.
   *
   * Rejects with a `TypeError` for a value without JSON text (nothing is written then) and after
   * {@link close}, and with the error of the sink when that fails.
   */
  async write(value: unknown): Promise<void> {
    await this.#writeLine(jsonText(value));
  }

  /** Writes one line that is JSON text already, without its LF. Rejects like {@link write}. */
  async writeText(line: string): Promise<void> {
    if (line.includes("\n")) throw new TypeError("Cannot write line: it holds a line feed");
    await this.#writeLine(line);
  }

  /** Closes the sink behind the last line. Later writes reject at once; safe to call again. */
  close(): Promise<void> {
    return this.#closed ??= this.#writer.close().finally(() => this.#writer.releaseLock());
  }

  /**
   * Gives the sink up: it hears `reason`, and so do the writes it has not taken. For a peer that no
   * longer reads, where {@link close} would wait for it. Does nothing once the sink is closed.
   */
  async abort(reason?: unknown): Promise<void> {
    this.#broken = true;
    const closed = this.close();
    // Rejects only when the sink was closed or broken before, and then `closed` says so.
    await this.#writer.abort(reason).catch(ignore);
    await closed.catch(ignore);
  }

  /** Closes the sink. Says nothing of a failure that a write has reported already. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.close();
    } catch (error) {
      if (!this.#broken) throw error;
    }
  }

  async #writeLine(text: string): Promise<void> {
    if (this.#closed !== undefined) throw new TypeError("Cannot write line: the writer is closed");
    try {
      await this.#writer.write(encoder.encode(`${text}\n`));
    } catch (error) {
      this.#broken = true;
      throw error;
    }
  }
}

/**
 * Turns bytes into the values of their JSON lines, with the rules and options of
 * {@link JsonLineReader}. Without `onInvalid` a bad line errors the stream.
 *
 * ```ts
 * import { JsonLineDecoderStream } from "./json_lines.ts";
 *
 * const values = new Blob(["1\n\n2"]).stream().pipeThrough(new JsonLineDecoderStream());
 * if (JSON.stringify(await Array.fromAsync(values)) !== "[1,2]") throw new Error("Cannot happen");
 * ```
 */
export class JsonLineDecoderStream<T = unknown> extends TransformStream<Uint8Array, T> {
  /** Prepares the stream; throws a `RangeError` like {@link JsonLineReader}. */
  constructor(options: JsonLineOptions<T> = {}) {
    const lines = new LineDecoder(options);
    const { signal } = options;
    let onAbort = ignore;
    const stopListening = () => signal?.removeEventListener("abort", onAbort);
    const enqueueAll = (controller: TransformStreamDefaultController<T>) => {
      try {
        for (let value = lines.next(); value !== NOTHING; value = lines.next()) {
          controller.enqueue(value);
        }
      } catch (error) {
        stopListening();
        throw error;
      }
    };
    super({
      start(controller) {
        onAbort = () => controller.error(signal?.reason);
        if (signal?.aborted) onAbort();
        else signal?.addEventListener("abort", onAbort, { once: true });
      },
      transform(chunk, controller) {
        lines.push(chunk);
        enqueueAll(controller);
      },
      flush(controller) {
        lines.end();
        enqueueAll(controller);
        stopListening();
      },
      cancel: stopListening,
    });
  }
}

/** Turns values into JSON lines, one chunk each, with the rules of {@link JsonLineWriter}. */
export class JsonLineEncoderStream extends TransformStream<unknown, Uint8Array> {
  /** Prepares the stream. A value without JSON text errors it with a `TypeError`. */
  constructor() {
    super({
      transform(value, controller) {
        controller.enqueue(encoder.encode(`${jsonText(value)}\n`));
      },
    });
  }
}

const LINE_FEED = 0x0a;
const DEFAULT_MAX_LINE_BYTES = 32 * 1024 * 1024;
/** The longest string of V8; decoding never gives more characters than there are bytes. */
const LONGEST_LINE_BYTES = 2 ** 29 - 24;
/** Whole lines are decoded this many bytes at a time: few calls, and strings that die young. */
const BLOCK_BYTES = 64 * 1024;
const REPLACEMENT = "\uFFFD";
const NO_BYTES = new Uint8Array();
const NOTHING = Symbol("nothing there yet");

const encoder = new TextEncoder();
// Both only ever see whole lines, so there is never half a letter to carry from one call to the next
// and the lossy one can take its fastest way (without `stream`, half the time for Japanese text). The
// strict one is slower and only judges lines in which the lossy one left a U+FFFD.
const lossyDecoder = new TextDecoder("utf-8", { ignoreBOM: true });
const strictDecoder = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });

/**
 * From chunks to values, without waiting: `push` a chunk, take values with `next` until there is
 * `NOTHING`, then push another; `end` turns what is left into the last line.
 *
 * Each byte is looked at once. The whole lines of a chunk are decoded together and cut as text,
 * which is much faster than line by line; only a line that spans chunks is gathered as bytes.
 */
class LineDecoder<T> {
  readonly #maxLineBytes: number;
  readonly #blockBytes: number;
  readonly #decode: ((value: unknown) => T) | undefined;
  readonly #onInvalid: ((error: JsonLineError) => void) | undefined;
  /** Decoded lines, each with its LF, and where the next one begins. */
  #text = "";
  #textAt = 0;
  /** The chunk being read, and how far it is decoded. */
  #chunk: Uint8Array = NO_BYTES;
  #chunkAt = 0;
  /** Up to here in the chunk there is damage or U+FFFD: lines are decoded one by one. */
  #suspectEnd = 0;
  /** The begin of a line that goes on in the next chunk, in a buffer that may be longer. */
  #partial: Uint8Array = NO_BYTES;
  #partialLength = 0;
  /** In the rest of a line that is too long. */
  #discarding = false;
  #ended = false;
  #line = 0;

  constructor(options: JsonLineOptions<T>) {
    const maxLineBytes = options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES;
    if (!Number.isInteger(maxLineBytes) || maxLineBytes < 1 || maxLineBytes > LONGEST_LINE_BYTES) {
      throw new RangeError(
        `Cannot read lines: maxLineBytes is "${maxLineBytes}", not a whole number from 1 to ${LONGEST_LINE_BYTES}`,
      );
    }
    this.#maxLineBytes = maxLineBytes;
    // No line in a block is longer than the block, so only lines outside of blocks are measured.
    this.#blockBytes = Math.min(BLOCK_BYTES, maxLineBytes);
    this.#decode = options.decode;
    this.#onInvalid = options.onInvalid;
  }

  /** Takes the next chunk; the one before it must be used up. */
  push(chunk: Uint8Array): void {
    this.#chunk = chunk;
    this.#chunkAt = 0;
    this.#suspectEnd = 0;
  }

  /** Says that no chunk follows. */
  end(): void {
    this.#ended = true;
  }

  /** Forgets what was not taken. */
  clear(): void {
    this.#letGo();
    this.#dropPartial();
  }

  /** The next value; throws for a bad line unless `onInvalid` hears of it. */
  next(): T | typeof NOTHING {
    for (;;) {
      const start = this.#textAt;
      if (start === this.#text.length) {
        if (this.#openBlock() || this.#openLastLine()) continue;
        this.#letGo();
        return NOTHING;
      }
      const end = this.#text.indexOf("\n", start);
      this.#textAt = end + 1;
      this.#line++;
      if (start === end) continue;
      const value = this.#parse(this.#text.slice(start, end));
      if (value !== NOTHING) return value;
    }
  }

  #parse(line: string): T | typeof NOTHING {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      const stripped = stripWhiteSpace(line);
      if (stripped === "") return NOTHING;
      if (stripped.length < line.length) return this.#parse(stripped);
      if (this.#ended) return this.#report("incomplete", "the stream ended inside it", error);
      return this.#report("syntax", messageOf(error), error);
    }
    if (this.#decode === undefined) return value as T;
    try {
      return this.#decode(value);
    } catch (error) {
      return this.#report("invalid", messageOf(error), error);
    }
  }

  #report(kind: JsonLineErrorKind, reason: string, cause?: unknown): typeof NOTHING {
    const error = new JsonLineError(kind, this.#line, reason, cause === undefined ? {} : { cause });
    if (this.#onInvalid === undefined) throw error;
    this.#onInvalid(error);
    return NOTHING;
  }

  /** Decodes more whole lines of the chunk into `#text`; false when it holds no more of them. */
  #openBlock(): boolean {
    while (this.#chunkAt < this.#chunk.length) {
      if (this.#discarding) this.#discard();
      else if (this.#openLines() || this.#openLine()) return true;
    }
    return false;
  }

  #discard(): void {
    const end = this.#chunk.indexOf(LINE_FEED, this.#chunkAt);
    this.#discarding = end < 0;
    this.#chunkAt = end < 0 ? this.#chunk.length : end + 1;
  }

  /** Decodes as many whole lines as fit into one block. */
  #openLines(): boolean {
    const start = this.#chunkAt;
    if (this.#partialLength > 0 || start < this.#suspectEnd) return false;
    const reach = this.#chunk.subarray(start, start + this.#blockBytes);
    const length = reach.lastIndexOf(LINE_FEED) + 1;
    if (length === 0) return false;
    const text = lossyDecoder.decode(reach.subarray(0, length));
    if (text.includes(REPLACEMENT)) {
      this.#suspectEnd = start + length;
      return false;
    }
    this.#openText(text);
    this.#chunkAt = start + length;
    return true;
  }

  /** Decodes one line, which may have begun in an earlier chunk; false if there is none to read. */
  #openLine(): boolean {
    const end = this.#chunk.indexOf(LINE_FEED, this.#chunkAt);
    const part = this.#chunk.subarray(this.#chunkAt, end < 0 ? this.#chunk.length : end);
    this.#chunkAt = end < 0 ? this.#chunk.length : end + 1;
    if (this.#partialLength + part.length > this.#maxLineBytes) {
      this.#dropPartial();
      this.#discarding = end < 0;
      this.#line++;
      this.#report("too_long", `longer than ${this.#maxLineBytes} bytes`);
      return false;
    }
    if (end < 0) {
      this.#keepPartial(part);
      return false;
    }
    if (this.#partialLength === 0) return this.#openBytes(part);
    this.#keepPartial(part);
    return this.#openPartial();
  }

  #openLastLine(): boolean {
    return this.#ended && this.#partialLength > 0 && this.#openPartial();
  }

  #openPartial(): boolean {
    const bytes = this.#partial.subarray(0, this.#partialLength);
    this.#dropPartial();
    return this.#openBytes(bytes);
  }

  #openBytes(bytes: Uint8Array): boolean {
    const text = lossyDecoder.decode(bytes);
    if (text.includes(REPLACEMENT) && !isUtf8(bytes)) {
      this.#line++;
      if (this.#ended) this.#report("incomplete", "the stream ended inside it");
      else this.#report("invalid", "it is not UTF-8");
      return false;
    }
    this.#openText(`${text}\n`);
    return true;
  }

  #openText(text: string): void {
    this.#text = text;
    this.#textAt = 0;
  }

  /** A reader may wait for hours: it should not keep the last chunk and its text for that long. */
  #letGo(): void {
    this.#openText("");
    this.push(NO_BYTES);
  }

  /** Copies: a chunk may be a small view of a large buffer, and there may be millions of them. */
  #keepPartial(part: Uint8Array): void {
    const length = this.#partialLength + part.length;
    if (length > this.#partial.length) {
      const roomy = Math.max(length, Math.min(2 * length, this.#maxLineBytes));
      const buffer = new Uint8Array(roomy);
      buffer.set(this.#partial.subarray(0, this.#partialLength));
      this.#partial = buffer;
    }
    this.#partial.set(part, this.#partialLength);
    this.#partialLength = length;
  }

  /** Keeps a small buffer for the next line, and gives back what one long line needed. */
  #dropPartial(): void {
    this.#partialLength = 0;
    if (this.#partial.length > BLOCK_BYTES) this.#partial = NO_BYTES;
  }
}

/** Compact JSON without lone surrogates, which `JSON.stringify` writes as escapes. */
function jsonText(value: unknown): string {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`Cannot write ${typeof value}: it has no JSON text`);
  if (!text.includes("\\ud")) return text;
  // Taking escapes whole keeps `\\ud800`, a backslash and four letters, as it is.
  return text.replace(
    /\\(?:ud[0-9a-f]{3}|.)/g,
    (escape) => escape.length > 2 ? REPLACEMENT : escape,
  );
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    strictDecoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Strips Unicode White_Space; `trim()` would also take U+FEFF and leave U+0085. */
function stripWhiteSpace(line: string): string {
  let start = 0;
  let end = line.length;
  while (start < end && isWhiteSpace(line.charAt(start))) start++;
  while (end > start && isWhiteSpace(line.charAt(end - 1))) end--;
  return line.slice(start, end);
}

function isWhiteSpace(character: string): boolean {
  return /\p{White_Space}/u.test(character);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function ignore(): void {}
