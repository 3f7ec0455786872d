/** `yoi ticket log`. @module */

import type { LogEvent } from "../../ticket/ticket_log.ts";
import type { Context } from "../context.ts";
import { cutLine, escapeBrief } from "../escape_text.ts";
import type { ExitCode } from "../exit_code.ts";
import { openReader } from "../open_reader.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { reportProblems } from "../report_problems.ts";
import { parseSince } from "../since.ts";
import { limitOf } from "../ticket_filters.ts";
import { answer, isNarrow, tableFor } from "../ticket_output.ts";
import { rowTitle, truncationLine } from "../ticket_rows.ts";

const HEAD = ["at", "ticket", "event", "author", "title", "text"];
/** People get author and title in the column that takes the room that is left. */
const PERSONAL_HEAD = ["at", "ticket", "event", "what"];
/** With less room the event goes in there, too, and the time becomes a day, or goes. */
const NARROW_HEAD = ["at", "ticket", "what"];
/** Columns that all of {@linkcode PERSONAL_HEAD} need. */
const PERSONAL_WIDTH = 72;
/** Characters of an event's text. */
const TEXT_LIMIT = 96;

/** Shows what happened in all tickets, newest first. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const { stdout, stderr } = context.terminal;
  const word = args.text("since");
  const since = word === undefined ? undefined : timestamp(parseSince(word, Date.now()));
  const limit = limitOf(args);
  const reader = await openReader(args, context);
  const log = await reader.log({ limit, since });
  reportProblems(log.problems, stderr);
  return await answer(args, context, log, () => {
    const { events } = log;
    const table = !stdout.isTerminal
      ? tableFor(stdout, HEAD, events.map(rowOf))
      : isNarrow(stdout, PERSONAL_WIDTH)
      ? tableFor(stdout, NARROW_HEAD, events.map(narrowRow), { optional: [0] })
      : tableFor(stdout, PERSONAL_HEAD, events.map(personalRow));
    return table + truncationLine(events.length, log);
  });
}

function rowOf(event: LogEvent): string[] {
  return [
    event.at ?? "",
    event.ticket,
    eventWord(event),
    event.author ?? "",
    rowTitle(event),
    cutLine(escapeBrief(event.body), TEXT_LIMIT),
  ];
}

function personalRow(event: LogEvent): string[] {
  const [at = "", ticket = "", word = "", author = "", title = "", text = ""] = rowOf(event);
  const { from, to } = event.attributes;
  const move = from === undefined || to === undefined ? word : `to ${to}`;
  return [at, ticket, move, `${title} · ${author}: ${text}`];
}

function narrowRow(event: LogEvent): string[] {
  const [at = "", ticket = "", move = "", what = ""] = personalRow(event);
  return [at.slice(0, "2026-06-01".length), ticket, `${move} · ${what}`];
}

/** A moment as events are written: to the second. */
function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}

/** The kind, with what it came to: `review[approve]`, `state_changed[ready>queued]`. */
function eventWord({ kind, attributes }: LogEvent): string {
  const { from, to, status } = attributes;
  const result = to === undefined ? status : `${from ?? ""}>${to}`;
  return result === undefined ? kind : `${kind}[${result}]`;
}
