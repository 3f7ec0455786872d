/** `yoi ticket merge-driver`: what git calls. @module */

import { resolve } from "@std/path";
import { runMergeDriver } from "../../ticket/merge_driver.ts";
import type { Context } from "../context.ts";
import { EXIT, type ExitCode } from "../exit_code.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";

/**
 * Merges one file into OURS. To git, failing means that a person has to decide.
 *
 * Source: decision 30.
 */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const [base = "", ours = "", theirs = "", path = ""] = args.operands;
  const at = (name: string) => resolve(context.cwd, name);
  const { conflict, failure } = await runMergeDriver({
    base: at(base),
    ours: at(ours),
    theirs: at(theirs),
    path,
  });
  if (failure !== undefined) {
    const advice = "the file holds both versions whole, between conflict markers";
    context.terminal.stderr.announce(
      `yoi ticket: cannot merge ${path}: ${failure.message}; ${advice}\n`,
    );
  }
  return conflict ? EXIT.failed : EXIT.done;
}
