/** @module */

import { ScopeError } from "../scope/scope_error.ts";

/**
 * Why a call failed:
 * - `invalid_argument`: the caller has to ask for something else;
 * - `execution_failed`: the request was fine, the world was not (a missing file, an I/O error);
 * - `internal`: a fault of the program.
 */
export type ToolErrorCode = "invalid_argument" | "execution_failed" | "internal";

/** A tool call that failed; the message is for the model. */
export class ToolError extends Error {
  /** Always `ToolError`. */
  override readonly name = "ToolError";

  /** Makes a tool error. */
  constructor(
    /** What went wrong, stable. */
    readonly code: ToolErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * The one line a model reads about a failed call.
 *
 * Source: worker-and-tools specification, section A.0.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { describeToolError, ToolError } from "./tool_error.ts";
 *
 * const text = describeToolError(new ToolError("invalid_argument", "invalid Read input: no path"));
 * assert(
 *   text === "Tool execution failed: Invalid argument: invalid Read input: no path",
 * );
 * ```
 */
export function describeToolError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `Tool execution failed: ${CLASS_NAMES[classify(error)]}: ${message}`;
}

const CLASS_NAMES: Record<ToolErrorCode, string> = {
  invalid_argument: "Invalid argument",
  execution_failed: "Execution failed",
  internal: "Internal error",
};

function classify(error: unknown): ToolErrorCode {
  if (error instanceof ToolError) return error.code;
  if (error instanceof ScopeError) {
    return error.code === "not_found" ? "execution_failed" : "invalid_argument";
  }
  const isSystemError = Object.values(Deno.errors).some((known) => error instanceof known);
  return isSystemError ? "execution_failed" : "internal";
}
