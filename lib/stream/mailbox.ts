import { LinkedQueue } from "./_linked_queue.ts";

/** Says that a {@link Mailbox} takes nothing more, because it was closed. */
export class MailboxClosedError extends Error {
  /** The name of the class, as every `Error` carries it. */
  override readonly name = "MailboxClosedError";
  /** For programs that switch on codes. */
  readonly code = "mailbox_closed";

  /** Describes the refused value. */
  constructor() {
    super("Cannot send value: the mailbox is closed");
  }
}

/** Options of {@link Mailbox}. */
export interface MailboxOptions {
  /** How many values may lie in the mailbox before senders wait: a whole number from 1. */
  capacity: number;
}

/** Options of a call that may wait. */
export interface MailboxWaitOptions {
  /** Ends the wait of this call alone, which rejects with the reason. */
  signal?: AbortSignal;
}

/**
 * A bounded queue between tasks: first in, first out, for values and for those who wait.
 *
 * A sender waits while the mailbox is full, a receiver while it is empty. A call that is aborted
 * leaves its queue and nothing else happens: a value was either sent or not, and is received once.
 *
 * ```ts
 * import { Mailbox } from "./mailbox.ts";
 *
 * const mailbox = new Mailbox<string>({ capacity: 2 });
 * await mailbox.send("one");
 * await mailbox.send("two");
 * mailbox.close();
 *
 * const seen = await Array.fromAsync(mailbox);
 * if (seen.join() !== "one,two") throw new Error("Cannot happen");
 * ```
 */
export class Mailbox<T> implements AsyncIterable<T> {
  readonly #capacity: number;
  readonly #values = new LinkedQueue<T>();
  /** Wait only while the mailbox is full. */
  readonly #senders = new LinkedQueue<Waiter<void> & { readonly value: T }>();
  /** Wait only while the mailbox is empty. */
  readonly #receivers = new LinkedQueue<Waiter<T | undefined>>();
  #end: { error?: unknown } | undefined;

  /**
   * An empty mailbox.
   *
   * @throws {RangeError} when the capacity is not a whole number from 1.
   */
  constructor(options: MailboxOptions) {
    if (!Number.isInteger(options.capacity) || options.capacity < 1) {
      throw new RangeError(
        `Cannot make mailbox: capacity is "${options.capacity}", not a whole number from 1`,
      );
    }
    this.#capacity = options.capacity;
  }

  /** How many values lie in the mailbox; those of waiting senders do not. */
  get size(): number {
    return this.#values.size;
  }

  /** Whether the mailbox takes nothing more. What lies in it can still be received. */
  get closed(): boolean {
    return this.#end !== undefined;
  }

  /**
   * Puts `value` in, as soon as there is room.
   *
   * Rejects with the reason of the signal, with {@link MailboxClosedError} if the mailbox is or gets
   * closed first, and with the error given to {@link fail}; the value is not sent then.
   */
  send(value: T, options: MailboxWaitOptions = {}): Promise<void> {
    const { signal } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#end !== undefined) return Promise.reject(refusal(this.#end));
    if (this.trySend(value)) return Promise.resolve();
    return wait<void, { value: T }>(this.#senders, { value }, signal);
  }

  /** Puts `value` in if that needs no waiting; says whether it did. */
  trySend(value: T): boolean {
    if (this.#end !== undefined) return false;
    const receiver = this.#receivers.shift();
    if (receiver !== undefined) {
      receiver.value.resolve(value);
      return true;
    }
    if (this.#values.size >= this.#capacity) return false;
    this.#values.push(value);
    return true;
  }

  /**
   * Takes the first value, as soon as there is one; `undefined` when the mailbox is closed and empty.
   *
   * Rejects with the reason of the signal and, when the mailbox is empty, with the error given to
   * {@link fail}.
   */
  receive(options: MailboxWaitOptions = {}): Promise<T | undefined> {
    const { signal } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    const first = this.#values.shift();
    if (first !== undefined) {
      this.#admitSender();
      return Promise.resolve(first.value);
    }
    if (this.#end === undefined) return wait(this.#receivers, {}, signal);
    return "error" in this.#end ? Promise.reject(this.#end.error) : Promise.resolve(undefined);
  }

  /** Receives until the end. Leaving the loop leaves the mailbox open. */
  async *[Symbol.asyncIterator](): AsyncIterableIterator<T> {
    for (;;) {
      const value = await this.receive();
      if (value === undefined) return;
      yield value;
    }
  }

  /**
   * Takes nothing more: waiting senders reject with {@link MailboxClosedError}, waiting receivers get
   * `undefined`. Only the first of `close` and `fail` counts.
   */
  close(): void {
    this.#finish({});
  }

  /** Takes nothing more; who waits, and who receives after the last value, rejects with `error`. */
  fail(error: unknown): void {
    this.#finish({ error });
  }

  #admitSender(): void {
    const sender = this.#senders.shift();
    if (sender === undefined) return;
    this.#values.push(sender.value.value);
    sender.value.resolve();
  }

  #finish(end: { error?: unknown }): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    for (let node = this.#senders.shift(); node !== undefined; node = this.#senders.shift()) {
      node.value.reject(refusal(end));
    }
    for (let node = this.#receivers.shift(); node !== undefined; node = this.#receivers.shift()) {
      if ("error" in end) node.value.reject(end.error);
      else node.value.resolve(undefined);
    }
  }
}

/** A call that waits; either function also takes the abort listener back. */
interface Waiter<R> {
  readonly resolve: (result: R) => void;
  readonly reject: (reason: unknown) => void;
}

/** Queues a waiter until someone shifts and settles it, or `signal` takes it out. */
function wait<R, Extra extends object>(
  queue: LinkedQueue<Waiter<R> & Extra>,
  extra: Extra,
  signal: AbortSignal | undefined,
): Promise<R> {
  const { promise, resolve, reject } = Promise.withResolvers<R>();
  const leave = () => {
    queue.remove(node);
    reject(signal?.reason);
  };
  const stopListening = () => signal?.removeEventListener("abort", leave);
  const node = queue.push({
    ...extra,
    resolve: (result: R) => {
      stopListening();
      resolve(result);
    },
    reject: (reason: unknown) => {
      stopListening();
      reject(reason);
    },
  });
  signal?.addEventListener("abort", leave, { once: true });
  return promise;
}

function refusal(end: { error?: unknown }): unknown {
  return "error" in end ? end.error : new MailboxClosedError();
}
