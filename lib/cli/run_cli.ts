/** @module */

import { CliError } from "./cli_error.ts";
import { type Context, systemContext } from "./context.ts";
import { describeError } from "./describe_error.ts";
import { EXIT } from "./exit_code.ts";
import { findVerb } from "./find_verb.ts";
import { type LoadVerb, loadVerb } from "./load_verb.ts";
import { runFamilyVerb } from "./run_family_verb.ts";
import { FAMILIES, VERBS } from "./verb_table.ts";

/**
 * Does what a command line says.
 *
 * @param args Without the program's own name.
 * @param load Gives the code of the verb that is meant.
 * @returns what the process is to end with; nothing is thrown.
 */
export async function runCli(
  args: readonly string[],
  context: Context = systemContext(),
  load: LoadVerb = loadVerb,
): Promise<number> {
  const family = FAMILIES.find(({ name }) => name === args[0]);
  try {
    return await (family
      ? runFamilyVerb(family, args, context, load)
      : dispatch(args, context, load));
  } catch (error) {
    const { message, exitCode } = describeError(error, context.env, family);
    if (!(error instanceof CliError && error.code === "output_closed")) {
      context.terminal.stderr.announce(message);
    }
    return exitCode;
  }
}

async function dispatch(
  args: readonly string[],
  context: Context,
  load: LoadVerb,
): Promise<number> {
  const { stdout, stderr } = context.terminal;
  const [first] = args;
  if (first === "--version" || first === "-V") {
    const { VERSION } = await import("./version.ts");
    await stdout.write(`yoi ${VERSION}\n`);
    return EXIT.done;
  }
  if (first === undefined || asksForHelp(first)) {
    const { overview } = await import("./help_text.ts");
    if (first === undefined) stderr.announce(overview(VERBS, FAMILIES, stderr));
    else await stdout.write(overview(VERBS, FAMILIES, stdout));
    return first === undefined ? EXIT.usage : EXIT.done;
  }
  const { verb, rest } = findVerb(VERBS, args);
  const end = rest.indexOf("--");
  if ((end < 0 ? rest : rest.slice(0, end)).some(asksForHelp)) {
    const { verbHelp } = await import("./help_text.ts");
    await stdout.write(verbHelp(verb, stdout));
    return EXIT.done;
  }
  const { parseArguments } = await import("./arguments.ts");
  const parsed = parseArguments(verb, rest);
  const { run } = await load(verb.name);
  return await run(parsed, context);
}

function asksForHelp(word: string): boolean {
  return word === "--help" || word === "-h";
}
