/** @module */

import { LockFile } from "../file/lock_file.ts";
import { ControlConnection } from "./_control_connection.ts";
import { sharedEncoder } from "./_control_queue.ts";
import type { ControlTarget } from "./control_target.ts";
import { SupervisorError } from "./supervisor_error.ts";

/** Bytes that the path of a socket may have; the system needs one more for its end. */
export const MAX_SOCKET_PATH_BYTES = 107;

/** Milliseconds to wait after a failed accept, for example when descriptors run short. */
const ACCEPT_PAUSE_MS = 50;

/**
 * The control socket of a supervisor: JSON lines, open to this user alone.
 *
 * A lock file beside it (`<path>.lock`) is held for as long as the server lives. Closing a listener
 * removes whatever socket lies at its path, so nobody may take the path over before; with the lock,
 * a socket that answers nobody was left by a killed supervisor and is removed.
 *
 * Requests are answered by a `status` event once they are carried out, and by an `error` event that
 * names the request when they cannot be. What nobody asked for is told to every client, printed
 * lines only to those that subscribed. For each client at most 1 MiB waits: printed lines are then
 * left out, which an `error` event says, and a client that does not even take the rest is let go.
 *
 * @example
 * ```ts
 * import { requestControl } from "./control_client.ts";
 * import { ControlServer } from "./control_server.ts";
 * import { Supervisor } from "./supervisor.ts";
 *
 * const folder = await Deno.makeTempDir();
 * {
 *   await using server = await ControlServer.listen(`${folder}/control.sock`);
 *   await using supervisor = Supervisor.start({
 *     children: [{ name: "web", command: ["sleep", "60"] }],
 *   });
 *   server.serve(supervisor);
 *   await requestControl(server.path, { method: "restart", params: { name: "web" } });
 *   const { children } = await requestControl(server.path, { method: "status" });
 *   if (children[0]?.restarts !== 1) throw new Error("not restarted");
 * }
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export class ControlServer implements AsyncDisposable {
  /** Where it listens. */
  readonly path: string;
  readonly #lock: LockFile;
  readonly #listener: Deno.UnixListener;
  readonly #encode = sharedEncoder();
  readonly #connections = new Set<ControlConnection>();
  #accepting: Promise<void> | undefined;
  #isClosed = false;
  #pause: { timer: ReturnType<typeof setTimeout>; end: () => void } | undefined;

  private constructor(path: string, lock: LockFile, listener: Deno.UnixListener) {
    this.path = path;
    this.#lock = lock;
    this.#listener = listener;
  }

  /**
   * Takes the path. Clients that connect wait until {@linkcode ControlServer.serve}.
   *
   * @throws {SupervisorError} `control`, when the path is too long, is in use or holds something
   * else than a socket, or cannot be bound.
   * @throws {FileError} when the lock file cannot be opened.
   */
  static async listen(path: string): Promise<ControlServer> {
    const { length } = new TextEncoder().encode(path);
    if (length > MAX_SOCKET_PATH_BYTES) {
      const reason = `${length} bytes, of which a socket may have ${MAX_SOCKET_PATH_BYTES}`;
      throw cannotListen(path, `its path has ${reason}`);
    }
    const lock = LockFile.tryAcquire(`${path}.lock`, { text: `pid ${Deno.pid}` });
    if (!lock) {
      const owner = LockFile.readOwner(`${path}.lock`) ?? "unknown";
      throw cannotListen(path, `another supervisor does (${owner})`);
    }
    try {
      await removeStale(path);
      return new ControlServer(path, lock, bind(path));
    } catch (error) {
      lock[Symbol.dispose]();
      throw error;
    }
  }

  /** Serves the clients, those that wait and those to come. To be called once. */
  serve(target: ControlTarget): void {
    this.#accepting ??= this.#accept(target);
  }

  /** Sends the clients what waits for them, within a bound, and frees the path. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#pause?.timer);
    this.#pause?.end();
    this.#listener.close();
    await this.#accepting;
    await Promise.all(
      [...this.#connections].map((connection) => connection[Symbol.asyncDispose]()),
    );
    this.#lock[Symbol.dispose]();
  }

  async #accept(target: ControlTarget): Promise<void> {
    while (!this.#isClosed) {
      try {
        this.#add(new ControlConnection(await this.#listener.accept(), target, this.#encode));
      } catch {
        // A client that left before it was accepted, or a lack of descriptors: the next may do.
        if (!this.#isClosed) await this.#wait();
      }
    }
  }

  #add(connection: ControlConnection): void {
    this.#connections.add(connection);
    connection.done.then(() => this.#connections.delete(connection));
  }

  async #wait(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#pause = { timer: setTimeout(resolve, ACCEPT_PAUSE_MS), end: resolve };
    await promise;
    this.#pause = undefined;
  }
}

/** Under the lock: removes the socket of a supervisor that was killed. */
async function removeStale(path: string): Promise<void> {
  const info = await Deno.lstat(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw cannotListen(path, messageOf(error), error);
  });
  if (!info) return;
  if (!info.isSocket) throw cannotListen(path, "something that is not a socket lies there");
  if (await answers(path)) throw cannotListen(path, "another program does");
  await Deno.remove(path);
}

/** Only a refusal means that nobody listens; a full backlog, for one, does not. */
async function answers(path: string): Promise<boolean> {
  try {
    const connection = await Deno.connect({ transport: "unix", path });
    connection.close();
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.ConnectionRefused);
  }
}

function bind(path: string): Deno.UnixListener {
  let listener: Deno.UnixListener | undefined;
  try {
    listener = Deno.listen({ transport: "unix", path });
    Deno.chmodSync(path, 0o600);
    return listener;
  } catch (error) {
    listener?.close();
    throw cannotListen(path, messageOf(error), error);
  }
}

function cannotListen(path: string, reason: string, cause?: unknown): SupervisorError {
  return new SupervisorError("control", `Cannot listen on "${path}": ${reason}`, { cause });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
