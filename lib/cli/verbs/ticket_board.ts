/** `yoi ticket board`. @module */

import { TICKET_STATES, type TicketState } from "../../ticket/states.ts";
import { stateFilter } from "../../ticket/ticket_list.ts";
import { boardText } from "../board_text.ts";
import type { Context } from "../context.ts";
import type { ExitCode } from "../exit_code.ts";
import { openReader } from "../open_reader.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { reportProblems } from "../report_problems.ts";
import { statesOf } from "../ticket_filters.ts";
import { answer } from "../ticket_output.ts";

/** Tickets of a column that a person sees; a program gets all unless it asks for fewer. */
const DEFAULT_LIMIT = 20;

/** Shows tickets in columns by state. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const { stdout, stderr } = context.terminal;
  const limit = args.count("limit") ?? (args.has("json") ? Infinity : DEFAULT_LIMIT);
  const states = statesOf(args) ?? "active";
  const reader = await openReader(args, context);
  const { tickets, problems } = await reader.list({ states, sort: "priority", limit: Infinity });
  reportProblems(problems, stderr);
  const columns = TICKET_STATES
    .filter(stateFilter(states))
    .map((state) => ({ state, tickets: tickets.filter((ticket) => ticket.state === state) }));
  const result = { columns: columns.map((column) => shortened(column, limit)), problems };
  return await answer(args, context, result, () => boardText(columns, stdout, { limit }));
}

/** A column with its first tickets, and how many there are, as lists say it. */
function shortened<T>(
  { state, tickets }: { readonly state: TicketState; readonly tickets: readonly T[] },
  limit: number,
) {
  const total = tickets.length;
  return { state, tickets: tickets.slice(0, limit), total, truncated: total > limit };
}
