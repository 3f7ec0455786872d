/** @module */

import type { Alert } from "../protocol/event.ts";

/** Alerts kept for clients that attach later; the oldest goes first. */
export const ALERT_CAPACITY = 512;

/** An alert with its number in the life of the Pod. */
export interface NumberedAlert {
  /** 1-based. */
  number: number;
  /** The encoded event line, newline included. */
  line: Uint8Array<ArrayBuffer>;
}

/**
 * The newest alerts of a Pod, numbered, so that each client hears each of them once.
 *
 * Source: controller specification, section 1.1.
 */
export class AlertHistory {
  readonly #capacity: number;
  readonly #encode: (alert: Alert) => Uint8Array<ArrayBuffer>;
  #alerts: NumberedAlert[] = [];
  #count = 0;

  /** @param encode Makes the event line of an alert. */
  constructor(
    encode: (alert: Alert) => Uint8Array<ArrayBuffer>,
    capacity: number = ALERT_CAPACITY,
  ) {
    this.#encode = encode;
    this.#capacity = capacity;
  }

  /** Keeps an alert and gives it with its number. */
  add(alert: Alert): NumberedAlert {
    const numbered = { number: ++this.#count, line: this.#encode(alert) };
    this.#alerts.push(numbered);
    if (this.#alerts.length > this.#capacity) this.#alerts.shift();
    return numbered;
  }

  /** The kept alerts with a number above `number`, oldest first. */
  after(number: number): NumberedAlert[] {
    return this.#alerts.filter((alert) => alert.number > number);
  }
}
