/** Signals to a child and the processes that it started. @module */

import { liveGroupMembers } from "./identity.ts";
import { hasProcessTable } from "./_proc.ts";
import { ProcessError } from "./process_error.ts";

/** Pauses between two looks at a group that is about to end, in milliseconds; the last repeats. */
const PAUSES = [1, 2, 4, 8, 16, 32];

/** How long SIGKILL may take for the rest of a group; longer means an unkillable wait in the kernel. */
const KILL_BOUND_MS = 1000;

/**
 * The processes that a stop reaches: a child with a group of its own and all that stay in that
 * group, or the child alone. Nothing is ever signalled before it was seen alive, and once everything
 * has ended the group's number, which others may then get, is never used again.
 */
export class ProcessGroup {
  readonly #process: Deno.ChildProcess;
  readonly #program: string;
  readonly #whole: boolean;
  #leaderEnded = false;
  #over = false;

  /** @param whole Whether the process leads a group of its own. */
  constructor(process: Deno.ChildProcess, program: string, whole: boolean) {
    this.#process = process;
    this.#program = program;
    this.#whole = whole;
  }

  /** To be called when the child's status is known: its pid is free from here on. */
  leaderEnded(): void {
    this.#leaderEnded = true;
    if (!this.#whole) this.#over = true;
  }

  /** Whether the child or another member of its group runs. */
  isLive(): boolean {
    if (this.#over) return false;
    // Without a process table a child that was not reaped is the only one known to be ours.
    if (!this.#whole || !hasProcessTable()) return !this.#leaderEnded;
    const live = liveGroupMembers(this.#process.pid).length > 0;
    if (!live && this.#leaderEnded) this.#over = true;
    return live;
  }

  /**
   * Sends a signal to every live process; does nothing when none is left.
   *
   * @throws {ProcessError} `signal_failed`, when the system does not let us.
   */
  signal(signal: Deno.Signal): void {
    if (!this.isLive()) return;
    try {
      if (this.#whole) Deno.kill(-this.#process.pid, signal);
      else this.#process.kill(signal);
    } catch (cause) {
      // It ended since we looked: the runtime says NotFound for a pid, TypeError for a child it reaped.
      if (cause instanceof Deno.errors.NotFound || cause instanceof TypeError) return;
      throw new ProcessError(
        "signal_failed",
        `Cannot send ${signal} to "${this.#program}" (pid ${this.#process.pid}): ${
          cause instanceof Error ? cause.message : cause
        }`,
        { cause },
      );
    }
  }

  /**
   * After the leader's end: waits for the rest up to `graceMs`, or until `isOverdue`, then kills it.
   */
  async endRest(graceMs: number, isOverdue: () => boolean): Promise<void> {
    if (!this.isLive()) return;
    await this.#untilOver(graceMs, isOverdue);
    if (!this.isLive()) return;
    this.signal("SIGKILL");
    await this.#untilOver(KILL_BOUND_MS, () => false);
  }

  async #untilOver(boundMs: number, stop: () => boolean): Promise<void> {
    const end = performance.now() + boundMs;
    for (let round = 0; this.isLive() && !stop() && performance.now() < end; round++) {
      const pause = PAUSES[Math.min(round, PAUSES.length - 1)];
      // There is no event for the end of a process that is not our child: look again and again.
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
