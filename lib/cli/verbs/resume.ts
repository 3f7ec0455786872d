/** `yoi resume`. @module */

import type { Context } from "../context.ts";
import { control } from "../control.ts";
import type { ExitCode } from "../exit_code.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";

/** Goes on with a paused turn; does not wait for its end. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const name = args.operands[0]!;
  return await control({
    name,
    method: { method: "resume" },
    timeoutMs: 10_000,
    asJson: args.has("json"),
    judge: (event) =>
      event.event === "status" && event.data.status === "running"
        ? { text: `Pod "${name}" goes on; "yoi attach ${name}" shows how` }
        : undefined,
  }, context);
}
