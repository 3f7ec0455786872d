/** @module */

/**
 * A value that is not what the wire allows.
 *
 * @example
 * ```ts
 * import { ProtocolError } from "./error.ts";
 * const error = new ProtocolError("$.params.input", "must be an array");
 * console.assert(error.message === "Cannot decode $.params.input: must be an array");
 * ```
 */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  /** What went wrong, stable: always `invalid`. */
  readonly code = "invalid";

  /**
   * @param path JSON path of the offending value, `$` for the whole.
   * @param reason What is wrong with it, without a full stop.
   */
  constructor(readonly path: string, readonly reason: string, options?: ErrorOptions) {
    super(`Cannot decode ${path}: ${reason}`, options);
  }
}
