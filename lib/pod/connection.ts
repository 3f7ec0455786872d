/** @module */

import type { Event } from "../protocol/event.ts";
import type { Method, MethodOf } from "../protocol/method.ts";
import { decodeMethod } from "../protocol/mod.ts";
import type { CompletionEntry } from "../protocol/event.ts";
import { JsonLineReader } from "../stream/json_lines.ts";
import { ClientQueue } from "./client_queue.ts";
import type { Sender } from "./controller_state.ts";
import type { Journal } from "./journal.ts";
import { withinLimit } from "./waiting.ts";
import { WriteWatchdog } from "./write_watchdog.ts";

/** Bytes one line from a client may have. */
const METHOD_BYTES = 32 * 1024 * 1024;
/** Bytes asked of the socket at once. */
const READ_BYTES = 16 * 1024;
/** Milliseconds a client has to end its side after the Pod has ended its own. */
const LINGER_MS = 250;

/** Completion requests of one client that may wait; with more, its other Methods wait too. */
const WAITING_COMPLETIONS = 32;

/** What a connection uses of its Pod. */
export interface ConnectionOptions {
  /** Tells the client what happens. */
  journal: Journal;
  /** Takes a Method; what it means is decided before this returns. */
  dispatch(method: Method, from: Sender): void;
  /** Finds completion candidates. */
  complete(
    request: MethodOf<"list_completions">["params"],
    options: { signal: AbortSignal },
  ): Promise<CompletionEntry[]>;
  /** Told when the connection was closed because it took no bytes. */
  onStalled?(): void;
  /** Told what went wrong, except that the other side went away. */
  onFailure?(error: unknown): void;
  /** Milliseconds in which one write has to make progress; 30,000. */
  writeLimitMs?: number | undefined;
  /** Milliseconds the last lines may take once the client has ended its side; 2,000. */
  flushLimitMs?: number | undefined;
  /** Bytes that may wait for the client; 4 MiB. */
  queueBytes?: number | undefined;
}

/**
 * One client of a Pod. Reading, writing and answering are independent of each other: a client that
 * does not read can still send, and a failed write does not lose what the client has sent.
 *
 * Source: protocol specification, section 4, P2, P7 and P15; controller specification, section 1.4.
 */
export class Connection implements Sender, AsyncDisposable {
  /** Settles when the connection is closed; it never rejects. */
  readonly done: Promise<void>;
  readonly #socket: Deno.Conn;
  readonly #options: ConnectionOptions;
  readonly #queue: ClientQueue;
  readonly #closed = new AbortController();
  readonly #leaving = Promise.withResolvers<"leaving">();
  #completions: Promise<void> = Promise.resolve();
  #waitingCompletions = 0;

  /** Serves a socket, which it owns from then on. */
  constructor(socket: Deno.Conn, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#queue = new ClientQueue(
      options.queueBytes === undefined ? {} : { maxBytes: options.queueBytes },
    );
    this.done = this.#contain(this.#serve()).finally(() => this.#close());
  }

  /** Sends an event to this client alone. */
  reply(event: Event): void {
    const { journal } = this.#options;
    if (!this.#queue.push(journal.privateLine(event))) journal.detach(this.#queue);
  }

  /** Sends what waits, for a bounded time, and closes. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#leaving.resolve("leaving");
    await this.done;
  }

  async #serve(): Promise<void> {
    const { journal, flushLimitMs = 2_000 } = this.#options;
    journal.attach(this.#queue);
    const writing = this.#contain(this.#write());
    const reading = this.#contain(this.#read());
    // Either the client ends its side, or the Pod leaves; a failed write ends nothing.
    const end = await Promise.race([reading, this.#leaving.promise]);
    await withinLimit(this.#completions, flushLimitMs);
    // A client that is behind is told the end too, if it takes bytes in time.
    if (end === "leaving" && this.#queue.isBehind) journal.attach(this.#queue);
    journal.detach(this.#queue);
    this.#queue.end();
    await withinLimit(writing, flushLimitMs);
    // A client that is still sending would see a reset instead of the end: let it end first.
    await withinLimit(reading, LINGER_MS);
    this.#close();
    await Promise.all([writing, reading]);
  }

  async #read(): Promise<void> {
    await using reader = new JsonLineReader<Method>(readableFrom(this.#socket), {
      maxLineBytes: METHOD_BYTES,
      decode: decodeMethod,
      onInvalid: (error) => {
        const message = `invalid method: ${error.message}`;
        this.reply({ event: "error", data: { code: "invalid_request", message } });
      },
    });
    for await (const method of reader) {
      if (method.method !== "list_completions") this.#options.dispatch(method, this);
      else {
        this.#answerCompletions(method);
        if (this.#waitingCompletions >= WAITING_COMPLETIONS) await this.#completions;
      }
    }
  }

  /** Answers in request order; a slow listing delays only later listings of this client. */
  #answerCompletions(method: MethodOf<"list_completions">): void {
    const { signal } = this.#closed;
    this.#waitingCompletions++;
    this.#completions = this.#contain(this.#completions.then(async () => {
      this.#waitingCompletions--;
      if (signal.aborted) return;
      const { kind } = method.params;
      const entries = await this.#options.complete(method.params, { signal });
      const event: Event = { event: "completions", data: { kind, entries } };
      this.reply(method.id === undefined ? event : { ...event, id: method.id });
    }));
  }

  async #write(): Promise<void> {
    const { journal, writeLimitMs = 30_000 } = this.#options;
    using watchdog = new WriteWatchdog(writeLimitMs, () => {
      this.#close();
      this.#options.onStalled?.();
    });
    try {
      for (;;) {
        await this.#queue.ready();
        if (this.#queue.isBehind) journal.attach(this.#queue);
        const chunk = this.#queue.take();
        if (chunk) await this.#send(chunk, watchdog);
        else if (this.#queue.hasEnded) break;
      }
      if (!this.#closed.signal.aborted) await this.#socket.closeWrite();
    } finally {
      // Nobody listens any more; what the client has sent is still read to its end.
      journal.detach(this.#queue);
      this.#queue.end();
    }
  }

  async #send(chunk: Uint8Array, watchdog: WriteWatchdog): Promise<void> {
    for (let written = 0; written < chunk.length;) {
      watchdog.begin();
      written += await this.#socket.write(chunk.subarray(written));
      watchdog.end();
    }
  }

  #close(): void {
    if (this.#closed.signal.aborted) return;
    this.#closed.abort(new DOMException("The connection is closed", "AbortError"));
    this.#queue.end();
    this.#socket.close();
  }

  /** Waits for a part of the connection; what ends it is no failure, and no failure goes further. */
  async #contain(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!isConnectionEnd(error)) this.#options.onFailure?.(error);
    }
  }
}

/** The bytes a socket receives; the socket stays its owner's to close. */
function readableFrom(socket: Deno.Conn): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const buffer = new Uint8Array(READ_BYTES);
      const count = await socket.read(buffer);
      if (count === null) controller.close();
      else controller.enqueue(buffer.subarray(0, count));
    },
  }, { highWaterMark: 0 });
}

/** Whether a socket error means that the connection is over, whoever ended it. */
function isConnectionEnd(error: unknown): boolean {
  return error instanceof Deno.errors.BrokenPipe ||
    error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.ConnectionAborted ||
    error instanceof Deno.errors.NotConnected ||
    error instanceof Deno.errors.BadResource ||
    error instanceof Deno.errors.Interrupted ||
    error instanceof Deno.errors.UnexpectedEof;
}
