/** The words that requests to a ticket store choose from. @module */

import type { ReviewResult } from "./event_kinds.ts";

/** Kinds of events that people and agents write freely. */
export const COMMENT_KINDS = ["comment", "plan", "decision", "implementation_report"] as const;

/** One of {@linkcode COMMENT_KINDS}. */
export type CommentKind = typeof COMMENT_KINDS[number];

/** What a review can come to. */
export const REVIEW_RESULTS: readonly ReviewResult[] = ["approve", "request_changes"];

/** Priorities from the most urgent on. */
export const PRIORITIES = ["P0", "P1", "P2", "P3"] as const;

/** One of {@linkcode PRIORITIES}. */
export type Priority = typeof PRIORITIES[number];

/** Longest body of an item, a comment, a review or a resolution, in UTF-8 bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;
