/** @module */

/** Why a Pod process cannot be assembled. */
export type HostErrorCode =
  /** The Pod was to be restored and has no state. */
  | "no_state"
  /** The working directory or the scope cannot be used. */
  | "bad_workspace";

/** A Pod that cannot be assembled; the message says what to do about it. */
export class HostError extends Error {
  override readonly name = "HostError";

  constructor(readonly code: HostErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
