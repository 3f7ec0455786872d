/** Verbs that ask a Pod for one thing and say what came of it. @module */

import type { Event } from "../protocol/event.ts";
import type { Method } from "../protocol/method.ts";
import { CliError } from "./cli_error.ts";
import { withClientSignals } from "./client_signals.ts";
import { connectTo } from "./connect.ts";
import type { Context } from "./context.ts";
import { EXIT, type ExitCode } from "./exit_code.ts";
import { request } from "./request.ts";
import { wireText } from "./wire_text.ts";

/** What came of a request. */
export interface Answer {
  /** For people: what the Pod did. */
  text: string;
  /** Whether that is not what was asked for. */
  isFailure?: boolean;
}

/** One such verb. */
export interface Control {
  /** Of the Pod. */
  name: string;
  method: Method;
  /** What an event means as an answer; nothing when it is none. */
  judge: (event: Event, isOurs: boolean) => Answer | undefined;
  timeoutMs: number;
  asJson: boolean;
}

/** Does it. With `--json` the event that was the answer is printed, as it came over the wire. */
export async function control(options: Control, context: Context): Promise<ExitCode> {
  const { name, method, judge, timeoutMs, asJson } = options;
  return await withClientSignals(async ({ signal }) => {
    await using client = await connectTo(name, context, { signal });
    const answer = await request(client, method, {
      timeoutMs,
      signal,
      judge: (event, isOurs) => {
        const found = judge(event, isOurs);
        return found && { ...found, event };
      },
    });
    if (!answer) {
      const message = `Pod "${name}" has not answered within ${timeoutMs / 1000} s`;
      throw new CliError("failed", message);
    }
    if (asJson) await context.terminal.stdout.write(wireText(answer.event));
    else if (!answer.isFailure) await context.terminal.stdout.write(`${answer.text}\n`);
    if (answer.isFailure) throw new CliError("failed", answer.text);
    return EXIT.done;
  });
}
