/** `yoi stop`. @module */

import { ClientError } from "../../client/error.ts";
import type { PodClient } from "../../client/pod_client.ts";
import { probePod } from "../../client/probe.ts";
import { podRuntimeDir } from "../../config/paths.ts";
import { CliError } from "../cli_error.ts";
import { withClientSignals } from "../client_signals.ts";
import { connectTo } from "../connect.ts";
import type { Context } from "../context.ts";
import { EXIT, type ExitCode } from "../exit_code.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";

/** Seconds a Pod gets to leave. */
const LIMIT_SECONDS = 20;
/** Milliseconds between two looks at what is left of a Pod whose stream has ended. */
const LOOK_MS = 10;
/** Milliseconds that a Pod nobody reaches any more has to remove its folder. */
const FOLDER_MS = 1_000;

/** Shuts a Pod down and waits until it has gone. */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const name = args.operands[0]!;
  const seconds = args.positive("timeout") ?? LIMIT_SECONDS;
  return await withClientSignals(async (signals) => {
    const limit = AbortSignal.timeout(seconds * 1000);
    const signal = AbortSignal.any([signals.signal, limit]);
    try {
      {
        await using client = await connectTo(name, context, { signal });
        await shutDown(client, signal);
      }
      await gone(podRuntimeDir(context.paths().runtime, name), signal);
    } catch (error) {
      if (!limit.aborted || signals.signal.aborted) throw error;
      const message = `Pod "${name}" was told to stop and has not ended within ${seconds} s`;
      throw new CliError("failed", message, { cause: error });
    }
    await context.terminal.stdout.write(
      args.has("json")
        ? `${JSON.stringify({ name, stopped: true })}\n`
        : `Pod "${name}" has stopped\n`,
    );
    return EXIT.done;
  });
}

/** Asks the Pod to leave and reads until its stream ends, however it does. */
async function shutDown(client: PodClient, signal: AbortSignal): Promise<void> {
  try {
    while (!client.greeting && await client.nextEvent({ signal })) continue;
    await client.send({ method: "shutdown" }, { signal });
    while (await client.nextEvent({ signal })) continue;
  } catch (error) {
    if (!(error instanceof ClientError) || signal.aborted) throw error;
    // Whether it has gone is seen at its socket.
  }
}

/**
 * Waits until nobody listens and the folder is gone, the last thing before the name is free again. A
 * Pod that dies on its way out leaves its folder.
 */
async function gone(folder: string, signal: AbortSignal): Promise<void> {
  while ((await probePod(`${folder}/sock`, { signal })).reachable !== false) await pause();
  const deadline = performance.now() + FOLDER_MS;
  while (performance.now() < deadline && await exists(folder)) await pause();
}

async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
