/**
 * A ticket as programs see it, whatever generation its files are of.
 *
 * Source: tickets specification, sections 1.4 and 3; decisions 34 and 35.
 *
 * @module
 */

import type { TicketState } from "./states.ts";
import type { RelationView } from "./relation_view.ts";

/** How a ticket lies on disk: `v1` in buckets, `v2` dated ids, `v3` base32 milliseconds. */
export type Generation = "v1" | "v2" | "v3";

/** What a frontmatter key can hold. `null` means absent. */
export type FrontmatterValue = string | number | boolean | null | readonly string[];

/** Frontmatter as the file says it: raw keys, in file order. */
export type Frontmatter = Readonly<Record<string, FrontmatterValue>>;

/** The fields of `item.md`, in one shape for all generations. */
export interface TicketFields {
  /** Empty when the file has none. */
  readonly title: string;
  /** Where it stands. */
  readonly state: TicketState;
  /** When it was created: UTC, as written; `null` if the file does not say. */
  readonly createdAt: string | null;
  /** When it was last changed: UTC, as written; `null` if the file does not say. */
  readonly updatedAt: string | null;
  /** Who works on it; `null` for nobody. */
  readonly assignee: string | null;
  /** `P0` to `P3`, or whatever the file says; `null` for none. */
  readonly priority: string | null;
  /** How ready it is, in somebody's words; `null` if nobody said. */
  readonly readiness: string | null;
  /** What may go wrong, in words; often empty. */
  readonly riskFlags: readonly string[];
  /** Who queued it; `null` for nobody. */
  readonly queuedBy: string | null;
  /** When it was queued: UTC, as written; `null` if it was not. */
  readonly queuedAt: string | null;
  /** Lookup alias of v1 tickets. */
  readonly slug: string | null;
}

/** One event of a thread. */
export interface TicketEvent {
  /**
   * As written: `create`, `comment`, `plan`, `decision`, `implementation_report`, `review`,
   * `intake_summary`, `state_changed`, `close`, `item_edit`, or any other word. Older threads have
   * `closed`, which means `close`. Empty when the header has none.
   */
  readonly kind: string;
  /** Who did it; `null` when the header does not say. */
  readonly author: string | null;
  /** UTC, as written. */
  readonly at: string | null;
  /** Text of the `## ` line, `null` without one. */
  readonly heading: string | null;
  /** Without outer blank lines, unescaped. */
  readonly body: string;
  /**
   * Every attribute of the header in its order, `event`, `author` and `at` included. A
   * `state_changed` has `from`, `to`, `reason` and `field`, the key that was changed: `state`,
   * `workflow_state` in older threads, or that of another field, such as `assignee`; one that only
   * records a change made elsewhere has `applied: elsewhere`. A `review` has its result as `status`.
   */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A record that could not be read. It is reported beside the others, never instead of them. */
export interface TicketProblem {
  /** Relative to the root. */
  readonly path: string;
  /** Why, in words that never quote the file's content. */
  readonly reason: string;
}

/** A ticket in a list. */
export interface TicketRow {
  /** Name of its folder. */
  readonly id: string;
  /** How it lies on disk. */
  readonly generation: Generation;
  /** Whole, as written. */
  readonly title: string;
  /** Where it stands. */
  readonly state: TicketState;
  /** `P0` to `P3`, or whatever the file says; `null` for none. */
  readonly priority: string | null;
  /** When it was last changed: UTC, as written; `null` if the file does not say. */
  readonly updatedAt: string | null;
  /**
   * What a person picking work wants to know: `readiness:TEXT`, and `bucket:pending` of v1 tickets
   * in that folder; `assignee` is not among them.
   */
  readonly hints: readonly string[];
}

/** A list of tickets. */
export interface TicketList {
  /** The tickets, in the order that was asked for. */
  readonly tickets: readonly TicketRow[];
  /** Every record that could not be read, whatever the filters and the limit. */
  readonly problems: readonly TicketProblem[];
  /** How many tickets the filters let through, before `limit`. */
  readonly total: number;
  /** Whether rows were cut off by `limit`. */
  readonly truncated: boolean;
}

/** A ticket with everything that belongs to it. */
export interface TicketDetail {
  /** Name of its folder. */
  readonly id: string;
  /** How it lies on disk. */
  readonly generation: Generation;
  /**
   * Its id after a migration of this root, for a v3 ticket its own; `null` if none can be computed.
   */
  readonly v3Id: string | null;
  /** Whole, as written. */
  readonly title: string;
  /** Where it stands. */
  readonly state: TicketState;
  /** Every key, as the file says it. */
  readonly frontmatter: Frontmatter;
  /** Everything after the frontmatter's closing line, as it is. */
  readonly body: string;
  /** The events in the order of the file, which is the oldest first. */
  readonly events: readonly TicketEvent[];
  /** Paths below `artifacts/`, sorted. */
  readonly artifacts: readonly string[];
  /** What relations say about it. */
  readonly relations: RelationView;
  /** Text of its `resolution.md`; `null` without one. */
  readonly resolution: string | null;
  /** What could not be read of this ticket, or of others that its relations depend on. */
  readonly problems: readonly TicketProblem[];
}

/** How bad a diagnostic is; only errors make a store not ok. */
export type Severity = "error" | "warning";

/** One finding of the doctor. */
export interface Diagnostic {
  /** Stable name of the rule, `snake_case`. */
  readonly code: string;
  /** How bad it is. */
  readonly severity: Severity;
  /** What is wrong and what to do about it. */
  readonly message: string;
  /** The file or folder, absolute. */
  readonly path: string | null;
  /** 1-based. */
  readonly line: number | null;
  /** Id of the ticket, `null` for findings about the root. */
  readonly ticket: string | null;
}
