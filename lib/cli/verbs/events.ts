/** `yoi events`. @module */

import type { Event } from "../../protocol/event.ts";
import { withClientSignals } from "../client_signals.ts";
import { connectTo } from "../connect.ts";
import type { Context } from "../context.ts";
import type { ExitCode } from "../exit_code.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { SessionView } from "../session_view.ts";
import { watch } from "../watch.ts";
import { wireText } from "../wire_text.ts";

/** Shows what happens in a Pod until it ends. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const name = args.operands[0]!;
  const { stdout } = context.terminal;
  const asJson = args.has("json");
  const view = new SessionView({ style: stdout.style, columns: stdout.columns });
  let unknown = "";
  const render = (event: Event) => {
    if (!asJson) return view.show(event);
    const text = unknown + wireText(event);
    unknown = "";
    return text;
  };
  return await withClientSignals(async ({ signal }) => {
    await using client = await connectTo(name, context, {
      signal,
      // What a newer Pod says goes to programs as it is, before the next event.
      onUnknown: (value) => {
        if (value !== undefined) unknown += `${JSON.stringify(value)}\n`;
      },
    });
    return await watch(client, { signal, write: (text) => stdout.write(text), render });
  });
}
