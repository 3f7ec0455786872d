/** `yoi cancel`. @module */

import type { Event } from "../../protocol/event.ts";
import type { Context } from "../context.ts";
import { type Answer, control } from "../control.ts";
import type { ExitCode } from "../exit_code.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";

/** Ends the running turn, or a compaction. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  return await control({
    name: args.operands[0]!,
    method: { method: "cancel" },
    timeoutMs: 30_000,
    asJson: args.has("json"),
    judge: cancelAnswer,
  }, context);
}

/** What an event behind a `cancel` says of it. */
export function cancelAnswer(event: Event, isOurs: boolean): Answer | undefined {
  switch (event.event) {
    case "error":
      // Our own one is the refusal; the turn's one is what a cancelled turn ends with.
      return isOurs ? undefined : { text: "The turn is cancelled" };
    case "compact_failed":
      return { text: "The compaction is cancelled" };
    case "run_end":
      return event.data.result === "rolled_back"
        ? { text: "The turn is cancelled and was taken back: it had come to nothing yet" }
        : { text: "The turn had ended before it was cancelled", isFailure: true };
    default:
      return undefined;
  }
}
