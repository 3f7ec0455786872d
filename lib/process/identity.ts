/** @module */

import { hasProcessTable, isRunning, readProcess, readProcesses } from "./_proc.ts";

/**
 * Which process is meant. A pid alone is reused by the system sooner or later; together with the
 * start time it names one process until the next boot.
 */
export interface ProcessIdentity {
  /** Process id. */
  pid: number;
  /**
   * Clock ticks between boot and the start of the process (`/proc/<pid>/stat`, field 22);
   * `undefined` on systems without `/proc`, where {@linkcode isAlive} can only compare the pid.
   */
  startTime: number | undefined;
}

/**
 * The identity of a running process, `undefined` when there is none of this pid (a zombie counts as
 * none).
 *
 * @example
 * ```ts
 * import { identify, isAlive } from "./identity.ts";
 * const own = identify(Deno.pid)!;
 * if (!isAlive(own)) throw new Error("we run");
 * if (isAlive({ ...own, startTime: 1 })) throw new Error("another process of the same pid");
 * ```
 */
export function identify(pid: number): ProcessIdentity | undefined {
  if (!hasProcessTable()) return canBeSignalled(pid) ? { pid, startTime: undefined } : undefined;
  const row = readProcess(pid);
  return row && isRunning(row) ? { pid, startTime: row.startTime } : undefined;
}

/** The identity of this process. */
export function ownIdentity(): ProcessIdentity {
  return identify(Deno.pid) ?? { pid: Deno.pid, startTime: undefined };
}

/**
 * Whether this very process still runs: same pid, same start time, not a zombie. An identity that
 * was recorded without a start time matches any running process of its pid.
 */
export function isAlive(identity: ProcessIdentity): boolean {
  return lifeOf(identity) !== "ended";
}

/** How a process is: `stopped` by a signal, until SIGCONT, is as alive as `running`. */
export type ProcessLife = "running" | "stopped" | "ended";

/** How this very process is, as {@linkcode isAlive} means it; without `/proc` none is `stopped`. */
export function lifeOf({ pid, startTime }: ProcessIdentity): ProcessLife {
  if (!hasProcessTable()) return canBeSignalled(pid) ? "running" : "ended";
  const row = readProcess(pid);
  if (row === undefined || !isRunning(row)) return "ended";
  if (startTime !== undefined && startTime !== row.startTime) return "ended";
  return row.state === "T" ? "stopped" : "running";
}

/**
 * The pids of all running members of a process group, zombies left out; empty when there are none
 * or the system has no `/proc`.
 */
export function liveGroupMembers(groupId: number): number[] {
  // One system call answers for a group that is gone, which is what callers ask about most.
  if (!hasProcessTable() || groupId <= 1 || !canBeSignalled(-groupId)) return [];
  return readProcesses().filter((row) => row.group === groupId && isRunning(row)).map((row) =>
    row.pid
  );
}

/** Signal 0 only asks. A process that is not ours answers with a refusal, so it exists. */
function canBeSignalled(pid: number): boolean {
  try {
    Deno.kill(pid, 0);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) return true;
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
