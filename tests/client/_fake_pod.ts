import { encodeEvent, type Event, type Method } from "../../lib/protocol/mod.ts";
import { JsonLineReader } from "../../lib/stream/json_lines.ts";

/** What a test does with one connection; the socket is closed when it is done, if not before. */
export type Serve = (connection: FakeConnection) => Promise<unknown>;

/** The Pod's side of one connection. */
export class FakeConnection {
  #methods: JsonLineReader<Method> | undefined;

  constructor(readonly socket: Deno.Conn) {}

  /** Writes events as one chunk of lines. */
  write(...events: Event[]): Promise<void> {
    return this.writeText(
      events.map((event) => `${encodeEvent(event, { keepUnknown: true })}\n`).join(""),
    );
  }

  async writeText(text: string): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length;) at += await this.socket.write(bytes.subarray(at));
  }

  /** The next Method, `undefined` at the end. */
  read(): Promise<Method | undefined> {
    this.#methods ??= new JsonLineReader<Method>(readableOf(this.socket));
    return this.#methods.read();
  }

  /** Resolves when the client has let go of the connection. */
  async gone(): Promise<void> {
    while (await this.read().catch(() => undefined)) continue;
  }

  close(): void {
    try {
      this.socket.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }
}

/** A socket in a folder of its own on which each connection is served by a function of the test. */
export class FakePod implements AsyncDisposable {
  readonly #folder: string;
  readonly #listener: Deno.Listener;
  readonly #open = new Map<FakeConnection, Promise<unknown>>();
  readonly #accepting: Promise<void>;
  readonly #serve: Serve;
  readonly path: string;
  #served = 0;
  #onServed = () => {};

  constructor(serve: Serve) {
    this.#serve = serve;
    this.#folder = Deno.makeTempDirSync({ prefix: "pod" });
    this.path = `${this.#folder}/sock`;
    this.#listener = Deno.listen({ transport: "unix", path: this.path });
    this.#accepting = this.#accept();
  }

  /** Resolves when `count` connections in all have been served and closed. */
  async served(count: number): Promise<void> {
    while (this.#served < count) {
      await new Promise<void>((resolve) => this.#onServed = resolve);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#accepting;
    for (const connection of this.#open.keys()) connection.close();
    await Promise.all(this.#open.values());
    await Deno.remove(this.#folder, { recursive: true });
  }

  async #accept(): Promise<void> {
    for await (const socket of this.#listener) {
      const connection = new FakeConnection(socket);
      this.#open.set(connection, this.#run(connection));
    }
  }

  /** A connection that breaks while it is served is what most tests are about. */
  async #run(connection: FakeConnection): Promise<void> {
    try {
      await this.#serve(connection);
    } catch (error) {
      const expected = [
        Deno.errors.BrokenPipe,
        Deno.errors.ConnectionReset,
        Deno.errors.Interrupted,
        Deno.errors.BadResource,
      ];
      if (!expected.some((kind) => error instanceof kind)) throw error;
    } finally {
      connection.close();
      this.#open.delete(connection);
      this.#served += 1;
      this.#onServed();
    }
  }
}

/** Like `socket.readable`, but the end of the stream does not close the socket. */
function readableOf(socket: Deno.Conn): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const buffer = new Uint8Array(64 * 1024);
      const count = await socket.read(buffer);
      if (count === null) return controller.close();
      controller.enqueue(buffer.subarray(0, count));
    },
  }, { highWaterMark: 0 });
}

/** A snapshot of a Pod that did nothing yet, or has `entries`. */
export function snapshot(status: "idle" | "running" = "idle", entries: unknown[] = []): Event {
  return {
    event: "snapshot",
    data: {
      entries,
      greeting: {
        pod_name: "worker-1",
        cwd: "/src",
        provider: "unknown",
        model: "none",
        scope_summary: "",
        tools: [],
        context_window: 0,
        context_tokens: 0,
      },
      status,
    },
  };
}

export function delta(text: string): Event {
  return { event: "text_delta", data: { text } };
}

export const shutdown: Event = { event: "shutdown" };

/**
 * Open sockets of this process. Other descriptors say nothing about clients: the runtime opens
 * those of its caches when it likes to.
 */
export function countSockets(): number {
  const folder = "/proc/self/fd";
  return [...Deno.readDirSync(folder)].filter(({ name }) => {
    try {
      return Deno.readLinkSync(`${folder}/${name}`).startsWith("socket:");
    } catch {
      return false; // The descriptor of the listing itself is gone by now.
    }
  }).length;
}
