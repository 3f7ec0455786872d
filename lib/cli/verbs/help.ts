/** `yoi help`. @module */

import type { Context } from "../context.ts";
import { EXIT, type ExitCode } from "../exit_code.ts";
import { findVerb, helpedWords, leadOf } from "../find_verb.ts";
import { familyHelp, overview, verbHelp } from "../help_text.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { FAMILIES, VERBS } from "../verb_table.ts";

/** Says what there is. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const { stdout } = context.terminal;
  const words = helpedWords(VERBS, args.operands) ?? args.operands;
  const [first] = words;
  const family = FAMILIES.find(({ name }) => name === first);
  if (first === undefined) await stdout.write(overview(VERBS, FAMILIES, stdout));
  else if (family && isGroup(words)) await stdout.write(familyHelp(family, VERBS, stdout));
  else await stdout.write(verbHelp(findVerb(VERBS, words).verb, stdout));
  return EXIT.done;
}

/** Whether all of the words are what longer verbs begin with. */
function isGroup(words: readonly string[]): boolean {
  return leadOf(VERBS, words).length === words.length;
}
