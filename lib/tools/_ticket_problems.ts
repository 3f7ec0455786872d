/** @module */

import type { TicketProblem } from "../ticket/ticket.ts";

/** Unreadable records that one answer names. */
const MAX_PROBLEMS = 20;

/** Collects what a gate could not read, for an answer that says that the change was made. */
export class UnreadRecords {
  #problems: readonly TicketProblem[] = [];

  /** For the options of a change. */
  readonly onUnread = (problems: readonly TicketProblem[]): void => {
    this.#problems = problems;
  };

  /** Members of the answer; none when everything could be read. */
  members(): ReturnType<typeof problemsOf> {
    return problemsOf(this.#problems, MAX_PROBLEMS);
  }
}

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
