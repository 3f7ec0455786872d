/** What is said about a value that the wire does not allow. @module */

/**
 * A value that is not what the wire allows.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { ProtocolError } from "./error.ts";
 * const error = new ProtocolError("$.params.input", "must be an array");
 * assert(error.message === "Cannot decode $.params.input: must be an array");
 * ```
 */
export class ProtocolError extends Error {
  /** Name of the class, for people and for errors from another realm. */
  override readonly name = "ProtocolError";
  /** What went wrong, stable: always `invalid`. */
  readonly code = "invalid";

  /** JSON path of the offending value, `$` for the whole. */
  readonly path: string;
  /** What is wrong with it, without a full stop. */
  readonly reason: string;

  /** The error for the value at `path`, which is wrong for the given reason. */
  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(`Cannot decode ${path}: ${reason}`, options);
    this.path = path;
    this.reason = reason;
  }
}

/**
 * The failure `error` of a part, seen from the whole that has the part under `key`. Errors of other
 * classes are given back as they are.
 */
export function inside(key: string | number, error: unknown): unknown {
  if (!(error instanceof ProtocolError)) return error;
  const step = typeof key === "number"
    ? `[${key}]`
    : IDENTIFIER.test(key)
    ? `.${key}`
    : `[${JSON.stringify(key)}]`;
  return new ProtocolError(`$${step}${error.path.slice(1)}`, error.reason);
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
