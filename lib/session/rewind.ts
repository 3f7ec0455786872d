/**
 * Going back to an earlier submission.
 *
 * Source: sessions-and-pods specification, section A.17.
 *
 * @module
 */

import type { RewindTarget } from "../protocol/event.ts";
import type { RewindTargetId } from "../protocol/method.ts";
import { previewSegments } from "../protocol/preview.ts";
import type { Segment } from "../protocol/segment.ts";
import type { LogEntry, SegmentOrigin } from "./entry.ts";
import { type AnyEntry, decodeEntryText, encodeEntry, isKnownEntry } from "./entry_codec.ts";
import { SessionError } from "./session_error.ts";

/** Characters of a submission shown with its target. */
const PREVIEW_CHARACTERS = 120;

/**
 * The submissions that a segment can be taken back to, newest first.
 *
 * @param entries All entries of the segment, in log order.
 */
export function rewindTargets(segmentId: string, entries: readonly AnyEntry[]): RewindTarget[] {
  const targets: RewindTarget[] = [];
  let turnIndex = 0;
  entries.forEach((entry, index) => {
    if (!isUserInput(entry)) return;
    turnIndex++;
    targets.push({
      id: { segment_id: segmentId, user_input_entry_index: index },
      expected_head_entries: entries.length,
      truncate_entries: retainedBefore(entries, index),
      turn_index: turnIndex,
      timestamp_ms: entry.ts,
      preview: previewSegments(entry.segments, PREVIEW_CHARACTERS),
      eligible: true,
    });
  });
  const lastEffect = entries.findLastIndex(isToolEffect);
  for (const target of targets) {
    if (target.truncate_entries <= lastEffect) target.warning = TOOL_EFFECT_WARNING;
  }
  return targets.reverse();
}

/** Said with a target whose discarded part used tools. */
export const TOOL_EFFECT_WARNING =
  "The part to discard used tools; what they changed stays changed";

/** Whether the entries from index `from` on hold a tool call or a tool result. */
export function discardsToolEffects(entries: readonly AnyEntry[], from: number): boolean {
  return entries.findLastIndex(isToolEffect) >= from;
}

/** A segment that the current one continues, and how many of its entries that has in common. */
export interface RewindAncestor {
  /** UUID of the ancestor. */
  segmentId: string;
  /** Leading entries that both segments hold, the `segment_start` included. */
  retained: number;
}

/** The segment a rewind starts from. */
export interface RewindSource {
  /** UUID of the segment. */
  segmentId: string;
  /** All its entries, in log order. */
  entries: readonly AnyEntry[];
  /** Segments that this one was rewound from; their targets stay valid in the common part. */
  ancestors?: readonly RewindAncestor[];
}

/** Where a rewind leads, or why there is no such place. */
export type RewindChoice =
  | {
    kind: "found";
    /** Entries to keep. */
    retained: number;
    /** The submission that is taken back. */
    input: Segment[];
    /** Whether the discarded part used tools. */
    discardsToolEffects: boolean;
  }
  | { kind: "refused"; reason: string };

/**
 * Looks up a target that a client named.
 *
 * @param expectedHeadEntries Entries of the log as the client last saw it.
 */
export function findRewindTarget(
  source: RewindSource,
  target: RewindTargetId,
  expectedHeadEntries: number,
): RewindChoice {
  const { entries } = source;
  const index = target.user_input_entry_index;
  if (target.segment_id !== source.segmentId) {
    const ancestor = source.ancestors?.find(({ segmentId }) => segmentId === target.segment_id);
    if (ancestor === undefined || index >= ancestor.retained) {
      return refused(`segment "${target.segment_id}" is not the current one`);
    }
  }
  if (expectedHeadEntries !== entries.length) {
    const now = `it has ${entries.length} entries, not ${expectedHeadEntries}`;
    return refused(`session head changed: ${now}`);
  }
  const entry = entries[index];
  if (entry === undefined || !isUserInput(entry)) {
    return refused(`entry ${index} is no user input`);
  }
  const retained = retainedBefore(entries, index);
  return {
    kind: "found",
    retained,
    input: entry.segments,
    discardsToolEffects: discardsToolEffects(entries, retained),
  };
}

/** The ancestors of the segment that a rewind to `retained` entries of `source` creates. */
export function ancestorsAfterRewind(source: RewindSource, retained: number): RewindAncestor[] {
  return [...source.ancestors ?? [], { segmentId: source.segmentId, retained: Infinity }]
    .map(({ segmentId, retained: common }) => ({
      segmentId,
      retained: Math.min(common, retained),
    }));
}

/**
 * The lines of the segment that continues another one from its first `count` entries: the old
 * `segment_start` with `forked_from` as its only origin, then the other lines byte for byte, so that
 * entry indexes stay what they were.
 *
 * @param texts The lines of the old segment, without newlines.
 * @param origin The old segment and its turn count at the split.
 * @throws {SessionError} `invalid` when the first line is no `segment_start` or `count` does not fit.
 */
export function retainedPrefixTexts(
  texts: readonly string[],
  count: number,
  origin: SegmentOrigin,
): string[] {
  const start = texts[0] === undefined ? undefined : decodeEntryText(texts[0]);
  if (start === undefined || !isKnownEntry(start) || start.kind !== "segment_start") {
    throw invalidPrefix(origin, "its first line is no segment_start");
  }
  if (count < 1 || count > texts.length) {
    throw invalidPrefix(origin, `it has ${texts.length} entries, not ${count}`);
  }
  const { compacted_from: _replaced, ...rest } = start;
  return [encodeEntry({ ...rest, forked_from: origin }), ...texts.slice(1, count)];
}

function invalidPrefix(origin: SegmentOrigin, reason: string): SessionError {
  const path = origin.segment_id;
  return new SessionError("invalid", `Cannot continue segment "${path}": ${reason}`, { path });
}

/** Entries before a submission, without the marker that announces it. */
function retainedBefore(entries: readonly AnyEntry[], index: number): number {
  return entries[index - 1]?.kind === "invoke" ? index - 1 : index;
}

function refused(reason: string): RewindChoice {
  return { kind: "refused", reason };
}

function isUserInput(
  entry: AnyEntry,
): entry is Extract<LogEntry, { kind: "user_input" }> {
  return entry.kind === "user_input";
}

function isToolEffect(entry: AnyEntry): boolean {
  if (!isKnownEntry(entry)) return false;
  return entry.kind === "tool_result" ||
    (entry.kind === "assistant_item" && entry.item.kind === "tool_call");
}
