/** `yoi ticket state`. @module */

import type { TicketState } from "../../ticket/states.ts";
import { CliError } from "../cli_error.ts";
import type { Context } from "../context.ts";
import type { ExitCode } from "../exit_code.ts";
import { openStore } from "../open_store.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { reportProblems } from "../report_problems.ts";
import { optionalText } from "../text_source.ts";
import { answer, tabbed } from "../ticket_output.ts";
import { authorOption, PROGRAM_AUTHOR } from "../ticket_place.ts";
import { prepareTyping } from "../typed_text.ts";

/** Takes a ticket to another state. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const [id = "", word = ""] = args.operands;
  const state = word as TicketState;
  if (state === "closed") {
    throw new CliError("usage", `Cannot close with "state": use "yoi ticket close ${id}"`);
  }
  const summary = args.text("summary");
  if (summary !== undefined && state !== "ready") {
    throw new CliError("usage", "--summary is only for the transition to ready");
  }
  // An event's text has no line break of its own at its end, and one would count against its bound.
  const body = await optionalText(args, context, {
    texts: ["message"],
    isVerbatim: true,
    beforeTyping: () => prepareTyping(id, args, context),
  });
  const store = await openStore(args, context);
  await store.setState(id, state, {
    ...authorOption(args, PROGRAM_AUTHOR),
    onUnread: (problems) => reportProblems(problems, context.terminal.stderr),
    reason: args.text("reason"),
    summary,
    body,
  });
  return await answer(args, context, { id, state }, tabbed("state", id, state));
}
