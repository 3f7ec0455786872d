/** What the flags of several ticket verbs mean. @module */

import type { TicketState } from "../ticket/states.ts";
import { CliError } from "./cli_error.ts";
import type { ParsedArguments } from "./parsed_arguments.ts";

/**
 * The states of `--state`.
 *
 * @throws {CliError} `usage` when `all` or `active` stands beside another word.
 */
export function statesOf(
  args: ParsedArguments,
): readonly TicketState[] | "all" | "active" | undefined {
  const words = new Set(args.texts("state"));
  for (const group of ["all", "active"] as const) {
    if (!words.has(group)) continue;
    if (words.size === 1) return group;
    throw new CliError("usage", `Cannot use --state ${group} together with other states`);
  }
  // The parser lets nothing else through.
  return words.size === 0 ? undefined : [...words] as TicketState[];
}

/**
 * The number of rows that `--limit` and `--all` ask for; `undefined` leaves it to the library.
 *
 * @throws {CliError} `usage` when it is no number.
 */
export function limitOf(args: ParsedArguments): number | undefined {
  const limit = args.count("limit");
  if (limit !== undefined && args.has("all")) {
    throw new CliError("usage", "Cannot use --all together with --limit");
  }
  return args.has("all") ? Infinity : limit;
}

/** The word `none` stands for the lack of a value. */
export function orNone(word: string): string | null {
  return word === "none" ? null : word;
}

/**
 * Makes sure that nobody gets the name that stands for nobody, since no list would find it.
 *
 * @param advice What to do instead.
 * @throws {CliError} `usage` when somebody would.
 */
export function checkAssignee(name: string | undefined, advice: string): void {
  if (name === undefined || orNone(name) !== null) return;
  throw new CliError("usage", `Cannot assign to "${name}", which means nobody: ${advice}`);
}
