/** @module */

import { SHELLS } from "./completion_scripts.ts";
import { METHOD_NAMES } from "./method_words.ts";
import type { Completed, Flag, Operand, Verb } from "./verb.ts";

/** One thing a word can become. `:file` and `:folder` leave it to the shell. */
export interface Candidate {
  word: string;
  meaning: string;
}

/** Where the names of things come from that exist outside the program; each is asked when needed. */
export interface WordSources {
  /** Names of all Pods. */
  pods(): Promise<readonly string[]>;
  /** Ids and titles of all tickets; `root` is what the command line says about where they lie. */
  tickets(root: string | undefined): Promise<readonly Candidate[]>;
  /** Ids and titles of all objectives. */
  objectives(): Promise<readonly Candidate[]>;
}

/**
 * What the last of the words of a command line can become.
 *
 * @param words Without the program's name; the last one may be empty.
 */
export async function completeWords(
  words: readonly string[],
  verbs: readonly Verb[],
  sources: WordSources,
): Promise<Candidate[]> {
  const before = words.slice(0, -1);
  const current = words.at(-1) ?? "";
  const verb = verbAt(before, verbs);
  const all = [
    ...verbWords(before, verbs),
    ...verb
      ? await behindVerb(verb, before.slice(verb.name.split(" ").length), current, verbs, sources)
      : [],
  ];
  return all.filter(({ word }) => word.startsWith(current) || word.startsWith(":"));
}

/** The longest verb that fits, unless it has to be a longer one whose next word is being typed. */
function verbAt(before: readonly string[], verbs: readonly Verb[]): Verb | undefined {
  for (let count = before.length; count > 0; count--) {
    const name = before.slice(0, count).join(" ");
    const verb = verbs.find((one) => one.name === name);
    const isLead = verbs.some((one) => one.name.startsWith(`${name} `));
    if (verb && (!isLead || verb.operands.length > 0)) return verb;
  }
  return undefined;
}

function verbWords(before: readonly string[], verbs: readonly Verb[]): Candidate[] {
  const lead = before.map((word) => `${word} `).join("");
  const found = new Map<string, string>();
  for (const { name, summary, isHidden, family } of verbs) {
    if (isHidden || !name.startsWith(lead)) continue;
    const [word = "", ...rest] = name.slice(lead.length).split(" ");
    const group = lead === "" ? family?.summary : undefined;
    if (!found.has(word)) found.set(word, rest.length === 0 ? summary : group ?? `${word} ...`);
  }
  return [...found].map(([word, meaning]) => ({ word, meaning }));
}

async function behindVerb(
  verb: Verb,
  before: readonly string[],
  current: string,
  verbs: readonly Verb[],
  sources: WordSources,
): Promise<Candidate[]> {
  const offer = async ({ words, completes, name }: Flag | Operand) => {
    if (words === undefined) return await known(completes);
    return words.map((word) => ({ word, meaning: name.toLowerCase() }));
  };
  const known = async (what: Completed | undefined): Promise<readonly Candidate[]> => {
    switch (what) {
      case undefined:
        return [];
      case "file":
      case "folder":
        return [{ word: `:${what}`, meaning: "" }];
      case "pod":
        return (await sources.pods()).map((word) => ({ word, meaning: "Pod" }));
      case "ticket":
        return await sources.tickets(valueOf("--root", before));
      case "objective":
        return await sources.objectives();
      case "verb":
        return verbWords([], verbs);
      case "method":
        return METHOD_NAMES.map((word) => ({ word, meaning: "Method" }));
      case "shell":
        return SHELLS.map((word) => ({ word, meaning: "shell" }));
    }
  };
  const pending = flagNamed(verb, before.at(-1));
  if (pending?.value !== undefined) return [...await offer(pending)];
  if (current.startsWith("-")) {
    return [...verb.flags, { name: "help", summary: "Shows what the verb does" }]
      .map(({ name, summary }) => ({ word: `--${name}`, meaning: summary }));
  }
  const operand = verb.operands[operandCount(verb, before)];
  return operand ? [...await offer(operand)] : [];
}

/** The value that a flag has been given so far. */
function valueOf(flag: string, words: readonly string[]): string | undefined {
  const attached = words.findLast((word) => word.startsWith(`${flag}=`));
  return attached?.slice(flag.length + 1) ?? words[words.lastIndexOf(flag) + 1 || words.length];
}

function flagNamed(verb: Verb, word: string | undefined): Flag | undefined {
  return verb.flags.find(({ name }) => word === `--${name}`);
}

function operandCount(verb: Verb, words: readonly string[]): number {
  return words.filter((word, index) =>
    !word.startsWith("-") && flagNamed(verb, words[index - 1])?.value === undefined
  ).length;
}
