/**
 * What new tickets and changes are asked for with: one shape for the store and its operations.
 *
 * @module
 */

import type { ReviewResult } from "./event_kinds.ts";
import type { RelationKind } from "./relation_view.ts";
import type { CommentKind } from "./request_words.ts";
import type { TicketState } from "./states.ts";
import type { ChangeOptions, GateOptions, RequestOptions } from "./store_options.ts";

/** What a new ticket is to hold. */
export interface NewTicket {
  /** One line. */
  readonly title: string;
  /** Markdown; default a frame to fill in. */
  readonly body?: string | undefined;
  /** Who makes it; default the store's author. */
  readonly author?: string | undefined;
  /** Who works on it. */
  readonly assignee?: string | null | undefined;
  /** How ready it is, in a word of one's own. */
  readonly readiness?: string | null | undefined;
  /** What could go wrong, in words; blank ones are left out. */
  readonly riskFlags?: readonly string[] | undefined;
  /** Default `planning`; `ready` needs a `summary`, the others need `import`. */
  readonly state?: TicketState | undefined;
  /** What the intake came to, for a ticket that begins as `ready`. */
  readonly summary?: string | undefined;
  /** Who queued it, for a ticket that comes from elsewhere. */
  readonly queuedBy?: string | null | undefined;
  /** When it was queued, UTC. */
  readonly queuedAt?: string | null | undefined;
  /** One of `PRIORITIES`. */
  readonly priority?: string | null | undefined;
  /** Takes any state as it is, without gates, for tickets that come from elsewhere. */
  readonly import?: boolean | undefined;
}

/** An event of a free kind. */
export interface CommentRequest extends ChangeOptions {
  /** Default `comment`. */
  readonly kind?: CommentKind | undefined;
  /** Markdown of at most 1 MiB; nothing in it can end or forge an event. */
  readonly body: string;
}

/** The verdict of a reviewer. */
export interface ReviewRequest extends ChangeOptions {
  /** What it comes to. */
  readonly result: ReviewResult;
  /** Why, as in a {@linkcode CommentRequest}. */
  readonly body: string;
}

/** A change of state that was made elsewhere. */
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

/** What an intake came to, without the transition that usually follows. */
export interface IntakeSummaryRecord extends ChangeOptions {
  /** Not blank. */
  readonly summary: string;
}

/** The end of an intake. */
export interface IntakeReadyRequest extends ChangeOptions {
  /** What the intake came to; not blank. */
  readonly summary: string;
  /** One line; default `planning_ready`. */
  readonly reason?: string | undefined;
  /** Of the transition's event; default a sentence. */
  readonly body?: string | undefined;
}

/** That somebody takes the ticket up. */
export interface QueueRequest extends Omit<GateOptions, "author"> {
  /** Who; default the store's author. */
  readonly queuedBy?: string | undefined;
  /** Of the transition's event; default a sentence. */
  readonly body?: string | undefined;
}

/** A transition without an operation of its own. */
export interface TransitionRequest extends GateOptions {
  /** The state that the ticket has to be in. */
  readonly from: TicketState;
  /** The state that it gets. */
  readonly to: TicketState;
  /** Why, in one line. */
  readonly reason: string;
  /** Of the event; default empty. */
  readonly body?: string | undefined;
}

/** A change of state, from whatever it is. */
export interface SetStateRequest extends GateOptions {
  /** One line; the default depends on the transition. */
  readonly reason?: string | undefined;
  /** Of the transition's event; default a sentence. */
  readonly body?: string | undefined;
  /** What the intake came to, where the ticket leaves `planning` for `ready`. */
  readonly summary?: string | undefined;
}

/** The end of the work. */
export interface CloseRequest extends ChangeOptions {
  /** How it was resolved: Markdown, not blank. */
  readonly resolution: string;
}

/** A closed ticket that is not done with. */
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

/** A relation that is to go. */
export interface UnrelateRequest extends RequestOptions {
  /** As it is stored. */
  readonly kind: RelationKind;
  /** The other ticket, by any of its names. */
  readonly target: string;
}

/** A new value for a field without an operation of its own. */
export interface SetFieldRequest extends ChangeOptions {
  /** Key in the frontmatter. */
  readonly field: string;
  /** One line; `null` takes the value away. */
  readonly to: string | null;
  /** What the field must hold now, `null` for nothing; left out, whatever it holds is replaced. */
  readonly from?: string | null | undefined;
  /** Why, in one line. */
  readonly reason: string;
  /** Of the event; default a sentence. */
  readonly body?: string | undefined;
}

/** A new title, a new body, or both. */
export interface EditRequest extends ChangeOptions {
  /** One line. */
  readonly title?: string | undefined;
  /** Markdown. */
  readonly body?: string | undefined;
}

/** What an edit of the whole `item.md` was begun with. */
export interface ReplaceItemRequest extends ChangeOptions {
  /** The text that the editor was given: it must not have changed since. */
  readonly expected: string;
}
