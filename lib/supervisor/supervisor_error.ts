/** @module */

/**
 * What went wrong, stable, for programs to switch on: `invalid_config`, `given_up` (the child will
 * not come up any more), `shutting_down`, `unknown_child`, `spawn_failed` (an incarnation could not
 * be started), `control` (a request, an event or the control socket), `internal` (a fault of the
 * supervisor itself).
 */
export type SupervisorErrorCode =
  | "invalid_config"
  | "given_up"
  | "shutting_down"
  | "unknown_child"
  | "spawn_failed"
  | "control"
  | "internal";

/** What a {@linkcode SupervisorError} carries beside its words. */
export interface SupervisorErrorOptions extends ErrorOptions {
  /** JSON path of the offending value, `$` for the whole. */
  path?: string;
  /** The exit code that stands for it: 127 or 126 for a program that could not be spawned. */
  exitCode?: number;
}

/**
 * Something that a supervisor cannot do.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { SupervisorError } from "./supervisor_error.ts";
 *
 * const error = new SupervisorError("unknown_child", 'Cannot restart "web": no such child');
 * assertEquals(error.code, "unknown_child");
 * ```
 */
export class SupervisorError extends Error {
  /** For programs that see the error only as text. */
  override readonly name = "SupervisorError";

  /** What went wrong, stable. */
  readonly code: SupervisorErrorCode;

  /** JSON path of the offending value of a configuration or a message. */
  readonly path: string | undefined;

  /** The exit code that stands for it, where it has one. */
  readonly exitCode: number | undefined;

  /** Says in `message` what cannot be done and why. */
  constructor(code: SupervisorErrorCode, message: string, options?: SupervisorErrorOptions) {
    super(message, options);
    this.code = code;
    this.path = options?.path;
    this.exitCode = options?.exitCode;
  }
}
