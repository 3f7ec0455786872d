/** `yoi pod start`. @module */

import { checkPodName } from "../../config/pod_name.ts";
import type { PodHandle } from "../../pod/pod_handle.ts";
import type { Context } from "../context.ts";
import { defaultModel } from "../default_model.ts";
import { EXIT, type ExitCode } from "../exit_code.ts";
import { launchInBackground } from "../launch.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { readPodWishes } from "../pod_flags.ts";
import { runPodProcess } from "../pod_process.ts";

/** Starts a Pod, in this process or in the background. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const name = args.operands[0]!;
  checkPodName(name);
  const wishes = readPodWishes(args, context.cwd);
  const newSession = args.has("new-session");
  const asJson = args.has("json");
  const { stdout } = context.terminal;
  if (args.has("detach")) {
    const { socketPath: socket, pid } = await launchInBackground(
      { name, newSession, ...wishes },
      context,
    );
    await stdout.write(
      asJson
        ? `${JSON.stringify({ name, socket, pid })}\n`
        : `Pod "${name}" listens on "${socket}"\n`,
    );
    return EXIT.done;
  }
  return await runPodProcess({
    request: { name, ...wishes },
    prepare: () => ({ newSession, ...defaultModel(context), defaultCwd: context.cwd }),
    onReady: async (pod: PodHandle) => {
      if (!asJson) return;
      const ready = { name, socket: pod.socketPath, pid: Deno.pid };
      await stdout.write(`${JSON.stringify(ready)}\n`);
    },
  }, context);
}
