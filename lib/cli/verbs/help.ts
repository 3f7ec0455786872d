/** `yoi help`. @module */

import type { Context } from "../context.ts";
import { EXIT, type ExitCode } from "../exit_code.ts";
import { findVerb } from "../find_verb.ts";
import { overview, verbHelp } from "../help_text.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { VERBS } from "../verb_table.ts";

/** Says what there is. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const { stdout } = context.terminal;
  await stdout.write(
    args.operands.length === 0
      ? overview(VERBS, stdout)
      : verbHelp(findVerb(VERBS, args.operands).verb, stdout),
  );
  return EXIT.done;
}
