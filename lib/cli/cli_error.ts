/** @module */

import { EXIT, type ExitCode } from "./exit_code.ts";

/** Why a verb cannot do what was asked. */
export type CliErrorCode =
  /** The command line says something that cannot be meant. */
  | "usage"
  /** What was asked for failed. */
  | "failed"
  /** The configuration cannot be used. */
  | "configuration"
  /** The program itself is at fault. */
  | "fault"
  /** The Pod is not there. */
  | "not_running"
  /** Nobody reads the output any more. */
  | "output_closed"
  /** The output takes nothing: its disk is full, for one. */
  | "output_failed"
  /** The person gave up. */
  | "interrupted";

const EXIT_CODES: Readonly<Record<CliErrorCode, ExitCode>> = {
  usage: EXIT.usage,
  failed: EXIT.failed,
  configuration: EXIT.configuration,
  fault: EXIT.fault,
  not_running: EXIT.failed,
  output_closed: EXIT.outputClosed,
  output_failed: EXIT.failed,
  interrupted: EXIT.interrupted,
};

/**
 * A verb that cannot do what was asked; the message is what the person reads.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { CliError } from "./cli_error.ts";
 *
 * assert(new CliError("usage", 'There is no verb "lisst"').exitCode === 2);
 * ```
 */
export class CliError extends Error {
  override readonly name = "CliError";

  constructor(readonly code: CliErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
  }

  /** What the program ends with because of this. */
  get exitCode(): ExitCode {
    return EXIT_CODES[this.code];
  }
}
