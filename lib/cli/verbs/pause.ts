/** `yoi pause`. @module */

import type { Event } from "../../protocol/event.ts";
import type { Context } from "../context.ts";
import { type Answer, control } from "../control.ts";
import type { ExitCode } from "../exit_code.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";

/** Interrupts the running turn so that it can be gone on with. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const name = args.operands[0]!;
  return await control({
    name,
    method: { method: "pause" },
    timeoutMs: 30_000,
    asJson: args.has("json"),
    judge: (event, isOurs) => pauseAnswer(name, event, isOurs),
  }, context);
}

/** What an event behind a `pause` says of it. */
export function pauseAnswer(name: string, event: Event, isOurs: boolean): Answer | undefined {
  if (event.event === "status" && event.data.status === "paused" && isOurs) {
    return { text: `Pod "${name}" is paused already` };
  }
  if (event.event === "error" && !isOurs) {
    return { text: `The turn failed before it was paused: ${event.data.message}`, isFailure: true };
  }
  if (event.event !== "run_end") return undefined;
  switch (event.data.result) {
    case "paused":
      return { text: `Pod "${name}" is paused; "yoi resume ${name}" goes on` };
    case "rolled_back":
      return { text: `Pod "${name}" is idle: the turn had come to nothing yet and was taken back` };
    default:
      return { text: "The turn had ended before it was paused", isFailure: true };
  }
}
