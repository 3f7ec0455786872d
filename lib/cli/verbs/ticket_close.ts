/** `yoi ticket close`. @module */

import type { Context } from "../context.ts";
import type { ExitCode } from "../exit_code.ts";
import { openStore } from "../open_store.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { requiredText } from "../text_source.ts";
import { answer, tabbed } from "../ticket_output.ts";
import { authorOption } from "../ticket_place.ts";
import { prepareTyping } from "../typed_text.ts";

/** Closes a ticket. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const id = args.operands[0]!;
  const resolution = await requiredText(args, context, {
    texts: ["resolution"],
    file: "file",
    beforeTyping: () => prepareTyping(id, args, context),
  });
  const store = await openStore(args, context);
  await store.close(id, { resolution, ...authorOption(args) });
  return await answer(args, context, { id, state: "closed" }, tabbed("closed", id));
}
