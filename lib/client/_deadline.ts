import { ClientError } from "./error.ts";

/**
 * A signal that fires after a time or together with another one, and gives back its timer and its
 * listener when it is disposed. `AbortSignal.timeout` would keep its timer until it fires.
 */
export class Deadline implements Disposable {
  readonly #controller = new AbortController();
  readonly #doing: string;
  readonly #outer: AbortSignal | undefined;
  readonly #forward = (): void => this.#controller.abort(this.#outer?.reason);
  #timer: ReturnType<typeof setTimeout>;

  /**
   * @param limitMs Milliseconds until the signal fires with a `timeout` error.
   * @param doing What is limited, as in "Cannot <doing>: not done within 500 ms".
   * @param outer Fires this signal too, with its own reason.
   */
  constructor(limitMs: number, doing: string, outer?: AbortSignal) {
    this.#doing = doing;
    this.#outer = outer;
    this.#timer = this.#start(limitMs);
    if (outer?.aborted) this.#forward();
    else outer?.addEventListener("abort", this.#forward);
  }

  /** Fires at the limit. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Begins a new limit in place of the running one; without effect after the signal has fired. */
  restart(limitMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = this.#start(limitMs);
  }

  /** Fires the signal now, for another reason than the time. */
  fire(reason: ClientError): void {
    this.#controller.abort(reason);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener("abort", this.#forward);
  }

  #start(limitMs: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      const message = `Cannot ${this.#doing}: not done within ${limitMs} ms`;
      this.#controller.abort(new ClientError("timeout", message));
    }, limitMs);
  }
}
