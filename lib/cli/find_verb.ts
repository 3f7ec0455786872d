/** @module */

import { CliError } from "./cli_error.ts";
import { nearest } from "./nearest.ts";
import type { Verb } from "./verb.ts";

/** A verb and the words behind it. */
export interface FoundVerb {
  verb: Verb;
  rest: readonly string[];
}

/** Words of the longest verb name. */
const LONGEST = 3;

/**
 * The verb that a command line begins with; of `pod start` and `pod` the longer one that fits.
 *
 * @throws {CliError} `usage`, naming the nearest verb, when there is none.
 */
export function findVerb(verbs: readonly Verb[], words: readonly string[]): FoundVerb {
  for (let count = Math.min(LONGEST, words.length); count > 0; count--) {
    const name = words.slice(0, count).join(" ");
    const verb = verbs.find((one) => one.name === name);
    // Behind a verb without operands that others begin with, a word is a misspelt one of those.
    const takesWord = verb && (verb.operands.length > 0 || !isLead(verbs, name));
    if (verb && (takesWord || words[count]?.startsWith("-"))) {
      return { verb, rest: words.slice(count) };
    }
  }
  const lead = leadOf(verbs, words);
  const word = words[lead.length] ?? "";
  if (lead.length > 0) {
    const option = /^--([^=]+)/.exec(word)?.[1];
    if (option !== undefined && isOptionBehind(verbs, lead, option)) {
      throw earlyOption(lead.join(" "), word);
    }
    const isElsewhere = verbs.some(({ name }) => name === word);
    throw isElsewhere ? misplaced(lead.join(" "), word) : unknownVerb(lead.join(" "), word, verbs);
  }
  if (word.startsWith("-")) {
    throw new CliError("usage", `"yoi" has no flag "${word}"; "yoi help" lists what there is`);
  }
  throw unknownVerb("", word, verbs);
}

/** The words at the front with which a longer verb begins: `ticket relation` of `ticket relation x`. */
export function leadOf(verbs: readonly Verb[], words: readonly string[]): readonly string[] {
  for (let count = Math.min(LONGEST - 1, words.length); count > 0; count--) {
    const lead = words.slice(0, count);
    if (isLead(verbs, lead.join(" "))) return lead;
  }
  return [];
}

/**
 * What help is asked about by a word `help` behind those that longer verbs begin with: of `ticket help
 * relation` and `ticket relation help` the words without it. `undefined` for another line.
 */
export function helpedWords(
  verbs: readonly Verb[],
  words: readonly string[],
): readonly string[] | undefined {
  const lead = leadOf(verbs, words);
  const isAsked = lead.length > 0 && words[lead.length] === "help";
  return isAsked ? [...lead, ...words.slice(lead.length + 1)] : undefined;
}

function isLead(verbs: readonly Verb[], name: string): boolean {
  return verbs.some((one) => one.name.startsWith(`${name} `));
}

function isOptionBehind(verbs: readonly Verb[], lead: readonly string[], option: string): boolean {
  return verbs.some(({ name, flags }) =>
    name.startsWith(`${lead.join(" ")} `) && flags.some((flag) => flag.name === option)
  );
}

function earlyOption(lead: string, word: string): CliError {
  const [option = word] = word.split("=", 1);
  const line = `yoi ${lead} VERB ${option}`;
  const message = `Cannot use "${option}" here: options stand behind the verb, as in "${line}"`;
  return new CliError("usage", message);
}

function misplaced(lead: string, word: string): CliError {
  return new CliError("usage", `There is no verb "${lead} ${word}"; did you mean "${word}"?`);
}

function unknownVerb(lead: string, word: string, verbs: readonly Verb[]): CliError {
  const start = lead === "" ? "" : `${lead} `;
  const names = verbs
    .filter(({ name, isHidden }) => !isHidden && name.startsWith(start))
    .map(({ name }) => name.slice(start.length));
  if (word === "") {
    return new CliError("usage", `"yoi ${lead}" needs one more word: ${names.join(", ")}`);
  }
  const candidates = [...new Set(names.flatMap((name) => [name, name.split(" ")[0]!]))];
  const meant = verbs.find(({ name, alsoCalled }) =>
    lead !== "" && name.startsWith(start) && alsoCalled?.includes(word)
  );
  const near = meant?.name.slice(start.length) ?? nearest(word, candidates);
  const family = verbs.find(({ name }) => lead !== "" && name.startsWith(start))?.family;
  const hint = near === undefined
    ? `; "yoi ${family?.name ?? "help"}" lists the verbs`
    : `; did you mean "${start}${near}"?`;
  return new CliError("usage", `There is no verb "${start}${word}"${hint}`);
}
