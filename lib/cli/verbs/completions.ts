/** `yoi completions`. @module */

import { CliError } from "../cli_error.ts";
import { completionScript, SHELLS } from "../completion_scripts.ts";
import type { Context } from "../context.ts";
import { EXIT, type ExitCode } from "../exit_code.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";

/** Prints the script that a shell loads. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const shell = args.operands[0]!;
  const script = completionScript(shell);
  if (script === undefined) {
    const message = `There are no completions for "${shell}"; there are ${SHELLS.join(", ")}`;
    throw new CliError("usage", message);
  }
  await context.terminal.stdout.write(script);
  return EXIT.done;
}
