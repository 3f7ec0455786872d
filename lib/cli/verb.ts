/** What a verb is, as data. @module */

import type { Context } from "./context.ts";
import type { ExitCode } from "./exit_code.ts";
import type { ParsedArguments } from "./parsed_arguments.ts";

/** What a shell can complete, beside the words that a flag or operand names itself. */
export type Completed =
  | "pod"
  | "ticket"
  | "objective"
  | "folder"
  | "file"
  | "verb"
  | "method"
  | "shell";

/** One `--flag` of a verb. */
export interface Flag {
  /** Without the dashes. */
  readonly name: string;
  /** Name of its value; without it the flag is a switch. */
  readonly value?: string;
  /** Whether it may be given several times. */
  readonly isRepeatable?: boolean;
  /** The values there are: what shells complete, and with {@linkcode Verb.family} all it takes. */
  readonly words?: readonly string[];
  /** Whether a value may be several of {@linkcode Flag.words} with commas between; repeatable then. */
  readonly isList?: boolean;
  /** Those of {@linkcode Flag.words} that stand alone, in no list with others. */
  readonly loneWords?: readonly string[];
  readonly summary: string;
  readonly completes?: Completed;
}

/** One word behind a verb. */
export interface Operand {
  readonly name: string;
  readonly isOptional?: boolean;
  /** Whether it takes all words that are left. */
  readonly isRest?: boolean;
  /** As {@linkcode Flag.words}. */
  readonly words?: readonly string[];
  /** Those of them that the verb takes only to say what to use instead: they are not offered. */
  readonly refusedWords?: readonly string[];
  readonly completes?: Completed;
}

/**
 * What verbs that begin with the same word share beside it. Their command lines are read by
 * `parseStrictly()`, the word alone shows what there is, and failures are told and counted as below.
 */
export interface VerbFamily {
  /** The word: `ticket`. */
  readonly name: string;
  /** What its verbs are for, in one line. */
  readonly summary: string;
  /** Lines below the list of its verbs. */
  readonly notes: readonly string[];
  /** What the program ends with after any failure, a command line that cannot be meant included. */
  readonly failureCode: ExitCode;
}

/**
 * Does what a verb is for, and gives back what the program ends with: an {@linkcode ExitCode}, or the
 * code of a process that it ran.
 */
export type RunVerb = (args: ParsedArguments, context: Context) => Promise<number>;

/** What the file of a verb exports: see `loadVerb()`. */
export interface VerbModule {
  readonly run: RunVerb;
}

/** One verb. Help, completions and parsing come from this. */
export interface Verb {
  /** One to three words: `list`, `pod start`, `ticket relation add`. */
  readonly name: string;
  /** The family that it belongs to, if any. */
  readonly family?: VerbFamily;
  readonly summary: string;
  readonly operands: readonly Operand[];
  readonly flags: readonly Flag[];
  /** Names of flags that it cannot do without: exactly one of each group has to be given. */
  readonly needs?: readonly (readonly string[])[];
  /** Further lines of its help. */
  readonly notes?: readonly string[];
  readonly examples?: readonly string[];
  /**
   * Whether a call changes what is stored, which has happened before anything is printed: whoever
   * loses the output is told so, and does not do it twice.
   */
  readonly changes?: (args: ParsedArguments) => boolean;
  /** What other programs call it: words that lead to no verb here, but to a hint at this one. */
  readonly alsoCalled?: readonly string[];
  /** Left out of lists: for programs, not for people. */
  readonly isHidden?: boolean;
}

/** The {@linkcode Verb.changes} of a verb that is there to change something. */
export const ALWAYS = (): boolean => true;

/** How a verb is written: `yoi ticket comment ID (--file PATH | --message TEXT) [flags]`. */
export function usageOf(verb: Verb): string {
  const operands = verb.operands.map(({ name, isOptional, isRest }) => {
    const word = isRest ? `${name}...` : name;
    return isOptional ? `[${word}]` : word;
  });
  const needs = (verb.needs ?? []).map((names) => {
    const group = names.map((name) => writtenFlag(verb, name)).join(" | ");
    return names.length > 1 ? `(${group})` : group;
  });
  const flags = verb.flags.length > 0 ? ["[flags]"] : [];
  return ["yoi", verb.name, ...operands, ...needs, ...flags].join(" ");
}

function writtenFlag({ flags }: Verb, name: string): string {
  const value = flags.find((flag) => flag.name === name)?.value;
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}
