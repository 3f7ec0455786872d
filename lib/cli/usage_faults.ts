/** What is wrong with words behind a verb, for both ways of reading them. @module */

import { nearest } from "./nearest.ts";
import type { Operand, Verb } from "./verb.ts";

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
  if (missing !== undefined) {
    const wanted = missing.words === undefined ? "" : `, one of ${offeredWords(missing)}`;
    return `Cannot run "yoi ${verb.name}": ${missing.name} is missing${wanted}`;
  }
  const takesRest = verb.operands.at(-1)?.isRest ?? false;
  const extra = given[verb.operands.length];
  if (takesRest || extra === undefined) return undefined;
  return `Cannot run "yoi ${verb.name}": unexpected argument "${extra}"`;
}

/** A value that is one of some words. */
export type Worded = Pick<Operand, "words" | "refusedWords">;

/** The words that a value can be. */
export function offeredWords({ words = [], refusedWords = [] }: Worded): string {
  return words.filter((one) => !refusedWords.includes(one)).join(", ");
}
