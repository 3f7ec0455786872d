/** @module */

import { SHELLS } from "./completion_scripts.ts";
import { METHOD_NAMES } from "./method_words.ts";
import type { Completed, Flag, Verb } from "./verb.ts";

/** One thing a word can become. `:file` and `:folder` leave it to the shell. */
export interface Candidate {
  word: string;
  meaning: string;
}

/**
 * What the last of the words of a command line can become.
 *
 * @param words Without the program's name; the last one may be empty.
 * @param podNames Names of all Pods.
 */
export async function completeWords(
  words: readonly string[],
  verbs: readonly Verb[],
  podNames: () => Promise<readonly string[]>,
): Promise<Candidate[]> {
  const before = words.slice(0, -1);
  const current = words.at(-1) ?? "";
  const verb = verbAt(before, verbs);
  const all = verb
    ? await behindVerb(verb, before.slice(verb.name.split(" ").length), current, verbs, podNames)
    : verbWords(before, verbs);
  return all.filter(({ word }) => word.startsWith(current) || word.startsWith(":"));
}

function verbAt(before: readonly string[], verbs: readonly Verb[]): Verb | undefined {
  const [first, second] = before;
  return verbs.find(({ name }) => second !== undefined && name === `${first} ${second}`) ??
    // While the second word is typed, a family's members are what is wanted.
    verbs.find(({ name }) =>
      name === first && !verbs.some((one) => one.name.startsWith(`${name} `))
    );
}

function verbWords(before: readonly string[], verbs: readonly Verb[]): Candidate[] {
  const lead = before.map((word) => `${word} `).join("");
  const found = new Map<string, string>();
  for (const { name, summary, isHidden } of verbs) {
    if (isHidden || !name.startsWith(lead)) continue;
    const [word = "", ...rest] = name.slice(lead.length).split(" ");
    if (!found.has(word)) found.set(word, rest.length > 0 ? `${word} ...` : summary);
  }
  return [...found].map(([word, meaning]) => ({ word, meaning }));
}

async function behindVerb(
  verb: Verb,
  before: readonly string[],
  current: string,
  verbs: readonly Verb[],
  podNames: () => Promise<readonly string[]>,
): Promise<Candidate[]> {
  const offer = async (what: Completed | undefined): Promise<Candidate[]> => {
    switch (what) {
      case undefined:
        return [];
      case "file":
      case "folder":
        return [{ word: `:${what}`, meaning: "" }];
      case "pod":
        return (await podNames()).map((word) => ({ word, meaning: "Pod" }));
      case "verb":
        return verbWords([], verbs);
      case "method":
        return METHOD_NAMES.map((word) => ({ word, meaning: "Method" }));
      case "shell":
        return SHELLS.map((word) => ({ word, meaning: "shell" }));
    }
  };
  const pending = flagNamed(verb, before.at(-1));
  if (pending?.value !== undefined) return await offer(pending.completes);
  if (current.startsWith("-")) {
    return [...verb.flags, { name: "help", summary: "Shows what the verb does" }]
      .map(({ name, summary }) => ({ word: `--${name}`, meaning: summary }));
  }
  return await offer(verb.operands[operandCount(verb, before)]?.completes);
}

function flagNamed(verb: Verb, word: string | undefined): Flag | undefined {
  return verb.flags.find(({ name }) => word === `--${name}`);
}

function operandCount(verb: Verb, words: readonly string[]): number {
  return words.filter((word, index) =>
    !word.startsWith("-") && flagNamed(verb, words[index - 1])?.value === undefined
  ).length;
}
