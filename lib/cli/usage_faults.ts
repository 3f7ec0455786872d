/** What is wrong with words behind a verb, for both ways of reading them. @module */

import { nearest } from "./nearest.ts";
import type { Verb } from "./verb.ts";

/** What is said of `--help=x`. */
export const HELP_VALUE = "--help takes no value";

/** That a verb has no such flag, and which one may be meant. */
export function faultOfFlag({ name, flags }: Pick<Verb, "name" | "flags">, word: string): string {
  const [given = word] = word.split("=", 1);
  const near = nearest(given.replace(/^-+/, ""), flags.map((flag) => flag.name));
  const hint = near === undefined ? "" : `; did you mean "--${near}"?`;
  return `"yoi ${name}" has no flag "${given}"${hint}`;
}

/** The first operand that is missing or too much; `undefined` when all are right. */
export function faultOfOperands(verb: Verb, given: readonly string[]): string | undefined {
  const missing = verb.operands.find(({ isOptional }, index) =>
    !isOptional && given[index] === undefined
  );
  if (missing !== undefined) return `Cannot run "yoi ${verb.name}": ${missing.name} is missing`;
  const takesRest = verb.operands.at(-1)?.isRest ?? false;
  const extra = given[verb.operands.length];
  if (takesRest || extra === undefined) return undefined;
  return `Cannot run "yoi ${verb.name}": unexpected argument "${extra}"`;
}
