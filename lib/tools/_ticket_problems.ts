/** @module */

import type { TicketProblem } from "../ticket/ticket.ts";

/** Unreadable records that one answer names. */
const MAX_PROBLEMS = 20;

/** Records that could not be read, as members of an answer; none when there are none. */
export function problemsOf(
  problems: readonly TicketProblem[],
  rows: number,
): { problem_count?: number; problems?: TicketProblem[] } {
  if (problems.length === 0) return {};
  return {
    problem_count: problems.length,
    problems: problems.slice(0, Math.min(rows, MAX_PROBLEMS)),
  };
}
