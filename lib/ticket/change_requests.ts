/**
 * The requests for new tickets and changes, in one shape for the store and its operations.
 *
 * @module
 */

import type { ReviewResult } from "./event_kinds.ts";
import type { RelationKind } from "./relation_view.ts";
import type { CommentKind, Priority } from "./request_words.ts";
import type { TicketState } from "./states.ts";
import type { ChangeOptions, GateOptions, RequestOptions } from "./store_options.ts";

/** A ticket to create. */
export interface NewTicket {
  /** One line. */
  readonly title: string;
  /** Markdown; default a template to fill in. */
  readonly body?: string | undefined;
  /** Who creates it; default the store's author. */
  readonly author?: string | undefined;
  /** Who works on it. */
  readonly assignee?: string | null | undefined;
  /** How ready it is, in a word of your own. */
  readonly readiness?: string | null | undefined;
  /** What could go wrong, in words; blank ones are left out. */
  readonly riskFlags?: readonly string[] | undefined;
  /** Default `planning`; `ready` needs a `summary`, the others need `import`. */
  readonly state?: TicketState | undefined;
  /** Result of the intake, for a ticket that begins as `ready`. */
  readonly summary?: string | undefined;
  /** Who queued it, for a ticket that comes from elsewhere. */
  readonly queuedBy?: string | null | undefined;
  /** When it was queued, UTC. */
  readonly queuedAt?: string | null | undefined;
  /** How urgent it is. */
  readonly priority?: Priority | null | undefined;
  /** Accepts any state, without its gates, for tickets that come from elsewhere. */
  readonly import?: boolean | undefined;
}

/** A comment, a plan, a decision or an implementation report. */
export interface CommentRequest extends ChangeOptions {
  /** Default `comment`. */
  readonly kind?: CommentKind | undefined;
  /** Markdown of at most 1 MiB; nothing in it can end or forge an event. */
  readonly body: string;
}

/** A review. */
export interface ReviewRequest extends ChangeOptions {
  /** The reviewer's verdict. */
  readonly result: ReviewResult;
  /** Why, as in a {@linkcode CommentRequest}. */
  readonly body: string;
}

/** A change of state that was made elsewhere, to be recorded only. */
export interface StateChangeRecord extends ChangeOptions {
  /** One line, as are `to`, `reason` and `field`. */
  readonly from: string;
  /** What it has become. */
  readonly to: string;
  /** Why. */
  readonly reason: string;
  /** What has changed; default `state`. */
  readonly field?: string | undefined;
  /** More about it. */
  readonly body?: string | undefined;
}

/** The result of an intake, without the transition that usually follows. */
export interface IntakeSummaryRecord extends ChangeOptions {
  /** Not blank. */
  readonly summary: string;
}

/** The end of an intake: the ticket becomes ready. */
export interface IntakeReadyRequest extends ChangeOptions {
  /** Result of the intake; not blank. */
  readonly summary: string;
  /** One line; default `planning_ready`. */
  readonly reason?: string | undefined;
  /** Body of the transition's event; default a generated sentence. */
  readonly body?: string | undefined;
}

/** Puts a ticket into the queue. */
export interface QueueRequest extends Omit<GateOptions, "author"> {
  /** Who queues it; default the store's author. */
  readonly queuedBy?: string | undefined;
  /** Body of the transition's event; default a generated sentence. */
  readonly body?: string | undefined;
}

/** A transition that has no method of its own. */
export interface TransitionRequest extends GateOptions {
  /** The state that the ticket must be in. */
  readonly from: TicketState;
  /** The state that it moves to. */
  readonly to: TicketState;
  /** Why, in one line. */
  readonly reason: string;
  /** Body of the event; default empty. */
  readonly body?: string | undefined;
}

/** A change of state, whatever the current one is. */
export interface SetStateRequest extends GateOptions {
  /** One line; the default depends on the transition. */
  readonly reason?: string | undefined;
  /** Body of the transition's event; default a generated sentence. */
  readonly body?: string | undefined;
  /** Result of the intake, if the ticket moves from `planning` to `ready`. */
  readonly summary?: string | undefined;
}

/** Closes a ticket. */
export interface CloseRequest extends ChangeOptions {
  /** How it was resolved: Markdown, not blank. */
  readonly resolution: string;
}

/** Reopens a closed ticket. */
export interface ReopenRequest extends ChangeOptions {
  /** Why, in one line. */
  readonly reason: string;
}

/** A new relation. */
export interface RelateRequest extends ChangeOptions {
  /** What the ticket is to the other one. */
  readonly kind: RelationKind;
  /** The other ticket: its id, one from before a migration, or a slug. */
  readonly target: string;
  /** Why. */
  readonly note?: string | null | undefined;
}

/** A relation to remove. */
export interface UnrelateRequest extends RequestOptions {
  /** As it is stored. */
  readonly kind: RelationKind;
  /** The other ticket, by any of its names. */
  readonly target: string;
}

/** A new value for a field that has no method of its own. */
export interface SetFieldRequest extends ChangeOptions {
  /** Key in the frontmatter. */
  readonly field: string;
  /** One line; `null` removes the value. */
  readonly to: string | null;
  /** What the field must hold now, `null` for nothing. If left out, any value is replaced. */
  readonly from?: string | null | undefined;
  /** Why, in one line. */
  readonly reason: string;
  /** Body of the event; default a generated sentence. */
  readonly body?: string | undefined;
}

/** A new title, a new body, or both. */
export interface EditRequest extends ChangeOptions {
  /** One line. */
  readonly title?: string | undefined;
  /** Markdown. */
  readonly body?: string | undefined;
}

/** An edit of the whole `item.md`. */
export interface ReplaceItemRequest extends ChangeOptions {
  /** The text that the edit began with: the file must not have changed since. */
  readonly expected: string;
}
