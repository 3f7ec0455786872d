/** @module */

/** Why a Pod process cannot be assembled. */
export type HostErrorCode =
  /** The Pod was to be restored and has no state. */
  | "no_state"
  /** The working directory or the scope cannot be used. */
  | "bad_workspace";

/** A Pod that cannot be assembled; the message says what to do about it. */
export class HostError extends Error {
  /** For programs that see the error only as text. */
  override readonly name = "HostError";
  /** What went wrong, stable. */
  readonly code: HostErrorCode;

  /** Says in `message` what cannot be done, why, and what to do about it. */
  constructor(code: HostErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
