/** @module */

import { Connection, type ConnectionOptions } from "./connection.ts";
import { PodError } from "./pod_error.ts";

/** Milliseconds to wait after a failed accept, for example when descriptors run short. */
const ACCEPT_PAUSE_MS = 50;

/** What a server uses of its Pod. */
export interface SocketServerOptions extends ConnectionOptions {
  /** Told of an accept that failed; the server goes on. */
  onAcceptError(error: unknown): void;
  /** Milliseconds to wait after a failed accept; 50. */
  acceptPauseMs?: number | undefined;
}

/**
 * Listens on a Unix socket and serves each client on its own. Closing the listener removes the
 * socket file, so its path has to be held by a lock for as long as the server lives.
 *
 * Source: protocol specification, section 4.2, P11 and P14.
 */
export class SocketServer implements AsyncDisposable {
  readonly #listener: Deno.UnixListener;
  readonly #options: SocketServerOptions;
  readonly #connections = new Set<Connection>();
  readonly #accepting: Promise<void>;
  #isClosing = false;
  #pause: { timer: ReturnType<typeof setTimeout>; end: () => void } | undefined;

  private constructor(listener: Deno.UnixListener, options: SocketServerOptions) {
    this.#listener = listener;
    this.#options = options;
    this.#accepting = this.#accept();
  }

  /**
   * Starts to listen on `path`; only this user can connect.
   *
   * @throws {PodError} `io` when the path cannot be bound.
   */
  static listen(path: string, options: SocketServerOptions): SocketServer {
    let listener: Deno.UnixListener;
    try {
      listener = Deno.listen({ transport: "unix", path });
    } catch (cause) {
      throw new PodError("io", `Cannot listen on "${path}": ${(cause as Error).message}`, {
        cause,
      });
    }
    try {
      Deno.chmodSync(path, 0o600);
    } catch (cause) {
      listener.close();
      throw new PodError("io", `Cannot protect "${path}": ${(cause as Error).message}`, { cause });
    }
    return new SocketServer(listener, options);
  }

  /** Clients that are connected now. */
  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Stops listening; connected clients stay. */
  stopAccepting(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    clearTimeout(this.#pause?.timer);
    this.#pause?.end();
    this.#listener.close();
  }

  /** Stops listening, sends the clients what waits for them, and closes their connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.stopAccepting();
    await this.#accepting;
    await Promise.all(
      [...this.#connections].map((connection) => connection[Symbol.asyncDispose]()),
    );
  }

  async #accept(): Promise<void> {
    while (!this.#isClosing) {
      try {
        this.#serve(await this.#listener.accept());
      } catch (error) {
        if (this.#isClosing) return;
        this.#options.onAcceptError(error);
        await this.#wait();
      }
    }
  }

  #serve(socket: Deno.Conn): void {
    const connection = new Connection(socket, this.#options);
    this.#connections.add(connection);
    connection.done.then(() => this.#connections.delete(connection));
  }

  async #wait(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const pauseMs = this.#options.acceptPauseMs ?? ACCEPT_PAUSE_MS;
    this.#pause = { timer: setTimeout(resolve, pauseMs), end: resolve };
    await promise;
    this.#pause = undefined;
  }
}
