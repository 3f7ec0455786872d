import type { Event, EventName, Method } from "../../lib/protocol/mod.ts";
import { JsonLineReader } from "../../lib/stream/json_lines.ts";

/** A socket to a Pod that reads only when the test asks it to. */
export class RawClient implements AsyncDisposable {
  readonly socket: Deno.UnixConn;
  readonly #lines: JsonLineReader<Event>;
  readonly #encoder = new TextEncoder();
  #isClosed = false;

  private constructor(socket: Deno.UnixConn) {
    this.socket = socket;
    const source = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const buffer = new Uint8Array(16 * 1024);
        const count = await socket.read(buffer);
        if (count === null) controller.close();
        else controller.enqueue(buffer.subarray(0, count));
      },
    }, { highWaterMark: 0 });
    this.#lines = new JsonLineReader<Event>(source);
  }

  static async connect(path: string): Promise<RawClient> {
    return new RawClient(await Deno.connect({ transport: "unix", path }));
  }

  /** Writes these bytes as they are. */
  async write(text: string | Uint8Array): Promise<void> {
    const bytes = typeof text === "string" ? this.#encoder.encode(text) : text;
    for (let done = 0; done < bytes.length;) {
      done += await this.socket.write(bytes.subarray(done));
    }
  }

  /** Ends this side's half of the connection. */
  async endWriting(): Promise<void> {
    await this.socket.closeWrite();
  }

  /** The next event; `undefined` at the end of the stream. */
  async read(): Promise<Event | undefined> {
    return await this.#lines.read();
  }

  /** Reads up to and with the next event of this name. */
  async until(name: EventName): Promise<Event[]> {
    const events: Event[] = [];
    for (let event = await this.read(); event; event = await this.read()) {
      events.push(event);
      if (event.event === name) return events;
    }
    throw new Error(`no ${name} came`);
  }

  /** Has the Pod answer this client alone; throws when anything else comes first. */
  async ping(): Promise<void> {
    const params = { kind: "knowledge", prefix: "" };
    await this.write(`${JSON.stringify({ method: "list_completions", params })}\n`);
    const event = await this.read();
    if (event?.event !== "completions") throw new Error(`${event?.event} came first`);
  }

  /** Sends one Method. */
  async send(method: Method): Promise<void> {
    await this.write(`${JSON.stringify(method)}\n`);
  }

  /** Reads everything up to the end of the stream. */
  async rest(): Promise<Event[]> {
    const events: Event[] = [];
    for (let event = await this.read(); event; event = await this.read()) events.push(event);
    return events;
  }

  /** Goes away at once. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.socket.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }
}
