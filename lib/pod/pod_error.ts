/** @module */

/** What went wrong with a Pod. */
export type PodErrorCode =
  /** Another process runs a Pod of this name. */
  | "already_running"
  /** A name, path or folder that cannot be used. */
  | "invalid"
  /** The turn took too long to end and lost its pen. */
  | "revoked"
  /** The Pod has shut down. */
  | "closed"
  /** The file system or the socket failed. */
  | "io";

/** A Pod that cannot be started or used; the message says what, where and what to do. */
export class PodError extends Error {
  /** The class, for messages. */
  override readonly name = "PodError";

  /** An error of the given code; `options.cause` is what it comes from. */
  constructor(
    /** What went wrong, stable, for programs. */
    readonly code: PodErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
