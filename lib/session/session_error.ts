/** @module */

/** Why a segment log or session cannot be used. */
export type SessionErrorCode =
  /** The file or session is not there. */
  | "not_found"
  /** A line that is not an entry lies before the end of the log. */
  | "corrupt"
  /** The log holds bytes that are not UTF-8. */
  | "not_utf8"
  /** The log holds no entry, so there is nothing to restore. */
  | "empty"
  /** Another writer holds the log. */
  | "locked"
  /** The entry is not on disk. */
  | "write_failed"
  /** The log may be read but not written. */
  | "read_only"
  /** A value given by the caller does not fit. */
  | "invalid";

/** What an error is about, beside its code. */
export interface SessionErrorOptions extends ErrorOptions {
  /** The file or folder. */
  path: string;
  /** 1-based physical line, blank lines counted. */
  line?: number;
}

/**
 * A session store or segment log that cannot do what was asked. Switch on `code`.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { SessionError } from "./session_error.ts";
 * const error = new SessionError("corrupt", 'Cannot read segment log "a.jsonl": line 3 is damaged', {
 *   path: "a.jsonl",
 *   line: 3,
 * });
 * assert(error.code === "corrupt" && error.line === 3);
 * ```
 */
export class SessionError extends Error {
  /** The class, for messages. */
  override readonly name = "SessionError";
  /** What went wrong, stable, for programs. */
  readonly code: SessionErrorCode;
  /** The file or folder that it is about. */
  readonly path: string;
  /** 1-based physical line of the damage, where there is one. */
  readonly line?: number;

  /** An error of the given code about `options.path`. */
  constructor(code: SessionErrorCode, message: string, options: SessionErrorOptions) {
    super(message, options);
    this.code = code;
    this.path = options.path;
    if (options.line !== undefined) this.line = options.line;
  }
}
