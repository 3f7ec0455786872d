/** @module */

/**
 * Why a path may not be used:
 * - `invalid_path`: not a path at all (empty, a NUL byte);
 * - `relative`: not absolute;
 * - `unresolvable`: `..` behind something that does not exist, or links that lead in a circle;
 * - `out_of_scope`: no rule allows it;
 * - `symlink_out_of_scope`: a symbolic link leads out of what is allowed;
 * - `broken_symlink`: a component is a symbolic link to something that is gone;
 * - `read_only`: readable, but not for writing;
 * - `not_found`: nothing lies there;
 * - `is_directory`, `not_directory`: the other one was needed;
 * - `symlink_directory`: a search would start at a symbolic link;
 * - `invalid_rule`: a rule or a scope that cannot be used.
 */
export type ScopeErrorCode =
  | "invalid_path"
  | "relative"
  | "unresolvable"
  | "out_of_scope"
  | "symlink_out_of_scope"
  | "broken_symlink"
  | "read_only"
  | "not_found"
  | "is_directory"
  | "not_directory"
  | "symlink_directory"
  | "invalid_rule";

/** A path that the scope does not give, or that cannot be used the way it was asked for. */
export class ScopeError extends Error {
  /** Always `ScopeError`. */
  override readonly name = "ScopeError";

  /** Makes a scope error. */
  constructor(
    /** What went wrong, stable. */
    readonly code: ScopeErrorCode,
    /** The path as it was given. */
    readonly path: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
