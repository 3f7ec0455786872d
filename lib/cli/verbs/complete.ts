/** `yoi __complete`: what the completion scripts ask. @module */

import { locksDir, podsRoot } from "../../config/paths.ts";
import { PodStore } from "../../fleet/pod_store.ts";
import { completeWords } from "../complete_words.ts";
import type { Context } from "../context.ts";
import { EXIT, type ExitCode } from "../exit_code.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { VERBS } from "../verb_table.ts";

/** Prints what the last of the words can become, one candidate a line, a tab before its meaning. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const candidates = await completeWords(args.operands, VERBS, async () => {
    const { data, runtime } = context.paths();
    return await new PodStore({ root: podsRoot(data), locks: locksDir(runtime) }).names();
  });
  const text = candidates.map(({ word, meaning }) => `${word}\t${meaning}\n`).join("");
  await context.terminal.stdout.write(text);
  return EXIT.done;
}
