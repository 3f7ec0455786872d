/**
 * What the program exits with when a supervisor is done.
 *
 * Source: supervisor specification, section 5; decisions 21, 46 and 48.
 *
 * @module
 */

import { SupervisorError } from "./supervisor_error.ts";

/** How a child ended for good. */
export interface ChildEnd {
  /** Its last exit code; 128 and the number of the signal that ended it. */
  readonly code: number;
  /** The signal that ended it, or `null`. */
  readonly signal: string | null;
  /** Whether it failed too often. */
  readonly isGivenUp: boolean;
}

/** Why a supervisor is done. The first reason stands, whatever happens during the shutdown. */
export type SupervisorReason =
  /** Somebody asked for it, by a signal, over the control socket or in code. */
  | { readonly kind: "asked" }
  /** A second signal had every child killed at once. */
  | { readonly kind: "forced"; readonly signal: "SIGINT" | "SIGTERM" }
  /** A critical child ended for good. */
  | { readonly kind: "critical_child"; readonly child: string; readonly end: ChildEnd }
  /** Every child ended for good, and none of them was critical. */
  | { readonly kind: "all_ended"; readonly ends: readonly ChildEnd[] }
  /** The reader of the supervisor's own output went away. */
  | { readonly kind: "output_closed" }
  /** A fault of the supervisor itself, or of its output. */
  | { readonly kind: "fault"; readonly error: unknown };

/**
 * Why a supervisor ends whose output takes nothing any more: its reader went away, or the output is
 * broken, as on a full disk, which is worth telling.
 *
 * @param error What the sink rejected with, maybe as the cause of an error of its owner.
 */
export function reasonOfBrokenOutput(error: unknown): SupervisorReason {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof Deno.errors.BrokenPipe || at instanceof Deno.errors.ConnectionReset) {
      return { kind: "output_closed" };
    }
  }
  const reason = error instanceof Error ? error.message : String(error);
  const message = `Cannot write what the children print: ${reason}`;
  return { kind: "fault", error: new SupervisorError("internal", message, { cause: error }) };
}

/**
 * The exit code for a reason.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { exitCodeOf } from "./exit_code.ts";
 *
 * const end = { code: 3, signal: null, isGivenUp: true };
 * assertEquals(exitCodeOf({ kind: "critical_child", child: "db", end }), 3);
 * assertEquals(exitCodeOf({ kind: "asked" }), 0);
 * ```
 */
export function exitCodeOf(reason: SupervisorReason): number {
  switch (reason.kind) {
    case "asked":
      return 0;
    case "forced":
      return reason.signal === "SIGINT" ? 130 : 143;
    case "critical_child":
      return codeOfEnd(reason.end);
    case "all_ended":
      return reason.ends.every((end) => codeOfEnd(end) === 0) ? 0 : 1;
    case "output_closed":
      return 141;
    case "fault":
      return 70;
  }
}

/** A child that was given up has failed, even if every incarnation of it ended with 0. */
function codeOfEnd(end: ChildEnd): number {
  return end.code === 0 && end.isGivenUp ? 1 : end.code;
}
