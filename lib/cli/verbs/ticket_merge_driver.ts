/** `yoi ticket merge-driver`: what git calls. @module */

import { dirname, join, resolve } from "@std/path";
import type { DivergedState } from "../../ticket/merge_lines.ts";
import { runMergeDriver } from "../../ticket/merge_driver.ts";
import type { Context } from "../context.ts";
import { escapeCell } from "../escape_text.ts";
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
  const say = (text: string) =>
    context.terminal.stderr.announce(`yoi ticket: ${escapeCell(text)}\n`);
  const { conflict, failure, states } = await runMergeDriver({
    base: at(base),
    ours: at(ours),
    theirs: at(theirs),
    path,
  });
  if (failure !== undefined) {
    const advice = "the file holds both versions whole, between conflict markers";
    say(`cannot merge ${path}: ${failure.message}; ${advice}`);
  }
  if (states !== undefined) say(stateAdvice(path, states));
  return conflict ? EXIT.failed : EXIT.done;
}

/** Nothing in the two files shows that there is something to decide, so this says all of it. */
function stateAdvice(path: string, { ours, theirs }: DivergedState): string {
  const folder = dirname(path);
  const resolution = [ours, theirs].includes("closed")
    ? ", and at resolution.md and artifacts/ beside it (each `close` in the thread has its resolution)"
    : "";
  return `both branches changed the state in ${path}: ours ends with ${ours}, theirs ` +
    `with ${theirs}. The thread has the events of both and needs no change; look at \`state\` in ` +
    `${join(folder, "item.md")}${resolution}, then \`git add ${folder}\` and commit`;
}
