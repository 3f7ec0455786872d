/** @module */

import type { Event } from "../protocol/event.ts";
import type { Method } from "../protocol/method.ts";

/**
 * Lines of an input that become runs, one after the other: the next is sent when the turn of the one
 * before has ended and nobody else's is running.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { InputLines } from "./input_lines.ts";
 *
 * const sent: string[] = [];
 * const inputs = new InputLines((method) => Promise.resolve(void sent.push(method.method)));
 * inputs.add("hello");
 * assert(sent.length === 0);
 * inputs.hear({ event: "status", data: { status: "idle" } });
 * assert(sent.join() === "run");
 * ```
 */
export class InputLines {
  readonly #send: (method: Method) => Promise<void>;
  readonly #waiting: string[] = [];
  #current: { id: string; text: string } | undefined;
  /** Nothing is sent before it is known what the Pod is doing. */
  #isFree = false;
  #hasSent = false;
  #hasEnded = false;

  constructor(send: (method: Method) => Promise<void>) {
    this.#send = send;
  }

  /** Whether the input said something, has ended, and every line has had its turn. */
  get isDone(): boolean {
    return this.#hasEnded && this.#hasSent && !this.#current && this.#waiting.length === 0;
  }

  /** Takes a line; empty ones mean nothing. */
  add(text: string): void {
    if (text.trim() === "") return;
    this.#waiting.push(text);
    this.#next();
  }

  /** No more lines will come. */
  end(): void {
    this.#hasEnded = true;
  }

  /** Takes what the Pod says. */
  hear(event: Event): void {
    switch (event.event) {
      case "snapshot":
      case "status":
        this.#isFree = event.data.status !== "running";
        // A snapshot starts over: what has ended meanwhile is not told any more.
        if (event.event === "snapshot" && this.#isFree) this.#current = undefined;
        break;
      case "error":
        if (event.id === this.#current?.id && event.data.code === "already_running") {
          this.#waiting.unshift(this.#current!.text);
          this.#isFree = false;
        }
        this.#settle(event.id);
        break;
      case "run_end":
        this.#settle(event.id);
        break;
      default:
        return;
    }
    this.#next();
  }

  #settle(id: string | undefined): void {
    if (id === undefined || id === this.#current?.id) this.#current = undefined;
  }

  #next(): void {
    if (!this.#isFree || this.#current) return;
    const text = this.#waiting.shift();
    if (text === undefined) return;
    this.#hasSent = true;
    this.#current = { id: crypto.randomUUID(), text };
    const method: Method = {
      method: "run",
      params: { input: [{ kind: "text", content: text }] },
      id: this.#current.id,
    };
    // A connection that fails here is told by whoever reads it.
    this.#send(method).catch(() => {});
  }
}
