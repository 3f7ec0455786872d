/** @module */

import { SHELLS } from "./completion_scripts.ts";
import { helpedWords } from "./find_verb.ts";
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
  const { before, current, attached } = splitLine(words);
  const topic = helpTopic(before, verbs);
  if (topic) return verbWords(topic, verbs).filter(({ word }) => word.startsWith(current));
  const verb = verbAt(before, verbs);
  const all = [
    ...withHelp(verbWords(before, verbs), before, verbs),
    ...verb
      ? await behindVerb(verb, before.slice(verb.name.split(" ").length), current, verbs, sources)
      : [],
  ];
  return all
    .filter(({ word }) => word.startsWith(current) || word.startsWith(":"))
    .map(({ word, meaning }) => ({
      word: word.startsWith(":") ? word : attached + word,
      meaning,
    }));
}

/** A command line up to the cursor. */
interface Line {
  readonly before: readonly string[];
  /** What is being typed; of `--flag=value` only the value. */
  readonly current: string;
  /** What the shell takes for the beginning of that word: `--flag=`. */
  readonly attached: string;
}

/** Reads `--flag=value` as `--flag value`. Bash makes three words of it, other shells one. */
function splitLine(words: readonly string[]): Line {
  const isSign = (word: string | undefined, index: number) =>
    word === "=" && /^--[^=]+$/.test(words[index - 1] ?? "");
  const before = words.slice(0, -1).filter((word, index) => !isSign(word, index));
  const current = words.at(-1) ?? "";
  if (isSign(current, words.length - 1)) return { before, current: "", attached: "" };
  const [, flag, value] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
  if (flag === undefined || value === undefined) return { before, current, attached: "" };
  return { before: [...before, flag], current: value, attached: `${flag}=` };
}

/** What help is asked about in a family, `undefined` for another line. */
function helpTopic(
  words: readonly string[],
  verbs: readonly Verb[],
): readonly string[] | undefined {
  return isInFamily(words, verbs) ? helpedWords(verbs, words) : undefined;
}

/** The next words of verbs of a family, with the word that tells more about them. */
function withHelp(
  found: readonly Candidate[],
  before: readonly string[],
  verbs: readonly Verb[],
): readonly Candidate[] {
  if (found.length === 0 || !isInFamily(before, verbs)) return found;
  return [...found, { word: "help", meaning: "Tells more about one of them" }];
}

function isInFamily([first]: readonly string[], verbs: readonly Verb[]): boolean {
  return verbs.some(({ family }) => family !== undefined && family.name === first);
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
  const shown = verbs.filter(({ isHidden, name }) => !isHidden && name.startsWith(lead));
  const byWord = Map.groupBy(shown, ({ name }) => name.slice(lead.length).split(" ")[0]!);
  return [...byWord].map(([word, [first, ...others]]) => {
    const verb = first!;
    if (verb.name === lead + word || others.length === 0) return { word, meaning: verb.summary };
    const group = lead === "" ? verb.family?.summary : undefined;
    const rests = [verb, ...others].map(({ name }) => name.slice(lead.length + word.length + 1));
    return { word, meaning: group ?? rests.join(", ") };
  });
}

async function behindVerb(
  verb: Verb,
  before: readonly string[],
  current: string,
  verbs: readonly Verb[],
  sources: WordSources,
): Promise<Candidate[]> {
  const offer = async ({ words, completes, name, refusedWords = [] }: Operand) => {
    if (words === undefined) return await known(completes);
    return words.filter((word) => !refusedWords.includes(word))
      .map((word) => ({ word, meaning: name.toLowerCase() }));
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
        return verbWords(before, verbs);
      case "method":
        return METHOD_NAMES.map((word) => ({ word, meaning: "Method" }));
      case "shell":
        return SHELLS.map((word) => ({ word, meaning: "shell" }));
    }
  };
  const pending = flagNamed(verb, before.at(-1));
  if (pending?.isList) return furtherWords(await offer(pending), current, pending.loneWords);
  if (pending?.value !== undefined) return [...await offer(pending)];
  if (current.startsWith("-")) {
    return [...verb.flags, { name: "help", summary: "Shows what the verb does" }]
      .map(({ name, summary }) => ({ word: `--${name}`, meaning: summary }));
  }
  const last = verb.operands.at(-1);
  const operand = verb.operands[operandCount(verb, before)] ?? (last?.isRest ? last : undefined);
  return operand ? [...await offer(operand)] : [];
}

/** What can follow in a list with commas: none of its words twice, and no word that stands alone. */
function furtherWords(
  offered: readonly Candidate[],
  current: string,
  lone: readonly string[] = [],
): Candidate[] {
  const typed = current.slice(0, current.lastIndexOf(",") + 1);
  if (typed === "") return [...offered];
  const chosen = typed.split(",");
  if (chosen.some((word) => lone.includes(word))) return [];
  return offered
    .filter(({ word }) => !chosen.includes(word) && !lone.includes(word))
    .map(({ word, meaning }) => ({ word: typed + word, meaning }));
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
