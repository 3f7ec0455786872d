/** How a ticket store works, and what every request to it may say. @module */

import type { DiskStep } from "./disk.ts";
import type { TicketProblem } from "./ticket.ts";

/** How a `TicketStore` works. */
export interface TicketStoreOptions {
  /** The configured record language; decides in which language generated texts are written. */
  readonly language?: string | undefined;
  /** Milliseconds since 1970; default the system's clock. */
  readonly now?: (() => number) | undefined;
  /** Who acts where a request names nobody; default `$USER`, else `unknown`. */
  readonly author?: string | undefined;
  /** Named in generated texts; default `LocalTicketBackend`. */
  readonly backendName?: string | undefined;
  /** Bound of the wait for other writers in milliseconds; default 5000. */
  readonly lockTimeoutMs?: number | undefined;
  /**
   * Told once of each wait for another writer that takes longer than a second, with who that is
   * where it is known: `process 12 since 2026-05-31T12:00:00.000Z, which is running`, or `git`.
   */
  readonly onWait?: ((holder: string | undefined) => void) | undefined;
  /** Whether a change has reached the disk when its call returns. Default `true`. */
  readonly durable?: boolean | undefined;
  /** Folder of the objectives whose links a migration rewrites; without it they are left alone. */
  readonly objectivesRoot?: string | undefined;
  /** Told before and after every change of a file; what it throws ends the change there. */
  readonly onWrite?: ((step: DiskStep) => void) | undefined;
  /** Ends every reading and every wait for the lock, beside the signal of a request. */
  readonly signal?: AbortSignal | undefined;
}

/** What every request may say. */
export interface RequestOptions {
  /**
   * Ends a reading or the wait for the lock with its reason; what has begun to be written is
   * finished.
   */
  readonly signal?: AbortSignal | undefined;
}

/** What every change may say. */
export interface ChangeOptions extends RequestOptions {
  /** Who acts; default the store's author. */
  readonly author?: string | undefined;
}

/** What a change of state may say that unresolved tickets can stand in the way of. */
export interface GateOptions extends ChangeOptions {
  /**
   * Told when relations of other tickets cannot be read: one of them may say that it comes first.
   * One bad record stops nobody, so the change is made all the same.
   */
  readonly onUnread?: ((problems: readonly TicketProblem[]) => void) | undefined;
}
