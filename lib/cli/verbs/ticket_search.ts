/** `yoi ticket search`. @module */

import type { Context } from "../context.ts";
import { cutLine, escapeBrief } from "../escape_text.ts";
import type { ExitCode } from "../exit_code.ts";
import { openReader } from "../open_reader.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { reportProblems } from "../report_problems.ts";
import { fit } from "../short_text.ts";
import { limitOf, statesOf } from "../ticket_filters.ts";
import { answer, isNarrow, tableFor } from "../ticket_output.ts";
import { rowTitle, truncationLine } from "../ticket_rows.ts";

const HEAD = ["state", "id", "title", "where", "text"];
/** With less room the title goes into the last column, and the state goes where it has to. */
const NARROW_HEAD = ["state", "id", "what"];
/** Columns that all of {@linkcode HEAD} need. */
const PERSONAL_WIDTH = 80;
/** Columns of a title beside a text, for people. */
const PERSONAL_TITLE_WIDTH = 32;
/** Characters of the text around a word. */
const TEXT_LIMIT = 96;

/** Finds tickets by words. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const { stdout, stderr } = context.terminal;
  const states = statesOf(args);
  const reader = await openReader(args, context);
  const found = await reader.search(args.operands, {
    limit: limitOf(args),
    states,
  });
  reportProblems(found.problems, stderr);
  return await answer(args, context, found, () => {
    const rows = found.tickets.map((row) => [
      row.state,
      row.id,
      stdout.isTerminal ? fit(rowTitle(row), PERSONAL_TITLE_WIDTH) : rowTitle(row),
      // Several words are often found in one place.
      [...new Set(row.matches.map(({ where }) => where))].join(" "),
      cutLine(escapeBrief(row.matches[0]?.text ?? ""), TEXT_LIMIT),
    ]);
    const note = truncationLine(rows.length, found);
    if (!isNarrow(stdout, PERSONAL_WIDTH)) {
      return tableFor(stdout, HEAD, rows, { optional: [3] }) + note;
    }
    const narrow = rows.map(([state = "", id = "", title = "", , text = ""]) => [
      ...[state, id, `${title} · ${text}`],
    ]);
    return tableFor(stdout, NARROW_HEAD, narrow, { optional: [0] }) + note;
  });
}
