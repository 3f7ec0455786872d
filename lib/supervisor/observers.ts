/** Who hears what happens. @module */

import { LineTeller } from "./_line_teller.ts";
import type { Clock } from "./clock.ts";
import type { ControlEvent } from "./control_protocol.ts";
import type { OutputStream } from "./output_format.ts";

/** Hears of an event; must not wait. */
export type SupervisorListener = (event: ControlEvent) => void;

/** The listeners of one supervisor. What one of them throws keeps nothing from the others. */
export class Observers {
  readonly #listeners = new Set<SupervisorListener>();
  readonly #lineListeners = new Set<SupervisorListener>();
  readonly #onFault: (error: unknown) => void;

  /** @param onFault Told what a listener has thrown. */
  constructor(onFault: (error: unknown) => void) {
    this.#onFault = onFault;
  }

  /** Adds a listener until the result is disposed; `lines`: for printed lines too. */
  add(listener: SupervisorListener, options: { lines?: boolean } = {}): Disposable {
    // Wrapped, so that a listener that is added twice hears twice and is taken back one by one.
    const entry: SupervisorListener = (event) => {
      try {
        listener(event);
      } catch (error) {
        this.#onFault(error);
      }
    };
    this.#listeners.add(entry);
    if (options.lines) this.#lineListeners.add(entry);
    return {
      [Symbol.dispose]: () => {
        this.#listeners.delete(entry);
        this.#lineListeners.delete(entry);
      },
    };
  }

  /** Tells everybody. */
  tell(event: ControlEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** What makes events of the lines of one output. */
  lineTeller(child: string, pid: number, stream: OutputStream, clock: Clock): LineTeller {
    const listeners = this.#lineListeners;
    return new LineTeller(() => listeners.size > 0, (line) => {
      const at = clock.now();
      // One event for all, so that those who encode it can share that.
      const event: ControlEvent = { event: "line", data: { child, pid, stream, line, at } };
      for (const listener of listeners) listener(event);
    });
  }
}
