import { decodeClientEvent } from "../protocol/decode.ts";
import { encodeMethod } from "../protocol/encode.ts";
import type { Event } from "../protocol/event.ts";
import type { Method } from "../protocol/method.ts";
import { JsonLineReader } from "../stream/json_lines.ts";
import { type ClientEnding, ConnectionEnd } from "./_connection_end.ts";
import { EventQueue, type EventQueueLimits } from "./_event_queue.ts";
import { abortFailure, describe, isDisconnect } from "./_failure.ts";
import type { Transport } from "./_transport.ts";
import { WaitingCall } from "./_waiting_call.ts";
import { ClientError } from "./error.ts";

/** What a {@linkcode Connection} is told once. */
export interface ConnectionOptions {
  onUnknown?: ((value: unknown, error: unknown) => void) | undefined;
  maxLineBytes: number;
  limits: EventQueueLimits;
  /** Ends the connection. */
  signal?: AbortSignal | undefined;
}

/** Who calls, and what may end the call before the connection does. */
export interface CallOptions {
  holder: object;
  signal?: AbortSignal | undefined;
}

/**
 * Everything of a client that is busy: the transport, the one task that reads it, the events nobody
 * took yet and the calls that wait. It never refers to the client in front of it (waiting calls
 * aside), so a client that its user forgot can be collected, and then ends this.
 *
 * All ways to the end lead through {@linkcode Connection.end}, which waits for nobody.
 */
export class Connection {
  /** Resolves when the connection has ended and the transport is let go of; never rejects. */
  readonly closed: Promise<ClientEnding>;
  /** Settles when the reading task is over, which is soon after the end; never rejects. */
  readonly finished: Promise<void>;
  /** Lines that were no event this version understands. */
  unknownEvents = 0;

  readonly #transport: Transport;
  readonly #options: ConnectionOptions;
  readonly #queue: EventQueue;
  readonly #stop = new AbortController();
  readonly #closing = Promise.withResolvers<ClientEnding>();
  readonly #reads = new Set<WaitingCall<Event | undefined>>();
  readonly #writes = new Set<WaitingCall<void>>();
  readonly #onAbort = (): void => this.end(ConnectionEnd.aborted(this.#options.signal?.reason));
  #end: ConnectionEnd | undefined;
  /** Set while the reading task waits for room in the queue. */
  #room: PromiseWithResolvers<void> | undefined;
  /** Bytes read since the last batch of events. */
  #bytes = 0;
  /** What broke the stream off, if it did not end between two lines. */
  #cut: unknown;
  #sawShutdown = false;
  /** The end of the last write in line. */
  #lastWrite: Promise<void> = Promise.resolve();
  /** Why a write failed: a line may have been cut, so what came behind it would be damaged. */
  #writeFailure: { cause: unknown } | undefined;
  #isWriteClosed = false;

  constructor(transport: Transport, options: ConnectionOptions) {
    this.#transport = transport;
    this.#options = options;
    this.#queue = new EventQueue(options.limits);
    this.closed = this.#closing.promise;
    this.finished = this.#readAll();
    if (options.signal?.aborted) this.#onAbort();
    else options.signal?.addEventListener("abort", this.#onAbort);
  }

  /** Lets go of the transport and settles every waiting call. Only the first end counts. */
  end(end: ConnectionEnd): void {
    if (this.#end) return;
    this.#end = end;
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    if (end.reason === "closed" || end.reason === "aborted") this.#queue.clear();
    this.#stop.abort(end.cause);
    this.#transport.release(end.cause).then(() => this.#closing.resolve(end.ending()));
    this.#room?.resolve();
    for (const call of this.#reads) settleAtEnd(call, end);
    for (const call of this.#writes) call.reject(end.failure(call.doing));
  }

  /** The next event, if one is there and no earlier call waits for it. */
  take(): Event | undefined {
    const event = this.#queue.take();
    if (!this.#queue.isFull) this.#room?.resolve();
    return event;
  }

  /** The next event; `undefined` after an orderly end of the stream. */
  next({ holder, signal }: CallOptions): Promise<Event | undefined> {
    const doing = "read the next event";
    if (signal?.aborted) return Promise.reject(abortFailure(signal, doing));
    const event = this.take();
    if (event) return Promise.resolve(event);
    const call = new WaitingCall(this.#reads, { doing, holder, signal });
    if (this.#end) settleAtEnd(call, this.#end);
    return call.outcome;
  }

  /** Writes one Method as one line, after those of earlier calls. */
  send(method: Method, options: CallOptions): Promise<void> {
    const line = new TextEncoder().encode(`${encodeMethod(method, { keepUnknown: true })}\n`);
    return this.#inTurn(`send "${method.method}"`, () => this.#transport.write(line), options);
  }

  /** Ends the direction to the Pod behind what earlier calls write. */
  closeWrite(options: CallOptions): Promise<void> {
    const closing = this.#inTurn("end sending", () => this.#transport.closeWrite(), options);
    this.#isWriteClosed = true;
    return closing;
  }

  async #readAll(): Promise<void> {
    try {
      await using lines = new JsonLineReader(this.#source(), {
        maxLineBytes: this.#options.maxLineBytes,
        signal: this.#stop.signal,
        onInvalid: (error) => {
          if (error.kind === "incomplete") this.#cut = error;
          else this.#skip(undefined, error);
        },
      });
      while (!this.#end) {
        const values = await lines.readBatch();
        if (values.length === 0) break;
        const share = this.#bytes / values.length;
        this.#bytes = 0;
        for (const value of values) this.#receive(value, share);
        if (this.#queue.isFull) await this.#waitForRoom();
      }
      this.end(this.#sawShutdown ? ConnectionEnd.shutdown() : ConnectionEnd.cut(this.#cut));
    } catch (cause) {
      this.end(ConnectionEnd.failed(cause));
    }
  }

  /** The bytes of the transport; a connection that the other side broke off just ends. */
  #source(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const chunk = await this.#transport.read().catch((cause) => {
          if (!isDisconnect(cause)) throw cause;
          this.#cut = cause;
        });
        if (this.#end) return;
        if (!chunk) return controller.close();
        this.#bytes += chunk.length;
        controller.enqueue(chunk);
      },
    }, { highWaterMark: 0 });
  }

  #receive(value: unknown, bytes: number): void {
    if (this.#end) return;
    let event: Event;
    try {
      event = decodeClientEvent(value);
    } catch (error) {
      return this.#skip(value, error);
    }
    if (event.event === "shutdown") this.#sawShutdown = true;
    const [first] = this.#reads;
    if (first) first.resolve(event);
    else this.#queue.push(event, bytes);
  }

  #skip(value: unknown, error: unknown): void {
    this.unknownEvents += 1;
    this.#options.onUnknown?.(value, error);
  }

  async #waitForRoom(): Promise<void> {
    this.#room = Promise.withResolvers();
    await this.#room.promise;
    this.#room = undefined;
  }

  /** Runs `write` when the writes before it are done, unless the call was given up by then. */
  #inTurn(
    doing: string,
    write: () => Promise<void>,
    { holder, signal }: CallOptions,
  ): Promise<void> {
    const call = new WaitingCall(this.#writes, { doing, holder, signal });
    if (this.#end) call.reject(this.#end.failure(doing));
    else if (this.#isWriteClosed) {
      call.reject(new ClientError("closed", `Cannot ${doing}: sending was ended`));
    }
    this.#lastWrite = this.#lastWrite.then(async () => {
      if (!call.isWaiting) return;
      try {
        if (this.#writeFailure) throw this.#writeFailure.cause;
        await write();
        call.resolve();
      } catch (cause) {
        this.#writeFailure ??= { cause };
        const code = isDisconnect(cause) ? "ended" : "connection_failed";
        call.reject(new ClientError(code, `Cannot ${doing}: ${describe(cause)}`, { cause }));
      }
    });
    return call.outcome;
  }
}

function settleAtEnd(call: WaitingCall<Event | undefined>, end: ConnectionEnd): void {
  if (end.reason === "ended" && end.isOrderly) call.resolve(undefined);
  else call.reject(end.failure(call.doing));
}
