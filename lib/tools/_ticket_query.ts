/** Answers of tools that ask for records of tickets. @module */

import type { TicketProblem } from "../ticket/ticket.ts";
import { problemsOf } from "./_ticket_problems.ts";
import { fitContent, MAX_CONTENT_BYTES } from "./_ticket_text.ts";
import { clamp } from "./_ticket_tool.ts";

/** Records of an answer that asks for no other number, and at most. */
export const QUERY_LIMIT = { fallback: 50, most: 100 };

/** What a query has found. */
export interface QueryResult<Found> {
  /** All of it, in the order of the answer. */
  readonly found: readonly Found[];
  readonly problems: readonly TicketProblem[];
  /** Records that are wanted. */
  readonly limit: number | undefined;
}

/**
 * The content of an answer: the first records, as many as fit, and how many there are.
 *
 * @param name The member that holds them.
 * @param render How one looks there.
 */
export function queryContent<Found>(
  name: string,
  { found, problems, limit }: QueryResult<Found>,
  render: (record: Found) => Record<string, unknown>,
): string {
  const wanted = clamp(limit, QUERY_LIMIT);
  return fitContent(({ rows }) => {
    const shown = found.slice(0, Math.min(rows, wanted));
    return {
      count: found.length,
      returned: shown.length,
      truncated: shown.length < found.length,
      [name]: shown.map(render),
      ...problemsOf(problems, rows),
    };
  }, { text: MAX_CONTENT_BYTES, rows: wanted });
}
