/** One client of the control socket. @module */

import { JsonLineReader } from "../stream/json_lines.ts";
import { ControlQueue, type EventEncoder } from "./_control_queue.ts";
import { readableFrom, writeAll } from "./_socket_bytes.ts";
import {
  type ControlEvent,
  type ControlRequest,
  decodeControlRequest,
} from "./control_protocol.ts";
import type { ControlTarget } from "./control_target.ts";

/** Bytes that one request may have. */
const REQUEST_BYTES = 64 * 1024;
/** Milliseconds in which a client may take its last events once the server closes. */
const FLUSH_MS = 250;

/**
 * What a client is sent: events, and answers. The answer to `status`, and to a request that was
 * carried out, is a `status`; the refusal of one is an `error` that names the request.
 */
export type ControlAnswer = ControlEvent | {
  readonly event: "error";
  readonly data: { readonly message: string; readonly request: ControlRequest["method"] };
};

/**
 * Serves a client until it ends its side, or takes nothing any more, or the server closes. Reading
 * and writing are independent, so a client that does not read is still heard, and nobody waits for
 * it.
 */
export class ControlConnection implements AsyncDisposable {
  /** Resolves when the connection is closed; never rejects. */
  readonly done: Promise<void>;
  readonly #socket: Deno.Conn;
  readonly #target: ControlTarget;
  readonly #queue: ControlQueue;
  readonly #leaving = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();
  readonly #answers = new Set<Promise<void>>();
  #observer: Disposable;
  #flushTimer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  /** Serves `socket`, which it owns from then on. */
  constructor(socket: Deno.Conn, target: ControlTarget, encode: EventEncoder) {
    this.#queue = new ControlQueue({ encode });
    this.#socket = socket;
    this.#target = target;
    this.#observer = target.observe((event) => this.#send(event));
    this.done = this.#serve();
  }

  /** Sends what waits, within a bound, and closes. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#leaving.resolve();
    await this.done;
  }

  async #serve(): Promise<void> {
    const writing = this.#untilClosed(this.#write());
    const reading = this.#untilClosed(this.#read());
    // A client that has ended its side still gets its answers.
    await Promise.race([reading.then(() => this.#answered()), this.#leaving.promise]);
    if (!this.#isClosed) this.#flushTimer = setTimeout(() => this.#close(), FLUSH_MS);
    await Promise.race([this.#answered(), this.#closed.promise]);
    this.#observer[Symbol.dispose]();
    this.#queue.end();
    await writing;
    this.#close();
    await reading;
  }

  async #read(): Promise<void> {
    await using reader = new JsonLineReader<ControlRequest>(readableFrom(this.#socket), {
      maxLineBytes: REQUEST_BYTES,
      decode: decodeControlRequest,
      onInvalid: (error) => {
        const cause = error.cause instanceof Error ? error.cause.message : error.message;
        this.#send({ event: "error", data: { message: cause } });
      },
    });
    for await (const request of reader) this.#carryOut(request);
  }

  #carryOut(request: ControlRequest): void {
    if (this.#isClosed) return;
    switch (request.method) {
      case "status":
        return this.#sendStatus();
      case "subscribe":
        return this.#subscribe(request.params.lines);
      case "restart":
        return this.#answer(request, this.#target.restart(request.params.name));
      case "shutdown":
        return this.#answer(request, this.#target.shutdown());
    }
  }

  #subscribe(lines: boolean): void {
    this.#observer[Symbol.dispose]();
    this.#observer = this.#target.observe((event) => this.#send(event), { lines });
  }

  #answer({ method }: ControlRequest, work: Promise<void>): void {
    const answer = work.then(() => this.#sendStatus(), (error) => {
      const message = error instanceof Error ? error.message : String(error);
      this.#send({ event: "error", data: { message, request: method } });
    }).finally(() => this.#answers.delete(answer));
    this.#answers.add(answer);
  }

  /** What a request started settles at the latest with the supervisor. */
  async #answered(): Promise<void> {
    await Promise.all(this.#answers);
  }

  #sendStatus(): void {
    this.#send({ event: "status", data: this.#target.status() });
  }

  #send(event: ControlAnswer): void {
    if (!this.#queue.push(event)) this.#close();
  }

  async #write(): Promise<void> {
    for (;;) {
      await this.#queue.ready();
      const chunk = this.#queue.take();
      if (!chunk) break;
      await writeAll(this.#socket, chunk);
    }
    if (!this.#isClosed) await this.#socket.closeWrite();
  }

  /** A part that fails ends the connection: the other side is gone, or will never be understood. */
  async #untilClosed(work: Promise<void>): Promise<void> {
    await work.catch(() => this.#close());
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#flushTimer);
    this.#observer[Symbol.dispose]();
    this.#queue.end();
    this.#leaving.resolve();
    this.#closed.resolve();
    this.#socket.close();
  }
}
