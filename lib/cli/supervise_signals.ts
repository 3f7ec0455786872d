/** @module */

import { SignalListener } from "../process/signals.ts";

/** The signals that mean something to a supervisor. */
export type SuperviseSignal = "SIGTERM" | "SIGINT" | "SIGHUP" | "SIGUSR2";

/**
 * Hears signals from the moment it is made, before there is anybody to act on them: what comes early
 * is kept.
 *
 * Source: decision 42.
 */
export class SuperviseSignals implements Disposable {
  readonly #listener: SignalListener;
  readonly #early: SuperviseSignal[] = [];
  #act: (signal: SuperviseSignal) => void = (signal) => this.#early.push(signal);

  constructor() {
    const signals: SuperviseSignal[] = ["SIGTERM", "SIGINT", "SIGHUP", "SIGUSR2"];
    this.#listener = new SignalListener(
      signals,
      (signal) => this.#act(signal as SuperviseSignal),
    );
  }

  /** Hands on what has come, and from now on what comes. */
  listen(act: (signal: SuperviseSignal) => void): void {
    this.#act = act;
    for (const signal of this.#early.splice(0)) act(signal);
  }

  [Symbol.dispose](): void {
    this.#listener[Symbol.dispose]();
  }
}
