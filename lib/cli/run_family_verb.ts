/** @module */

import { CliError } from "./cli_error.ts";
import type { Context } from "./context.ts";
import { EXIT } from "./exit_code.ts";
import { findVerb, helpedWords, leadOf } from "./find_verb.ts";
import type { LoadVerb } from "./load_verb.ts";
import { asksForHelp, parseStrictly } from "./strict_arguments.ts";
import { usageOf, type Verb, type VerbFamily } from "./verb.ts";
import { VERBS } from "./verb_table.ts";

/**
 * Does what a command line says that begins with a family's word. The word alone, `help` behind it,
 * and `--help` wherever no value stands, show what there is.
 *
 * @throws {CliError} `usage`, with the verb's usage in a line of its own.
 */
export async function runFamilyVerb(
  family: VerbFamily,
  words: readonly string[],
  context: Context,
  load: LoadVerb,
): Promise<number> {
  const { stdout } = context.terminal;
  const topic = helpTopic(family, words);
  if (topic !== undefined) {
    const { familyHelp, verbHelp } = await import("./help_text.ts");
    await stdout.write(
      topic === "family" ? familyHelp(family, VERBS, stdout) : verbHelp(topic, stdout),
    );
    return EXIT.done;
  }
  const { verb, rest } = withUsage(`yoi ${family.name} VERB ...`, () => findVerb(VERBS, words));
  const usage = usageOf(verb);
  const args = withUsage(usage, () => parseStrictly(verb, rest));
  const { run } = await load(verb.name);
  try {
    return await run(args, context);
  } catch (error) {
    const isChanged = verb.changes?.(args) ?? false;
    throw explained(isChanged ? withChange(error) : error, usage);
  }
}

/** What help is asked for about: a verb, the family, or nothing. */
function helpTopic(family: VerbFamily, words: readonly string[]): Verb | "family" | undefined {
  const asked = helpedWords(VERBS, words);
  const line = asked ?? words;
  if (leadOf(VERBS, line).length === line.length) return "family";
  const found = tryFind(line);
  if (found) return asked || asksForHelp(found.verb, found.rest) ? found.verb : undefined;
  if (asksForHelp({ name: family.name, flags: [] }, line)) return "family";
  // Where there is no verb, this says which ones there are.
  return asked && withUsage(`yoi ${family.name} help VERB`, () => findVerb(VERBS, asked)).verb;
}

function tryFind(words: readonly string[]): ReturnType<typeof findVerb> | undefined {
  try {
    return findVerb(VERBS, words);
  } catch (error) {
    if (error instanceof CliError) return undefined;
    throw error;
  }
}

function withUsage<T>(usage: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw explained(error, usage);
  }
}

/** An error about the output alone, with a word about what it hides. */
function withChange(error: unknown): unknown {
  if (!(error instanceof CliError) || error.code !== "output_failed") return error;
  const message =
    `${error.message}; the change itself was made before that: check before you repeat it`;
  return new CliError("output_failed", message, { cause: error });
}

function explained(error: unknown, usage: string): unknown {
  if (!(error instanceof CliError) || error.code !== "usage") return error;
  return new CliError("usage", `${error.message}\nusage: ${usage}`, { cause: error });
}
