/** @module */

import type { Clock } from "./clock.ts";
import type { SupervisorReason } from "./exit_code.ts";
import type { SupervisorListener } from "./observers.ts";
import type { OutputFormat } from "./output_format.ts";
import type { OutputSink } from "./output_sink.ts";

/** What a supervisor is given beside its configuration. */
export interface SupervisorOptions {
  /** Takes what the children print to stdout; nowhere if not given. Stays its owner's. */
  stdout?: OutputSink;
  /** Takes what they print to stderr; may be the same sink. Nowhere if not given. */
  stderr?: OutputSink;
  /** How lines are written; `plain` if not given. */
  format?: OutputFormat;
  /** Whether the plain form colours the names. */
  colour?: boolean;
  /** Hears everything but printed lines; must not wait. What it throws ends the supervisor. */
  onEvent?: SupervisorListener;
  /** Time and timers; the system's if not given. */
  clock?: Clock;
  /**
   * Where to keep the record of live processes. What a killed supervisor of the same record left
   * running is ended before the first child starts.
   */
  leftoversPath?: string;
  /** Begins the shutdown. */
  signal?: AbortSignal;
}

/** How the shutdown goes. */
export interface ShutdownOptions {
  /** Whether every group is killed at once. */
  now?: boolean;
  /** With `now`: the second signal that asked for it, which then makes the exit code. */
  signal?: "SIGINT" | "SIGTERM";
}

/** How a supervisor ended. */
export interface SupervisorOutcome {
  /** What the program exits with. */
  readonly code: number;
  /** Why. */
  readonly reason: SupervisorReason;
}
