/** @module */

import { CliError } from "./cli_error.ts";
import { nearest } from "./nearest.ts";
import type { Verb } from "./verb.ts";

/** A verb and the words behind it. */
export interface FoundVerb {
  verb: Verb;
  rest: readonly string[];
}

/**
 * The verb that a command line begins with; of `pod start` and `pod` the longer one that fits.
 *
 * @throws {CliError} `usage`, naming the nearest verb, when there is none.
 */
export function findVerb(verbs: readonly Verb[], words: readonly string[]): FoundVerb {
  const [first = "", second = ""] = words;
  const two = verbs.find(({ name }) => name === `${first} ${second}`);
  if (two) return { verb: two, rest: words.slice(2) };
  const family = verbs.filter(({ name }) => name.startsWith(`${first} `));
  const one = verbs.find(({ name }) => name === first);
  // A family's own verb takes flags alone, so another word is a misspelt member.
  if (one && (family.length === 0 || second.startsWith("-"))) {
    return { verb: one, rest: words.slice(1) };
  }
  if (family.length > 0) {
    const isElsewhere = verbs.some(({ name }) => name === second);
    throw isElsewhere ? misplaced(first, second) : unknownVerb(first, second, family);
  }
  if (first.startsWith("-")) {
    throw new CliError("usage", `"yoi" has no flag "${first}"; "yoi help" lists what there is`);
  }
  throw unknownVerb("", first, verbs.filter(({ isHidden }) => !isHidden));
}

function misplaced(family: string, word: string): CliError {
  return new CliError("usage", `There is no verb "${family} ${word}"; did you mean "${word}"?`);
}

function unknownVerb(family: string, word: string, verbs: readonly Verb[]): CliError {
  const lead = family === "" ? "" : `${family} `;
  const names = verbs.map(({ name }) => name.slice(lead.length));
  if (word === "") {
    return new CliError("usage", `"yoi ${family}" needs one more word: ${names.join(", ")}`);
  }
  const firstWords = [...new Set(names.flatMap((name) => [name, name.split(" ")[0]!]))];
  const near = nearest(word, firstWords);
  const hint = near === undefined
    ? `; "yoi help" lists the verbs`
    : `; did you mean "${lead}${near}"?`;
  return new CliError("usage", `There is no verb "${lead}${word}"${hint}`);
}
