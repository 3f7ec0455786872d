/** `yoi supervise stop`. @module */

import { LockFile } from "../../file/lock_file.ts";
import type { Context } from "../context.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { superviseControl } from "../supervise_control.ts";

/** Shuts a running supervisor down and waits until its socket is free for the next one. */
export async function run(args: ParsedArguments, context: Context): Promise<number> {
  return await superviseControl(
    {
      request: { method: "shutdown" },
      text: () => "The supervisor has stopped\n",
      result: ({ children }) => ({ stopped: true, children }),
      finish: async (control, signal) => {
        // The supervisor holds it for as long as the socket is its own.
        using _lock = await LockFile.acquire(`${control}.lock`, { signal });
      },
    },
    args,
    context,
  );
}
