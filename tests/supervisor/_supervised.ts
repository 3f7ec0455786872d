/** What tests of the supervisor need: children, somebody who listens, a clock. @module */

import { runCommand } from "../../lib/process/run_command.ts";
import { SignalListener } from "../../lib/process/signals.ts";
import type { Clock } from "../../lib/supervisor/clock.ts";
import type { ControlEvent } from "../../lib/supervisor/control_protocol.ts";
import type { OutputSink } from "../../lib/supervisor/output_sink.ts";
import type { ChildConfig } from "../../lib/supervisor/supervisor_config.ts";
import { countDescriptors } from "../process/_system.ts";

/** Long enough that a test which ends by it would be seen to hang. */
export const NEVER_MS = 10 * 60_000;

/** A child that obeys, and would run for ever. */
export const OBEDIENT = "exec sleep 600";
/** A child that has to be killed. It prints `deaf` once it is. */
export const DEAF = `trap "" TERM; echo deaf; while :; do sleep 600; done`;

/**
 * Open descriptors of this process. The runtime opens a pair of sockets for signals, once for all
 * time, at the first listener or, now and then, at the end of some child: here it has been opened.
 */
export async function openDescriptors(): Promise<number> {
  using _listener = new SignalListener(["SIGUSR2"], () => undefined);
  return await countDescriptors();
}

/** Pids of all children of a process, zombies too. */
export async function childrenOf(parent: number): Promise<number[]> {
  const { stdout } = await runCommand({
    command: ["ps", "-o", "pid=,comm=", "--ppid", `${parent}`],
  });
  const rows = stdout.trim().split("\n").map((row) => row.trim().split(/\s+/));
  return rows.filter(([, name]) => name !== "ps").map(([pid]) => Number(pid));
}

/** A child that runs a shell script; it is not stopped by time, and not restarted. */
export function shell(name: string, script: string, more: Partial<ChildConfig> = {}): ChildConfig {
  return {
    name,
    command: ["sh", "-c", script],
    stopTimeoutMs: NEVER_MS,
    readyTimeoutMs: NEVER_MS,
    restart: "never",
    ...more,
  };
}

/** The data of the events of one name. */
export type EventData<Name extends ControlEvent["event"]> = Extract<
  ControlEvent,
  { event: Name }
>["data"];

/** Hears everything and lets tests wait for it. */
export class Recorder {
  /** What was heard, in order. */
  readonly events: ControlEvent[] = [];
  #wake = Promise.withResolvers<void>();

  /** The listener. */
  readonly listen = (event: ControlEvent): void => {
    this.events.push(event);
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  };

  /** The data of all events of a name, of one child. */
  of<Name extends ControlEvent["event"]>(name: Name, child?: string): EventData<Name>[] {
    return this.events
      .filter((event) => event.event === name)
      .map((event) => event.data as EventData<Name>)
      .filter((data) => child === undefined || ("child" in data && data.child === child));
  }

  /** Waits for the `count`-th event of a name, of one child. */
  async nth<Name extends ControlEvent["event"]>(
    name: Name,
    count: number,
    child?: string,
  ): Promise<EventData<Name>> {
    for (;;) {
      const found = this.of(name, child)[count - 1];
      if (found) return found;
      await this.#wake.promise;
    }
  }

  /** The story in short: `web started`, `web exited`. */
  story(): string[] {
    return this.events.flatMap(({ event, data }) =>
      "child" in data && event !== "line" ? [`${data.child} ${event.slice("child_".length)}`] : []
    );
  }
}

/** A sink that keeps what it is given. */
export class MemorySink implements OutputSink {
  readonly #chunks: Uint8Array[] = [];

  write(bytes: Uint8Array): Promise<void> {
    this.#chunks.push(bytes.slice());
    return Promise.resolve();
  }

  /** All bytes. */
  async bytes(): Promise<Uint8Array> {
    return new Uint8Array(await new Blob(this.#chunks as Uint8Array<ArrayBuffer>[]).arrayBuffer());
  }

  /** All text. */
  async text(): Promise<string> {
    return new TextDecoder().decode(await this.bytes());
  }
}

/** A clock that goes on only when it is told to. */
export class FakeClock implements Clock {
  readonly #timers = new Set<{ at: number; callback: () => void }>();
  #now = 1_000_000;

  readonly now = (): number => this.#now;

  startTimer(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + ms, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** How many timers run. */
  get size(): number {
    return this.#timers.size;
  }

  /** Goes on, and lets run out what does. */
  advance(ms: number): void {
    this.#now += ms;
    for (const timer of [...this.#timers].sort((one, other) => one.at - other.at)) {
      if (timer.at <= this.#now && this.#timers.delete(timer)) timer.callback();
    }
  }
}
