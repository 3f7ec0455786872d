/** `yoi notify`. @module */

import { sendOnce } from "../../client/send_once.ts";
import { withClientSignals } from "../client_signals.ts";
import { isNobodyThere, notRunning, socketPathOf } from "../connect.ts";
import type { Context } from "../context.ts";
import { EXIT, type ExitCode } from "../exit_code.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { readText } from "../read_text.ts";

/** Tells a Pod something; nothing comes back, so it only says that it was sent. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const [name = "", ...words] = args.operands;
  const socketPath = socketPathOf(name, context);
  const message = await readText(words, context);
  const params = args.has("no-run") ? { message, auto_run: false } : { message };
  return await withClientSignals(async ({ signal }) => {
    try {
      await sendOnce(socketPath, { method: "notify", params }, { signal });
    } catch (error) {
      if (isNobodyThere(error)) throw notRunning(name, error);
      throw error;
    }
    await context.terminal.stdout.write(
      args.has("json") ? `${JSON.stringify({ name, sent: true })}\n` : `Pod "${name}" was told\n`,
    );
    return EXIT.done;
  });
}
