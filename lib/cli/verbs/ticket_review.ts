/** `yoi ticket review`. @module */

import { CliError } from "../cli_error.ts";
import type { Context } from "../context.ts";
import type { ExitCode } from "../exit_code.ts";
import { openStore } from "../open_store.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { requiredText } from "../text_source.ts";
import { answer, tabbed } from "../ticket_output.ts";
import { authorOption } from "../ticket_place.ts";
import { prepareTyping } from "../typed_text.ts";

/** Adds a review to a thread. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const id = args.operands[0]!;
  if (args.has("approve") === args.has("request-changes")) {
    throw new CliError("usage", "Exactly one of --approve, --request-changes is required");
  }
  const result = args.has("approve") ? "approve" : "request_changes";
  const body = await requiredText(args, context, {
    texts: ["message"],
    file: "file",
    beforeTyping: () => prepareTyping(id, args, context),
  });
  const store = await openStore(args, context);
  const event = await store.review(id, { result, body, ...authorOption(args) });
  return await answer(args, context, { id, event }, tabbed("reviewed", id, result));
}
