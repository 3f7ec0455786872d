/** @module */

/** Why something about a fleet of Pods cannot be done. */
export type FleetErrorCode =
  /** A Pod's record cannot be read. */
  | "corrupt"
  /** There is no record, session or segment of that name. */
  | "not_found"
  /** A Pod process did not come up. */
  | "launch_failed"
  /** A Pod process did not come up in time. */
  | "timeout"
  /** The file system failed. */
  | "io";

/** A fleet operation that cannot be done; the message says what to do about it. */
export class FleetError extends Error {
  /** For programs that see the error only as text. */
  override readonly name = "FleetError";

  /** What went wrong, stable. */
  readonly code: FleetErrorCode;

  /** What a process ended with that did not come up, if it did end. */
  readonly exitCode: number | undefined;

  /** Says in `message` what cannot be done, why, and what to do about it. */
  constructor(
    code: FleetErrorCode,
    message: string,
    options?: ErrorOptions & { exitCode?: number | undefined },
  ) {
    super(message, options);
    this.code = code;
    this.exitCode = options?.exitCode;
  }
}
