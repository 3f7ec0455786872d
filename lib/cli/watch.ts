/** @module */

import { ClientError } from "../client/error.ts";
import type { PodClient } from "../client/pod_client.ts";
import type { Event } from "../protocol/event.ts";
import { CliError } from "./cli_error.ts";
import { EXIT, type ExitCode } from "./exit_code.ts";

/** How events are shown. */
export interface WatchOptions {
  render: (event: Event) => string;
  write: (text: string) => Promise<void>;
  /** Hears of each event after it was rendered. */
  onEvent?: (event: Event) => void;
  /** Ends the watching, which then rejects. */
  signal: AbortSignal;
}

/**
 * Shows events until the Pod has shut down. What has arrived together is written together.
 *
 * @throws {CliError} `failed` when the stream ends without a `shutdown`.
 */
export async function watch(client: PodClient, options: WatchOptions): Promise<ExitCode> {
  const { render, write, onEvent, signal } = options;
  try {
    for (;;) {
      let text = "";
      let event = await client.nextEvent({ signal });
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
