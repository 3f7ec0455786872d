/** `yoi ticket graph`. @module */

import { relationsByTicket } from "../../ticket/relation_index.ts";
import { renderGraph } from "../../ticket/relation_graph.ts";
import type { Relation } from "../../ticket/relation_view.ts";
import type { TicketProblem } from "../../ticket/ticket.ts";
import type { Context } from "../context.ts";
import type { ExitCode } from "../exit_code.ts";
import { openReader } from "../open_reader.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { reportProblems } from "../report_problems.ts";
import { answer } from "../ticket_output.ts";

/** Prints the relations of tickets as a graph. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const format = args.text("format") === "dot" ? "dot" : "mermaid";
  const query = args.text("ticket");
  const reader = await openReader(args, context);
  const id = query === undefined ? undefined : reader.resolveId(query);
  const [list, { relations, problems }] = await Promise.all([
    reader.list({ limit: Infinity }),
    reader.relations(),
  ]);
  // What hides a relation or a title: said once, though both readings may have met it.
  const all = new Map([...list.problems, ...problems].map((one) => [one.path, one]));
  reportProblems([...all.values()], context.terminal.stderr);
  const edges = id === undefined ? relations : relationsAround(id, relations);
  const ends = new Set(edges.flatMap(({ ticketId, target }) => [ticketId, target]));
  if (id !== undefined) ends.add(id);
  const tickets = list.tickets.filter((ticket) => ends.has(ticket.id));
  const result = { tickets, relations: edges, problems: [...all.values()] };
  const options = { isComplete: true, unreadable: foldersOf(list.problems) };
  return await answer(args, context, result, () => renderGraph(tickets, edges, format, options));
}

/** Names of the folders that problems are about; which of them are ids, the graph knows. */
function foldersOf(problems: readonly TicketProblem[]): ReadonlySet<string> {
  return new Set(problems.flatMap(({ path }) => path.split("/")));
}

/** The relations on every way that begins at a ticket, whatever their direction. */
function relationsAround(id: string, relations: readonly Relation[]): Relation[] {
  const touching = relationsByTicket(relations);
  const reached = new Set([id]);
  for (const one of reached) { // grows while it is walked
    for (const { ticketId, target } of touching.get(one) ?? []) reached.add(ticketId).add(target);
  }
  return relations.filter(({ ticketId }) => reached.has(ticketId));
}
