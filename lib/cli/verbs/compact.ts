/** `yoi compact`. @module */

import type { Event } from "../../protocol/event.ts";
import type { Context } from "../context.ts";
import { type Answer, control } from "../control.ts";
import type { ExitCode } from "../exit_code.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";

/** Shortens the session now and waits for it. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  return await control({
    name: args.operands[0]!,
    method: { method: "compact" },
    timeoutMs: 600_000,
    asJson: args.has("json"),
    judge: compactAnswer,
  }, context);
}

/** What an event behind a `compact` says of it. */
export function compactAnswer(event: Event): Answer | undefined {
  switch (event.event) {
    case "compact_done":
      return { text: `The session is compacted, it goes on in ${event.data.new_segment_id}` };
    case "compact_failed":
      return { text: `The session is not compacted: ${event.data.error}`, isFailure: true };
    case "alert":
      return event.data.source === "compactor"
        ? { text: `The session is not compacted: ${event.data.message}`, isFailure: true }
        : undefined;
    default:
      return undefined;
  }
}
