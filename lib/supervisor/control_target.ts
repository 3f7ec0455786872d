/** @module */

import type { SupervisorListener } from "./observers.ts";
import type { SupervisorStatus } from "./status.ts";

/** What control clients can reach: the supervisor. */
export interface ControlTarget {
  /** What is known about the children now. */
  status(): SupervisorStatus;
  /** Restarts one child, or every child; settles when that is done. */
  restart(name?: string): Promise<void>;
  /** Ends everything; resolves when nothing is left. */
  shutdown(): Promise<void>;
  /** Tells a listener what happens, with `lines` also what is printed, until it is disposed. */
  observe(listener: SupervisorListener, options?: { lines?: boolean }): Disposable;
}
