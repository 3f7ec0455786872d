/** Verbs that ask a running supervisor for one thing. @module */

import { type AnsweredRequest, requestControl } from "../supervisor/control_client.ts";
import type { SupervisorStatus } from "../supervisor/status.ts";
import { CliError } from "./cli_error.ts";
import { withClientSignals } from "./client_signals.ts";
import type { Context } from "./context.ts";
import { EXIT, type ExitCode } from "./exit_code.ts";
import type { ParsedArguments } from "./parsed_arguments.ts";

/** One such verb. */
export interface SuperviseControl {
  request: AnsweredRequest;
  /** For people: what was done, line breaks included. */
  text: (status: SupervisorStatus) => string;
  /** For programs, in place of the status. */
  result?: (status: SupervisorStatus) => unknown;
  /** Done after the answer, before anything is said. */
  finish?: (control: string, signal: AbortSignal) => Promise<void>;
}

/**
 * Does it, with the supervisor that `--control` names.
 *
 * @throws {CliError} `usage` without `--control`.
 * @throws {SupervisorError} `control`, when it is not done.
 */
export async function superviseControl(
  { request, text, result, finish }: SuperviseControl,
  args: ParsedArguments,
  context: Context,
): Promise<ExitCode> {
  const control = args.text("control");
  if (control === undefined) {
    throw new CliError("usage", "--control is required: the socket of the running supervisor");
  }
  const seconds = args.positive("timeout");
  return await withClientSignals(async ({ signal }) => {
    const status = await requestControl(control, request, {
      signal,
      ...(seconds === undefined ? {} : { timeoutMs: seconds * 1000 }),
    });
    await finish?.(control, signal);
    await context.terminal.stdout.write(
      args.has("json") ? `${JSON.stringify(result?.(status) ?? status)}\n` : text(status),
    );
    return EXIT.done;
  });
}
