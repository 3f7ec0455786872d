/** @module */

import type { AlertLevel, AlertSource, Event, PodStatus } from "../protocol/event.ts";
import type { Method } from "../protocol/method.ts";
import { PodError } from "./pod_error.ts";

/** How a Pod ended. */
export interface PodExit {
  /** `shutdown`: asked for, by a client, a signal or the handle. */
  reason: "shutdown";
}

/** What a handle reaches of its Pod. */
export interface PodHandleParts {
  /** Where clients connect. */
  socketPath: string;
  /** The folder of the socket. */
  runtimeDir: string;
  /** What the Pod is doing. */
  status(): PodStatus;
  /** Hands the Pod a Method. */
  take(method: Method): void;
  /** The events from a snapshot on. */
  subscribe(options: { signal?: AbortSignal | undefined }): ReadableStream<Event>;
  /** Tells the people at the clients something. */
  alert(level: AlertLevel, source: AlertSource, message: string): void;
  /** Whether the Pod is leaving. */
  isClosing(): boolean;
  /** Settles when it has left. */
  done: Promise<PodExit>;
}

/**
 * A running Pod, for the program that started it. Disposing it shuts the Pod down and waits for its
 * end.
 */
export class PodHandle implements AsyncDisposable {
  /**
   * Settles when the Pod has left: no socket, no folder, no task of it is left. Rejects when
   * something of it could not be let go of in order, for example a log that could not be synced.
   */
  readonly done: Promise<PodExit>;
  /** Where clients connect. */
  readonly socketPath: string;
  /** The folder of the socket and of what the Pod says about itself. */
  readonly runtimeDir: string;
  readonly #parts: PodHandleParts;

  /** Made by `PodController.start`. */
  constructor(parts: PodHandleParts) {
    this.#parts = parts;
    this.done = parts.done;
    this.socketPath = parts.socketPath;
    this.runtimeDir = parts.runtimeDir;
  }

  /** What the Pod is doing. */
  get status(): PodStatus {
    return this.#parts.status();
  }

  /**
   * Hands the Pod a Method, as a client would. What it means is decided when this resolves; what
   * comes of it is told by events.
   *
   * @throws {PodError} `closed` when the Pod is leaving.
   */
  send(method: Method): Promise<void> {
    if (this.#parts.isClosing()) {
      const message = `Cannot ${method.method}: the Pod is shutting down`;
      return Promise.reject(new PodError("closed", message));
    }
    this.#parts.take(method);
    return Promise.resolve();
  }

  /**
   * The events of the Pod, from a snapshot on, like a client on the socket gets them. The stream ends
   * with the Pod, when it is cancelled, or when the signal fires.
   */
  subscribe(options: { signal?: AbortSignal | undefined } = {}): ReadableStream<Event> {
    return this.#parts.subscribe(options);
  }

  /** Tells the people at the clients something, also those who attach later. */
  alert(level: AlertLevel, source: AlertSource, message: string): void {
    this.#parts.alert(level, source, message);
  }

  /** Shuts the Pod down and waits until it has left. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#parts.isClosing()) this.#parts.take({ method: "shutdown" });
    await this.done;
  }
}
