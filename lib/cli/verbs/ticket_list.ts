/** `yoi ticket list`. @module */

import { type ListOptions, listTickets } from "../../ticket/ticket_list.ts";
import type { Context } from "../context.ts";
import type { ExitCode } from "../exit_code.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { reportProblems } from "../report_problems.ts";
import { limitOf, orNone, statesOf } from "../ticket_filters.ts";
import { answer } from "../ticket_output.ts";
import { readableRoot } from "../ticket_place.ts";
import { ticketTable, truncationLine } from "../ticket_rows.ts";

/** Shows tickets. The verb that is called most loads only what reads lists. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const { stdout, stderr } = context.terminal;
  const options = listOptions(args);
  const root = await readableRoot(args, context);
  const list = await listTickets(root, { ...options, ...await startOf(args, root) });
  reportProblems(list.problems, stderr);
  return await answer(args, context, list, () => {
    const advice = ", --after ID continues after a ticket";
    return ticketTable(list.tickets, stdout) + truncationLine(list.tickets.length, list, advice);
  });
}

function listOptions(args: ParsedArguments): ListOptions {
  const priorities = args.texts("priority").map(orNone);
  const assignee = args.text("assignee");
  return {
    limit: limitOf(args),
    reverse: args.has("reverse"),
    states: statesOf(args),
    priorities: priorities.length === 0 ? undefined : priorities,
    assignee: assignee === undefined ? undefined : orNone(assignee),
    text: args.text("text"),
    sort: args.text("sort") as ListOptions["sort"],
    offset: args.count("offset"),
  };
}

/** Where a list goes on: behind a ticket that may be named as readers may. */
async function startOf(args: ParsedArguments, root: string): Promise<{ after?: string }> {
  const query = args.text("after");
  if (query === undefined) return {};
  const { TicketReader } = await import("../../ticket/ticket_reader.ts");
  return { after: new TicketReader(root).resolveId(query) };
}
