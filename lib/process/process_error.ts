/** @module */

/**
 * What went wrong with a process, stable, for programs to switch on: `not_found` (no such program),
 * `not_executable`, `bad_cwd` (the working directory is not a folder), `spawn_failed` (the system
 * refused for another reason), `signal_failed`, `timed_out`, `too_deep` (this program started itself
 * too many times in a row).
 */
export type ProcessErrorCode =
  | "not_found"
  | "not_executable"
  | "bad_cwd"
  | "spawn_failed"
  | "signal_failed"
  | "timed_out"
  | "too_deep";

/**
 * A process that could not be started, signalled or awaited.
 *
 * @example
 * ```ts
 * import { ProcessError } from "./process_error.ts";
 * const error = new ProcessError("not_found", 'Cannot start "egress": no such program');
 * if (error.exitCode !== 127) throw error;
 * ```
 */
export class ProcessError extends Error {
  /** Always `ProcessError`. */
  override readonly name = "ProcessError";

  /**
   * An error with its words.
   *
   * @param code What went wrong, for programs.
   * @param message What went wrong, for people.
   */
  constructor(readonly code: ProcessErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
  }

  /** The exit code that shells give for this: 127, 126, 124; 1 for all that they have no code for. */
  get exitCode(): number {
    if (this.code === "not_found") return 127;
    if (this.code === "not_executable") return 126;
    if (this.code === "timed_out") return 124;
    return 1;
  }
}
