/**
 * Whether a child that ended without being asked to is started again, and when.
 *
 * Source: supervisor specification, sections 2 and 4; decision 48.
 *
 * @module
 */

/** Which endings lead to an automatic restart; `on-failure`: an exit code other than 0, a signal. */
export type RestartMode = "never" | "on-failure" | "always";

/** How long to wait before an automatic restart. */
export interface Backoff {
  /** The first wait, in milliseconds. */
  readonly initialMs: number;
  /** The longest wait, in milliseconds. */
  readonly maxMs: number;
  /** What each further wait is multiplied by, 1 or more. */
  readonly factor: number;
  /** How long an incarnation has to be up for the waits and the count to begin anew, in milliseconds. */
  readonly resetAfterMs: number;
}

/** What decides about automatic restarts of one child. */
export interface RestartPolicy {
  /** Which endings lead to a restart. */
  readonly restart: RestartMode;
  /** How long to wait before it. */
  readonly backoff: Backoff;
  /** Consecutive automatic restarts before the child is given up. */
  readonly maxRestarts: number;
}

/** What a child has been through. */
export interface RestartHistory {
  /** Automatic restarts since the child was last healthy, or was started or restarted by hand. */
  readonly consecutive: number;
}

/** How an incarnation ended that nobody had asked to end. */
export interface UnaskedEnd {
  /** Its exit code; 128 and the number of the signal that ended it. */
  readonly code: number;
  /** The signal that ended it, or `null`. */
  readonly signal: string | null;
  /** How long it was of use, in milliseconds; 0 when it never came up. */
  readonly ranMs: number;
  /** Whether it failed whatever its exit code: it could not be spawned, or was not ready in time. */
  readonly isFailed?: boolean;
}

/** What happens next: a restart after a wait, or nothing because no restart is due or none is left. */
export type RestartDecision =
  | { readonly kind: "restart"; readonly delayMs: number; readonly history: RestartHistory }
  | { readonly kind: "ended" }
  | { readonly kind: "given_up" };

/** The history of a child that has just been started or restarted by hand. */
export const NO_HISTORY: RestartHistory = { consecutive: 0 };

/**
 * Decides what follows an end that nobody asked for.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { decideRestart } from "./restart_policy.ts";
 *
 * const backoff = { initialMs: 200, maxMs: 10_000, factor: 2, resetAfterMs: 30_000 };
 * const policy = { restart: "on-failure", backoff, maxRestarts: 10 } as const;
 * const end = { code: 3, signal: null, ranMs: 50 };
 * assertEquals(decideRestart(policy, { consecutive: 2 }, end), {
 *   kind: "restart",
 *   delayMs: 800,
 *   history: { consecutive: 3 },
 * });
 * ```
 */
export function decideRestart(
  policy: RestartPolicy,
  history: RestartHistory,
  end: UnaskedEnd,
): RestartDecision {
  if (!isRestartDue(policy.restart, end)) return { kind: "ended" };
  const wasHealthy = end.ranMs >= policy.backoff.resetAfterMs;
  const { consecutive } = wasHealthy ? NO_HISTORY : history;
  if (consecutive >= policy.maxRestarts) return { kind: "given_up" };
  return {
    kind: "restart",
    delayMs: delayAfter(policy.backoff, consecutive),
    history: { consecutive: consecutive + 1 },
  };
}

function isRestartDue(mode: RestartMode, end: UnaskedEnd): boolean {
  switch (mode) {
    case "never":
      return false;
    case "always":
      return true;
    case "on-failure":
      return end.isFailed === true || end.code !== 0 || end.signal !== null;
  }
}

/** Whole milliseconds; a power too large for a number is `Infinity`, which the cap takes care of. */
function delayAfter({ initialMs, maxMs, factor }: Backoff, restarts: number): number {
  if (initialMs === 0) return 0;
  return Math.round(Math.min(initialMs * factor ** restarts, maxMs));
}
