/** `yoi ticket comment`. @module */

import type { CommentKind } from "../../ticket/request_words.ts";
import type { Context } from "../context.ts";
import type { ExitCode } from "../exit_code.ts";
import { openStore } from "../open_store.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { requiredText } from "../text_source.ts";
import { answer, tabbed } from "../ticket_output.ts";
import { authorOption } from "../ticket_place.ts";
import { prepareTyping } from "../typed_text.ts";

/** Adds a comment to a thread. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const id = args.operands[0]!;
  // The parser lets nothing else through.
  const role = (args.text("role") ?? "comment") as CommentKind;
  const body = await requiredText(args, context, {
    texts: ["message"],
    file: "file",
    beforeTyping: () => prepareTyping(id, args, context),
  });
  const store = await openStore(args, context);
  const event = await store.comment(id, { kind: role, body, ...authorOption(args) });
  return await answer(args, context, { id, event }, tabbed("appended", id, role));
}
