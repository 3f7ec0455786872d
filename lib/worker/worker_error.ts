/** @module */

/** What went wrong, for programs. */
export type WorkerErrorCode =
  /** The selector names no model of this program. */
  | "unknown_model"
  /** A model script cannot be read or has a bad line. */
  | "bad_script"
  /** A scripted model call fails, by its script or because the script has ended. */
  | "model_failed"
  /** Two tools have one name. */
  | "duplicate_tool";

/**
 * A failure of the worker or one of its built-in models.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { WorkerError } from "./worker_error.ts";
 *
 * const error = new WorkerError("model_failed", "overloaded", { statusCode: 529 });
 * assert(error.code === "model_failed" && error.statusCode === 529);
 * ```
 */
export class WorkerError extends Error {
  /** The class, as text. */
  override readonly name = "WorkerError";
  /** The HTTP status a scripted failure stands for, under the name AI SDK errors use. */
  readonly statusCode?: number;

  /**
   * Says what went wrong to programs and to people.
   *
   * @param code What went wrong, stable.
   * @param message What is so, for a person.
   */
  constructor(
    readonly code: WorkerErrorCode,
    message: string,
    options: ErrorOptions & { statusCode?: number | undefined } = {},
  ) {
    super(message, options);
    if (options.statusCode !== undefined) this.statusCode = options.statusCode;
  }
}
