import { abortFailure } from "./_failure.ts";

/** How a call that waits is set up. */
export interface WaitingCallOptions {
  /** What the call does, as in "Cannot <doing>: the client is closed". */
  doing: string;
  /** Kept alive while the call waits. */
  holder: object;
  /** Ends the call. */
  signal: AbortSignal | undefined;
}

/**
 * A call that waits for a connection. It settles once, and in that moment leaves the list of
 * waiting calls and takes its listener back, so that nothing can be handed to it any more.
 */
export class WaitingCall<T> {
  /** What the call does. */
  readonly doing: string;
  /** Settles with the call. */
  readonly outcome: Promise<T>;
  /** A waiting call keeps the client alive through which it was made. */
  readonly holder: object;
  readonly #list: Set<WaitingCall<T>>;
  readonly #signal: AbortSignal | undefined;
  readonly #resolvers = Promise.withResolvers<T>();
  readonly #onAbort = (): void => {
    if (this.#signal) this.reject(abortFailure(this.#signal, this.doing));
  };

  constructor(list: Set<WaitingCall<T>>, { doing, holder, signal }: WaitingCallOptions) {
    this.#list = list;
    this.doing = doing;
    this.holder = holder;
    this.#signal = signal;
    this.outcome = this.#resolvers.promise;
    list.add(this);
    if (signal?.aborted) this.#onAbort();
    else signal?.addEventListener("abort", this.#onAbort);
  }

  get isWaiting(): boolean {
    return this.#list.has(this);
  }

  resolve(value: T): void {
    this.#leave();
    this.#resolvers.resolve(value);
  }

  reject(error: unknown): void {
    this.#leave();
    this.#resolvers.reject(error);
  }

  #leave(): void {
    this.#list.delete(this);
    this.#signal?.removeEventListener("abort", this.#onAbort);
  }
}
