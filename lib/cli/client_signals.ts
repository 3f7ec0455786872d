/** @module */

import { SignalListener } from "../process/signals.ts";
import { CliError } from "./cli_error.ts";
import { type ExitCode, exitCodeOf } from "./exit_code.ts";

/** Milliseconds that a verb has to put things away after a signal. */
const FAREWELL_MS = 3_000;

/**
 * What SIGINT and SIGTERM mean to a verb that talks to a Pod. Without a
 * {@linkcode ClientSignals.onInterrupt} the first one ends the verb.
 */
export class ClientSignals implements Disposable {
  /** Fires when the verb has to end. */
  readonly signal: AbortSignal;
  /**
   * Called for a SIGINT, in place of ending; gives back whether it had a use for it. SIGTERM always
   * ends.
   */
  onInterrupt: (() => boolean) | undefined;
  readonly #abort = new AbortController();
  readonly #listener: SignalListener;
  #endedBy: Deno.Signal | undefined;

  constructor() {
    this.signal = this.#abort.signal;
    this.#listener = new SignalListener(["SIGINT", "SIGTERM"], (signal) => {
      if (signal === "SIGINT" && this.onInterrupt?.()) return;
      this.#endedBy ??= signal;
      this.#abort.abort(new CliError("interrupted", "Cannot go on: interrupted"));
    });
  }

  /** What the program ends with because of a signal, if it has to. */
  get exitCode(): ExitCode | undefined {
    return this.#endedBy && exitCodeOf(this.#endedBy);
  }

  [Symbol.dispose](): void {
    this.#listener[Symbol.dispose]();
  }
}

/** Does the work of a verb; when a signal ends it, its failures are no news any more. */
export async function withClientSignals(
  work: (signals: ClientSignals) => Promise<ExitCode>,
): Promise<ExitCode> {
  using signals = new ClientSignals();
  const working = work(signals);
  const farewell = Promise.withResolvers<void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  signals.signal.addEventListener("abort", () => {
    timer = setTimeout(farewell.resolve, FAREWELL_MS);
  });
  try {
    const code = await Promise.race([working, farewell.promise]);
    return signals.exitCode ?? code!;
  } catch (error) {
    if (signals.exitCode === undefined) throw error;
    return signals.exitCode;
  } finally {
    clearTimeout(timer);
  }
}
