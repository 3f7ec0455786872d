/** @module */

/**
 * Listens for signals for as long as it is owned. A signal that is listened for no longer ends the
 * process by itself; listening alone does not keep the process running.
 *
 * @example
 * ```ts
 * import { SignalListener } from "./signals.ts";
 * const heard = Promise.withResolvers<Deno.Signal>();
 * using _listener = new SignalListener(["SIGUSR2"], heard.resolve);
 * const kill = new Deno.Command("kill", { args: ["-USR2", `${Deno.pid}`] });
 * await kill.output();
 * const running = setTimeout(() => {}, 10_000); // something that keeps the process running
 * if (await heard.promise !== "SIGUSR2") throw new Error("another signal");
 * clearTimeout(running);
 * ```
 */
export class SignalListener implements Disposable {
  readonly #handlers = new Map<Deno.Signal, () => void>();

  /**
   * Begins to listen.
   *
   * @param signals What to listen for.
   * @param onSignal Called for each signal that comes, in the order of their coming.
   * @throws {TypeError} when the system does not have one of them; then none is listened for.
   */
  constructor(signals: readonly Deno.Signal[], onSignal: (signal: Deno.Signal) => void) {
    try {
      for (const signal of new Set(signals)) {
        const handler = () => onSignal(signal);
        Deno.addSignalListener(signal, handler);
        this.#handlers.set(signal, handler);
      }
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** Takes every listener back; a second call does nothing. */
  [Symbol.dispose](): void {
    for (const [signal, handler] of this.#handlers) Deno.removeSignalListener(signal, handler);
    this.#handlers.clear();
  }
}
