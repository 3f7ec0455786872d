import type { Event } from "../protocol/event.ts";

/** What an {@linkcode EventQueue} holds before it counts as full. */
export interface EventQueueLimits {
  events: number;
  /** Bytes the waiting events took on the wire. */
  bytes: number;
}

/**
 * Events that nobody has asked for yet, in order. The limits are not a wall: one chunk of the
 * socket may hold many events, and all of them are kept; whoever fills the queue stops reading
 * while {@linkcode EventQueue.isFull}.
 */
export class EventQueue {
  readonly #limits: EventQueueLimits;
  #items: { event: Event; bytes: number }[] = [];
  /** Index of the first waiting item; taken ones are cut off in one go now and then. */
  #head = 0;
  #bytes = 0;

  constructor(limits: EventQueueLimits) {
    this.#limits = limits;
  }

  get length(): number {
    return this.#items.length - this.#head;
  }

  /** Whether no more should be put in; an empty queue never is full. */
  get isFull(): boolean {
    if (this.length === 0) return false;
    return this.length >= this.#limits.events || this.#bytes >= this.#limits.bytes;
  }

  push(event: Event, bytes: number): void {
    this.#items.push({ event, bytes });
    this.#bytes += bytes;
  }

  take(): Event | undefined {
    const item = this.#items[this.#head];
    if (item === undefined) return undefined;
    this.#head += 1;
    this.#bytes -= item.bytes;
    if (this.#head === this.#items.length) this.clear();
    else if (this.#head >= 1024 && this.#head * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item.event;
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
    this.#bytes = 0;
  }
}
