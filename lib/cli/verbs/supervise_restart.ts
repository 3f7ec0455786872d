/** `yoi supervise restart`. @module */

import type { Context } from "../context.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { superviseControl } from "../supervise_control.ts";

/** Restarts one child of a running supervisor, or all, and waits until they are up. */
export async function run(args: ParsedArguments, context: Context): Promise<number> {
  const [name] = args.operands;
  return await superviseControl(
    {
      request: { method: "restart", params: name === undefined ? {} : { name } },
      text: () => name === undefined ? "Every child was restarted\n" : `"${name}" was restarted\n`,
    },
    args,
    context,
  );
}
