/** `yoi pod --pod NAME ...`: the form in which programs start Pods. @module */

import { resolve } from "@std/path";
import { sessionsRoot } from "../../config/paths.ts";
import { defaultPodName } from "../../config/pod_name.ts";
import type { StartPodOptions } from "../../host/start_pod.ts";
import { CliError } from "../cli_error.ts";
import type { Context } from "../context.ts";
import { defaultModel } from "../default_model.ts";
import { describeError } from "../describe_error.ts";
import { EXIT, type ExitCode } from "../exit_code.ts";
import type { ParsedArguments } from "../parsed_arguments.ts";
import { readPodWishes } from "../pod_flags.ts";
import { runPodProcess } from "../pod_process.ts";

/**
 * Runs a Pod in this process. A start that fails says `error: ...`, which is what the programs that
 * start Pods know, and ends with 1, or with 78 when the configuration is to blame.
 *
 * Source: protocol specification, section 5.4; sessions-and-pods specification, B.3; decisions 20
 * and 21.
 */
export async function run(args: ParsedArguments, context: Context): Promise<ExitCode> {
  const workspace = resolve(context.cwd, args.text("workspace") ?? ".");
  const store = args.text("store");
  const session = args.text("session");
  const root = store === undefined ? undefined : resolve(context.cwd, store);
  try {
    return await runPodProcess({
      request: {
        name: args.text("pod") ?? defaultPodName(workspace),
        ...readPodWishes(args, context.cwd),
      },
      prepare: async () => ({
        ...defaultModel(context),
        defaultCwd: workspace,
        requireState: args.has("require-pod-state"),
        newSession: args.has("new-session"),
        ...(root === undefined ? {} : { sessionsRoot: root }),
        ...(session === undefined ? {} : { restore: await findSegment(session, root, context) }),
      }),
    }, context);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    context.terminal.stderr.announce(`error: ${message}\n`);
    const { exitCode } = describeError(error, context.env);
    return exitCode === EXIT.configuration ? exitCode : EXIT.failed;
  }
}

async function findSegment(
  segmentId: string,
  root: string | undefined,
  context: Context,
): Promise<NonNullable<StartPodOptions["restore"]>> {
  const { SessionStore } = await import("../../session/session_store.ts");
  const { isUuid } = await import("../../session/uuid.ts");
  const folder = root ?? sessionsRoot(context.paths().data);
  const sessionId = isUuid(segmentId)
    ? await new SessionStore(folder).findSession(segmentId)
    : undefined;
  if (sessionId !== undefined) return { sessionId, segmentId };
  throw new CliError("failed", `Cannot restore segment "${segmentId}": it is not in "${folder}"`);
}
