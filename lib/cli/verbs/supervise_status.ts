/** `yoi supervise status`. @module */

import type { Context } from "../context.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { superviseControl } from "../supervise_control.ts";
import { superviseTable } from "../supervise_table.ts";

/** Shows the children of a running supervisor. */
export async function run(args: ParsedArguments, context: Context): Promise<number> {
  return await superviseControl(
    {
      request: { method: "status" },
      text: ({ children }) => superviseTable(children, context.terminal.stdout, Date.now()),
    },
    args,
    context,
  );
}
