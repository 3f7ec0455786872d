/** `yoi run`. @module */

import { PodClient } from "../../client/pod_client.ts";
import { checkPodName } from "../../config/pod_name.ts";
import { withClientSignals } from "../client_signals.ts";
import { notRunning } from "../connect.ts";
import type { Context } from "../context.ts";
import type { ExitCode } from "../exit_code.ts";
import { findSocket, launchInBackground, type RunningPod } from "../launch.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { podFlags, type PodWishes, readPodWishes } from "../pod_flags.ts";
import { readText } from "../read_text.ts";
import { RunTurn } from "../run_turn.ts";

/** Gives a Pod something to do and shows what comes of it. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const [name = "", ...words] = args.operands;
  checkPodName(name);
  const timeout = args.positive("timeout");
  const wishes = readPodWishes(args, context.cwd);
  const text = await readText(words, context);
  return await withClientSignals(async (signals) => {
    const pod = await findOrStart(name, wishes, args, context, signals.signal);
    await using client = await PodClient.connect(pod.socketPath, { signal: signals.signal });
    const turn = new RunTurn({ name, client, signals, context, asJson: args.has("json") });
    return await turn.run(text, { timeoutSeconds: timeout, isNew: pod.pid !== undefined });
  });
}

async function findOrStart(
  name: string,
  wishes: PodWishes,
  args: ParsedArguments,
  context: Context,
  signal: AbortSignal,
): Promise<RunningPod> {
  const socketPath = await findSocket(name, context);
  if (socketPath !== undefined) {
    const [flag] = podFlags(wishes);
    if (flag !== undefined) {
      await context.terminal.stderr.write(
        `yoi: Pod "${name}" is running already, so ${flag} changes nothing; stop it first\n`,
      );
    }
    return { socketPath };
  }
  if (args.has("no-start")) throw notRunning(name);
  try {
    return await launchInBackground({ name, ...wishes }, context, { signal });
  } catch (error) {
    // Somebody else may have started it in the same moment.
    const found = signal.aborted ? undefined : await findSocket(name, context);
    if (found === undefined) throw error;
    return { socketPath: found };
  }
}
