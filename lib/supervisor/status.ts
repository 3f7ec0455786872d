/**
 * What a supervisor says about its children.
 *
 * Source: decision 50.
 *
 * @module
 */

/**
 * What a child is doing: `starting` (also while it waits for the children it starts after), `running`
 * (up, without a ready line), `ready` (up, its ready line was seen), `stopping`, `backoff` (waits for
 * its next automatic restart), `exited` (ended, no restart is due), `given_up`.
 */
export type ChildStatusState =
  | "starting"
  | "running"
  | "ready"
  | "stopping"
  | "backoff"
  | "exited"
  | "given_up";

/** How an incarnation ended, and when. */
export interface LastExit {
  /** Its exit code; 128 and the number of the signal that ended it; 127 or 126 if it was not spawned. */
  readonly code: number;
  /** The signal that ended it, or `null`. */
  readonly signal: string | null;
  /** When it was over, in milliseconds since 1970. */
  readonly at: number;
}

/** What is known about one child. */
export interface ChildStatus {
  /** Its name. */
  readonly name: string;
  /** What it is doing. */
  readonly state: ChildStatusState;
  /** Process id of its live incarnation. */
  readonly pid?: number;
  /** Number of its latest incarnation, counted from 1; 0 before the first. */
  readonly incarnation: number;
  /** Incarnations after the first, asked for or automatic. */
  readonly restarts: number;
  /** When its latest incarnation was spawned, in milliseconds since 1970. */
  readonly startedAt?: number;
  /** How its last incarnation that is over ended. */
  readonly lastExit?: LastExit;
}

/** What is known about all children. */
export interface SupervisorStatus {
  /** The children in the order of the configuration. */
  readonly children: readonly ChildStatus[];
}
