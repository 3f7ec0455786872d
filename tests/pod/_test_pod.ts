import { PodClient } from "../../lib/client/mod.ts";
import type { Engine } from "../../lib/engine/mod.ts";
import {
  PodController,
  type PodHandle,
  type PodOptions,
  type SegmentPointer,
} from "../../lib/pod/mod.ts";
import type { Event, EventName, EventOf, Method, Segment } from "../../lib/protocol/mod.ts";
import { type LogEntry, replaySegment } from "../../lib/session/mod.ts";

/** A Pod in a folder of its own, with one subscriber that saw everything. */
export class TestPod implements AsyncDisposable {
  readonly handle: PodHandle;
  readonly root: string;
  readonly events: EventLog;
  readonly #ownsRoot: boolean;

  private constructor(handle: PodHandle, root: string, events: EventLog, ownsRoot: boolean) {
    this.handle = handle;
    this.root = root;
    this.events = events;
    this.#ownsRoot = ownsRoot;
  }

  static async start(
    engine: Engine,
    options: Partial<PodOptions> & { root?: string } = {},
  ): Promise<TestPod> {
    const { root: given, ...podOptions } = options;
    const root = given ?? await Deno.makeTempDir({ prefix: "yoi-" });
    const handle = await PodController.start(engine, {
      name: "agent",
      runtimeRoot: `${root}/run`,
      sessionsRoot: `${root}/sessions`,
      cwd: root,
      ...podOptions,
    });
    const events = new EventLog(handle.subscribe());
    await events.next("snapshot");
    return new TestPod(handle, root, events, given === undefined);
  }

  /** Sends a Method. */
  async send(method: Method): Promise<void> {
    await this.handle.send(method);
  }

  /** Starts a run with one text. */
  async run(text = "hello"): Promise<void> {
    await this.send({ method: "run", params: { input: textInput(text) } });
  }

  /** Starts a run and waits until the Pod is out of its turn again. */
  async runToEnd(text = "hello"): Promise<void> {
    await this.run(text);
    await this.events.settled();
  }

  /** Starts a turn that hangs, with a run, and waits until the engine has it. */
  async runUntil(event: EventName, text = "hello"): Promise<void> {
    await this.run(text);
    await this.events.next(event);
  }

  /** A client on the socket that has read its snapshot. */
  async connect(): Promise<{ client: PodClient; snapshot: EventOf<"snapshot"> }> {
    const client = await PodClient.connect(this.handle.socketPath);
    for await (const event of client) {
      if (event.event === "snapshot") return { client, snapshot: event };
    }
    throw new Error("the Pod sent no snapshot");
  }

  /** Paths of all segment logs, oldest first. */
  logs(): string[] {
    const paths: string[] = [];
    const sessions = `${this.root}/sessions`;
    for (const session of Deno.readDirSync(sessions)) {
      for (const file of Deno.readDirSync(`${sessions}/${session.name}`)) {
        if (file.name.endsWith(".jsonl")) paths.push(`${sessions}/${session.name}/${file.name}`);
      }
    }
    return paths.sort();
  }

  /** The entries of the newest segment. */
  async entries(): Promise<LogEntry[]> {
    const { entries } = await replaySegment(this.logs().at(-1)!);
    return entries.map((logged) => logged.entry as LogEntry);
  }

  /** Kinds of the entries of the newest segment. */
  async kinds(): Promise<string[]> {
    return (await this.entries()).map((entry) => entry.kind);
  }

  /** The segment being written, for a Pod that goes on in it. */
  get pointer(): SegmentPointer {
    const [segment, session] = this.logs().at(-1)!.split("/").reverse();
    return { sessionId: session!, segmentId: segment!.replace(".jsonl", "") };
  }

  /** What `status.json` says. */
  statusFile(): { state: string; segment_id: string } {
    return JSON.parse(Deno.readTextFileSync(`${this.handle.runtimeDir}/status.json`));
  }

  /** What the Pod has noted for developers. */
  developerLog(): string {
    return Deno.readTextFileSync(`${this.handle.runtimeDir}/pod.log`);
  }

  /** Ends the Pod and keeps its files. */
  async stop(): Promise<void> {
    await this.handle[Symbol.asyncDispose]();
    await this.events.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    if (this.#ownsRoot) await Deno.remove(this.root, { recursive: true });
  }
}

/** Everything a subscriber was told, and waiting for what it will be. */
export class EventLog {
  readonly all: Event[] = [];
  readonly ended: Promise<void>;
  #waiting: (() => void)[] = [];
  #read = 0;

  constructor(source: ReadableStream<Event>) {
    this.ended = this.#collect(source);
  }

  /** Waits for the next event, behind the ones waited for before, that the test accepts. */
  async until(accept: (event: Event) => boolean, what = "event"): Promise<Event> {
    for (;;) {
      while (this.#read < this.all.length) {
        const event = this.all[this.#read++]!;
        if (accept(event)) return event;
      }
      if (this.#isOver) throw new Error(`no ${what} came`);
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.push(resolve);
      await promise;
    }
  }

  /** Waits for the next event of this name. */
  async next<Name extends EventName>(name: Name): Promise<Extract<Event, { event: Name }>> {
    return await this.until((event) => event.event === name, name) as Extract<
      Event,
      { event: Name }
    >;
  }

  /** Waits until a turn has ended and the status says so. */
  async settled(): Promise<string> {
    const event = await this.until(
      (candidate) => candidate.event === "status" && candidate.data.status !== "running",
      "end of a turn",
    );
    return event.event === "status" ? event.data.status : "";
  }

  /** Names of the events so far, without those before and including the snapshot. */
  names(): string[] {
    const start = this.all.findIndex((event) => event.event === "snapshot") + 1;
    return this.all.slice(start).map(nameOf);
  }

  #isOver = false;

  async #collect(source: ReadableStream<Event>): Promise<void> {
    for await (const event of source) {
      this.all.push(event);
      this.#wake();
    }
    this.#isOver = true;
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

/** The name of an event with what tells it from others of the name. */
export function nameOf(event: Event): string {
  switch (event.event) {
    case "status":
      return `status{${event.data.status}}`;
    case "run_end":
      return `run_end{${event.data.result}}`;
    case "invoke_start":
      return `invoke_start{${event.data.kind}}`;
    case "error":
      return `error{${event.data.code}}`;
    default:
      return event.event;
  }
}

/** The names of these events, without those of the given kinds. */
export function namesWithout(events: readonly Event[], ...left: EventName[]): string[] {
  return events.filter((event) => !left.includes(event.event)).map(nameOf);
}

/** A submission of one text. */
export function textInput(content: string): Segment[] {
  return [{ kind: "text", content }];
}
