/** What a verb is, as data. @module */

import type { Context } from "./context.ts";
import type { ExitCode } from "./exit_code.ts";
import type { ParsedArguments } from "./parsed_arguments.ts";

/** What a shell can complete. */
export type Completed = "pod" | "folder" | "file" | "verb" | "method" | "shell";

/** One `--flag` of a verb. */
export interface Flag {
  /** Without the dashes. */
  readonly name: string;
  /** Name of its value; without it the flag is a switch. */
  readonly value?: string;
  /** Whether it may be given several times. */
  readonly isRepeatable?: boolean;
  readonly summary: string;
  readonly completes?: Completed;
}

/** One word behind a verb. */
export interface Operand {
  readonly name: string;
  readonly isOptional?: boolean;
  /** Whether it takes all words that are left. */
  readonly isRest?: boolean;
  readonly completes?: Completed;
}

/** Does what a verb is for. */
export type RunVerb = (args: ParsedArguments, context: Context) => Promise<ExitCode>;

/** One verb. Help, completions and parsing come from this. */
export interface Verb {
  /** One or two words: `list`, `pod start`. */
  readonly name: string;
  readonly summary: string;
  readonly operands: readonly Operand[];
  readonly flags: readonly Flag[];
  /** Further lines of its help. */
  readonly notes?: readonly string[];
  readonly examples?: readonly string[];
  /** Left out of lists: for programs, not for people. */
  readonly isHidden?: boolean;
  /** Loads what it needs, and nothing another verb needs. */
  load(): Promise<{ run: RunVerb }>;
}

/** How a verb is written: `yoi run NAME TEXT... [flags]`. */
export function usageOf(verb: Verb): string {
  const operands = verb.operands.map(({ name, isOptional, isRest }) => {
    const word = isRest ? `${name}...` : name;
    return isOptional ? `[${word}]` : word;
  });
  const flags = verb.flags.length > 0 ? ["[flags]"] : [];
  return ["yoi", verb.name, ...operands, ...flags].join(" ");
}
