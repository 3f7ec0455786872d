/** @module */

import { ClientError } from "../client/error.ts";
import type { PodClient } from "../client/pod_client.ts";
import type { Event } from "../protocol/event.ts";
import { CliError } from "./cli_error.ts";
import { EXIT, type ExitCode } from "./exit_code.ts";

/** Milliseconds a Pod has to say its first words. */
const GREETING_MS = 10_000;

/** How events are shown. */
export interface WatchOptions {
  render: (event: Event) => string;
  write: (text: string) => Promise<void>;
  /** Hears of each event after it was rendered. */
  onEvent?: (event: Event) => void;
  /** Ends the watching, which then rejects. */
  signal: AbortSignal;
  /** Milliseconds until a Pod that says nothing at all is given up; 10,000 if not given. */
  greetingMs?: number;
}

/**
 * Shows events until the Pod has shut down. What has arrived together is written together.
 *
 * @throws {CliError} `failed` when the stream ends without a `shutdown`, or nothing ever comes.
 */
export async function watch(client: PodClient, options: WatchOptions): Promise<ExitCode> {
  const { render, write, onEvent, signal, greetingMs = GREETING_MS } = options;
  try {
    for (;;) {
      let text = "";
      let event = client.greeting
        ? await client.nextEvent({ signal })
        : await firstEvent(client, signal, greetingMs);
      if (!event) return EXIT.done;
      for (; event; event = client.tryNextEvent()) {
        text += render(event);
        onEvent?.(event);
      }
      if (text !== "") await write(text);
    }
  } catch (cause) {
    if (!(cause instanceof ClientError) || signal.aborted) throw cause;
    throw new CliError("failed", `The connection ended without a shutdown: ${cause.message}`, {
      cause,
    });
  }
}

/** An event before the snapshot: a Pod that hangs takes connections, and never says a word. */
export async function firstEvent(
  client: PodClient,
  signal: AbortSignal,
  limitMs: number = GREETING_MS,
): Promise<Event | undefined> {
  const limit = AbortSignal.timeout(limitMs);
  try {
    return await client.nextEvent({ signal: AbortSignal.any([signal, limit]) });
  } catch (cause) {
    if (!limit.aborted || signal.aborted) throw cause;
    const message = `The Pod has not said a word within ${limitMs / 1000} s; it may hang`;
    throw new CliError("failed", message, { cause });
  }
}
