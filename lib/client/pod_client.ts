/** A connection to one Pod. Source: protocol specification, sections 1, 4 and 5.1. @module */

import type { Event, Greeting, PodStatus } from "../protocol/event.ts";
import type { Method } from "../protocol/method.ts";
import { type CallOptions, Connection } from "./_connection.ts";
import { type ClientEnding, ConnectionEnd } from "./_connection_end.ts";
import { Deadline } from "./_deadline.ts";
import { openSocket } from "./_open_socket.ts";
import { socketTransport, streamTransport, type Transport } from "./_transport.ts";
import { ClientError } from "./error.ts";

export type { ClientEnding } from "./_connection_end.ts";

/** Options of every {@linkcode PodClient}. */
export interface PodClientOptions {
  /** Ends the client, also while it connects. */
  signal?: AbortSignal;
  /**
   * Hears of each line that is no event this version understands, which is then skipped: the parsed
   * value (`undefined` if the line could not even be read) and the error. What it throws ends the
   * client with the reason `failed`.
   */
  onUnknown?: (value: unknown, error: unknown) => void;
  /** Longer lines are skipped and counted as unknown; bytes, 256 MiB if not given. */
  maxLineBytes?: number;
  /** Waiting events from which on the client stops reading; 256 if not given. */
  bufferedEvents?: number;
  /** Bytes of waiting events from which on the client stops reading; 8 MiB if not given. */
  bufferedBytes?: number;
}

/** Options of {@linkcode PodClient.connect}. */
export interface ConnectOptions extends PodClientOptions {
  /** Milliseconds after which connecting fails with `timeout`; 5,000 if not given. */
  connectTimeoutMs?: number;
}

/** Options of a call that may wait. */
export interface WaitOptions {
  /** Ends this call alone, with a {@linkcode ClientError} `aborted`. */
  signal?: AbortSignal;
}

/**
 * A client of one Pod, which owns its connection and the one task that reads it.
 *
 * Events are read as long as the client lives, whether somebody asks for them or not, until
 * `bufferedEvents` or `bufferedBytes` of them wait (what one read of the socket brought is kept
 * whole, so a little more may wait). Then the socket fills and the Pod notices, until events are
 * taken again; nothing is dropped. The first event that is no alert is a `snapshot`. A later
 * `snapshot` on the same connection means: start over from it.
 *
 * The end never depends on the other side: {@linkcode PodClient.close}, a disposal and the `signal`
 * let go of the socket at once and end all waiting calls. A client that is forgotten without any of
 * them is ended when it is collected, as a net: a waiting call and a running iteration keep it
 * alive, `closed` does not.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { PodClient } from "./pod_client.ts";
 *
 * const lines = ['{"event":"text_delta","data":{"text":"Hello"}}', '{"event":"shutdown"}', ""];
 * const sent = new TransformStream<Uint8Array, Uint8Array>();
 * await using client = PodClient.from({
 *   readable: new Blob([lines.join("\n")]).stream(),
 *   writable: sent.writable,
 * });
 * const names: string[] = [];
 * for await (const event of client) names.push(event.event);
 * assert(names.join() === "text_delta,shutdown");
 * assert((await client.closed).reason === "ended");
 * ```
 */
export class PodClient implements AsyncDisposable, Disposable, AsyncIterable<Event> {
  /** Only a net for clients that nobody ended, so nothing is ever taken out of it by hand. */
  static readonly #forgotten = new FinalizationRegistry<Connection>((connection) =>
    connection.end(ConnectionEnd.closed())
  );

  /**
   * Resolves when the client has come to its end, whoever ended it, and its connection is let go
   * of. Never rejects.
   */
  readonly closed: Promise<ClientEnding>;
  readonly #connection: Connection;
  #greeting: Greeting | undefined;
  #status: PodStatus | undefined;

  private constructor(transport: Transport, options: PodClientOptions) {
    const { bufferedEvents = 256, bufferedBytes = 8 * 1024 * 1024 } = options;
    this.#connection = new Connection(transport, {
      onUnknown: options.onUnknown,
      maxLineBytes: options.maxLineBytes ?? 256 * 1024 * 1024,
      limits: { events: bufferedEvents, bytes: bufferedBytes },
      signal: options.signal,
    });
    this.closed = this.#connection.closed;
    PodClient.#forgotten.register(this, this.#connection);
  }

  /**
   * Connects to the socket of a Pod.
   *
   * @throws {ClientError} `not_found` and `refused`: nobody is there. `backlog_full`, `timeout`,
   * `connection_failed`: that is not known. `aborted`: the signal was.
   */
  static async connect(socketPath: string, options: ConnectOptions = {}): Promise<PodClient> {
    const { connectTimeoutMs = 5_000, signal } = options;
    using deadline = new Deadline(connectTimeoutMs, `connect to "${socketPath}"`, signal);
    const socket = await openSocket(socketPath, deadline.signal);
    return new PodClient(socketTransport(socket), options);
  }

  /**
   * Speaks over a pair of byte streams, which the client owns from then on. When it ends, the
   * readable is cancelled and the writable aborted.
   */
  static from(
    streams: { readable: ReadableStream<Uint8Array>; writable: WritableStream<Uint8Array> },
    options: PodClientOptions = {},
  ): PodClient {
    return new PodClient(streamTransport(streams), options);
  }

  /** Lines so far that were no event this version understands. */
  get unknownEvents(): number {
    return this.#connection.unknownEvents;
  }

  /** What the Pod said of itself in the last `snapshot` that was handed out. */
  get greeting(): Greeting | undefined {
    return this.#greeting;
  }

  /** The Pod's status according to the last `snapshot` or `status` that was handed out. */
  get status(): PodStatus | undefined {
    return this.#status;
  }

  /**
   * Sends one Method; resolves when it is written, which says nothing about what the Pod makes of
   * it. Methods go out in the order of the calls, each as one line in one write. A call that is
   * aborted before its turn writes nothing; aborted later, its line still goes out.
   *
   * A large Method is only taken by a Pod whose events are read: take events while sending it.
   *
   * @throws {ClientError} `closed`, `aborted`, `ended` or `connection_failed`.
   */
  async send(method: Method, options: WaitOptions = {}): Promise<void> {
    await this.#connection.send(method, this.#call(options));
  }

  /**
   * Tells the Pod that no more Methods will come, behind those on their way. Events still arrive.
   *
   * @throws {ClientError} Like {@linkcode PodClient.send}.
   */
  async closeWrite(options: WaitOptions = {}): Promise<void> {
    await this.#connection.closeWrite(this.#call(options));
  }

  /**
   * The next event, or `undefined` when the stream ended in order, behind a `shutdown`. Several
   * calls may wait: each gets one event, in the order of the calls. Events that arrived before the
   * Pod's side ended are still handed out.
   *
   * @throws {ClientError} `closed`, `aborted`, `ended` (without `shutdown`, or inside a line) or
   * `connection_failed`.
   */
  async nextEvent(options: WaitOptions = {}): Promise<Event | undefined> {
    return this.#handOut(await this.#connection.next(this.#call(options)));
  }

  /** The next event if one has arrived already; never waits and never throws. */
  tryNextEvent(): Event | undefined {
    return this.#handOut(this.#connection.take());
  }

  /**
   * The events from now on. Leaving the loop keeps the client open, so a later loop goes on where
   * this one stopped. The loop ends in order behind a `shutdown` and after this side closed the
   * client, and throws like {@linkcode PodClient.nextEvent} otherwise.
   */
  [Symbol.asyncIterator](): AsyncIterator<Event, undefined> {
    const end: IteratorResult<Event, undefined> = { done: true, value: undefined };
    const next = async (): Promise<IteratorResult<Event, undefined>> => {
      try {
        const value = await this.nextEvent();
        return value ? { done: false, value } : end;
      } catch (error) {
        if (error instanceof ClientError && error.code === "closed") return end;
        throw error;
      }
    };
    return { next, return: () => Promise.resolve(end) };
  }

  /**
   * Ends the client: waiting calls reject with `closed`, events that nobody took are dropped, the
   * socket is let go of. Resolves when the reading task is over and the descriptor free; safe to call again.
   */
  async close(): Promise<void> {
    this[Symbol.dispose]();
    await Promise.all([this.#connection.finished, this.closed]);
  }

  /** Like {@linkcode PodClient.close}, without waiting; `closed` tells when it is done. */
  [Symbol.dispose](): void {
    this.#connection.end(ConnectionEnd.closed());
  }

  /** Calls {@linkcode PodClient.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #call({ signal }: WaitOptions): CallOptions {
    return { holder: this, signal };
  }

  #handOut(event: Event | undefined): Event | undefined {
    if (event?.event === "snapshot") this.#greeting = event.data.greeting;
    if (event?.event === "snapshot" || event?.event === "status") {
      this.#status = event.data.status;
    }
    return event;
  }
}
