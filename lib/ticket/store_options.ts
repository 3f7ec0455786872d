/** How a ticket store works, and what every request to it may say. @module */

import type { DiskStep } from "./disk.ts";
import type { TicketProblem } from "./ticket.ts";

/** How a `TicketStore` works. */
export interface TicketStoreOptions {
  /** The configured record language, which decides the language of generated texts. */
  readonly language?: string | undefined;
  /** Milliseconds since 1970; default the system's clock. */
  readonly now?: (() => number) | undefined;
  /** Who acts where a request names nobody; default `$USER`, else `unknown`. */
  readonly author?: string | undefined;
  /** Named in generated texts; default `LocalTicketBackend`. */
  readonly backendName?: string | undefined;
  /** How long to wait for other writers, in milliseconds; default 5000. */
  readonly lockTimeoutMs?: number | undefined;
  /**
   * Called once for each wait for another writer that lasts longer than a second. It is given who
   * that is, if that is known: `process 12 since 2026-05-31T12:00:00.000Z, which is running`, or
   * `git`. What it throws ends the wait, and so the change.
   */
  readonly onWait?: ((holder: string | undefined) => void) | undefined;
  /** Whether a change has reached the disk when its call returns. Default `true`. */
  readonly durable?: boolean | undefined;
  /** Folder of the objectives whose links a migration rewrites; without it they are left alone. */
  readonly objectivesRoot?: string | undefined;
  /** Called before and after every change of a file; what it throws ends the change there. */
  readonly onWrite?: ((step: DiskStep) => void) | undefined;
  /** Aborts every reading and every wait for the lock, as the signal of a single request does. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of every request. */
export interface RequestOptions {
  /**
   * Aborts a reading or the wait for the lock, which then rejects with the signal's reason. A
   * change that has begun to write is finished.
   */
  readonly signal?: AbortSignal | undefined;
}

/** Options of every change. */
export interface ChangeOptions extends RequestOptions {
  /** Who acts; default the store's author. */
  readonly author?: string | undefined;
}

/** Options of a change of state that unresolved tickets can block. */
export interface GateOptions extends ChangeOptions {
  /**
   * Called when relations of other tickets cannot be read, one of which may block this ticket. The
   * change is made all the same: one bad record must not stop everybody.
   */
  readonly onUnread?: ((problems: readonly TicketProblem[]) => void) | undefined;
}
