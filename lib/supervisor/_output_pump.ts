/** One output of one incarnation, on its way to the supervisor's own output. @module */

import { pumpLines } from "./line_pump.ts";
import type { LineForm } from "./output_format.ts";
import type { SharedSink } from "./output_sink.ts";

/** Milliseconds that the end of a pump may take: what is left in the pipe, and the last write. */
export const DRAIN_MS = 500;

/** Milliseconds of pumping after which everything else gets a turn. */
const TURN_MS = 20;

/** Hears what an output brings. */
export interface OutputFollower {
  /** Takes the next bytes, which are lent for the call. */
  push(chunk: Uint8Array): void;
  /** Nothing comes any more. */
  end(): void;
}

/** What a pump is given beside its source. */
export interface OutputPumpOptions {
  /** Takes the lines. */
  sink: SharedSink;
  /** What they look like. */
  form: LineForm;
  /** Looks for the ready line. */
  ready: ((chunk: Uint8Array) => void) | undefined;
  /** Hears the bytes too. */
  follower: OutputFollower | undefined;
  /**
   * Told why the rest of the output could not be read or formed. That the sink is broken is told by
   * the sink.
   */
  onFailure(error: unknown): void;
}

/**
 * A pump that always comes to an end. Its source is ended by whoever owns the pipe; then only a sink
 * that does not take a write can hold it up, and such a sink is given up.
 */
export class OutputPump {
  /** Resolves when nothing is read or written any more; never rejects. */
  readonly settled: Promise<void>;
  readonly #abandon = new AbortController();
  #writingSince: number | undefined;
  #turnAt = performance.now();

  /** Begins to copy `source`. */
  constructor(source: ReadableStream<Uint8Array>, options: OutputPumpOptions) {
    const { sink, form, ready, follower, onFailure } = options;
    const { signal } = this.#abandon;
    const write = async (bytes: Uint8Array) => {
      this.#writingSince = performance.now();
      try {
        await sink.write(bytes, { signal });
      } finally {
        this.#writingSince = undefined;
      }
      await this.#giveTurn();
    };
    const onChunk = (chunk: Uint8Array) => {
      ready?.(chunk);
      follower?.push(chunk);
    };
    this.settled = pumpLines(source, write, { ...form, onChunk, signal })
      .finally(() => follower?.end())
      .catch((error) => {
        if (!signal.aborted && !sink.isClosed) onFailure(error);
      });
  }

  /**
   * A child that floods a sink without any wait of its own would keep the event loop busy with its
   * pipe: timers, signals and other children were measured to wait for 200 ms.
   */
  async #giveTurn(): Promise<void> {
    if (performance.now() - this.#turnAt < TURN_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#turnAt = performance.now();
  }

  /** To be called when the pipe is closed: waits for the last write, within the bound. */
  async finish(): Promise<void> {
    const writingFor = performance.now() - (this.#writingSince ?? performance.now());
    const bound = setTimeout(() => this.#abandon.abort(), Math.max(0, DRAIN_MS - writingFor));
    await this.settled;
    clearTimeout(bound);
  }
}
