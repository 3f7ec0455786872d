/** `yoi ticket create`. @module */

import { CliError } from "../cli_error.ts";
import type { Context } from "../context.ts";
import type { ExitCode } from "../exit_code.ts";
import { openStore } from "../open_store.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { announceTyping } from "../read_text.ts";
import { optionalText } from "../text_source.ts";
import { checkAssignee } from "../ticket_filters.ts";
import { answer, tabbed } from "../ticket_output.ts";
import { authorOption, PROGRAM_AUTHOR } from "../ticket_place.ts";

/** Flags whose values go into the ticket as they are. */
const FIELDS = ["assignee", "readiness", "priority", "summary"] as const;

/** Creates a ticket. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const title = args.required("title");
  const state = args.text("state") === "ready" ? "ready" : "planning";
  checkSummary(state, args.text("summary"));
  checkAssignee(args.text("assignee"), "leave --assignee out");
  // First: whoever types a text hears before where it would go.
  const store = await openStore(args, context, { isMade: true });
  const body = await optionalText(args, context, {
    texts: ["body", "message"],
    file: "file",
    beforeTyping: () => announceTyping(context, "yoi ticket"),
  });
  const fields = FIELDS.flatMap((name) => {
    const value = args.text(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const id = await store.create({
    title,
    state,
    riskFlags: args.texts("risk-flag"),
    ...Object.fromEntries(fields),
    body,
    ...authorOption(args, PROGRAM_AUTHOR),
  });
  return await answer(args, context, { id, state }, tabbed("created", id));
}

/** What the store would refuse in its own words, in those of the flags. */
function checkSummary(state: "ready" | "planning", summary: string | undefined): void {
  if ((state === "ready") === (summary !== undefined)) return;
  const message = state === "ready"
    ? "--state ready requires --summary"
    : "--summary is only for --state ready";
  throw new CliError("usage", message);
}
