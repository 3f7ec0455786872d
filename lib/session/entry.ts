/** The lines of a segment log. Source: sessions-and-pods specification, sections A.2 to A.4. @module */

import type { InvokeKind } from "../protocol/event.ts";
import type { Segment } from "../protocol/segment.ts";
import type { Item, ReasoningItem, SystemItem, ToolCallItem, ToolResultItem } from "./item.ts";
import type { MessageItem } from "./item.ts";

/** Settings sent with every model request of a session. */
export interface RequestConfig {
  max_tokens: number | null;
  temperature: number | null;
  top_p: number | null;
  top_k: number | null;
  stop_sequences: string[];
  /** Effort label, token budget, or nothing. */
  reasoning: string | number | null;
}

/** Where a segment comes from: the source segment and its turn count at the split. */
export interface SegmentOrigin {
  segment_id: string;
  at_turn_index: number;
}

/** How a run ended without an error, as the log says it. */
export type LoggedRunResult = "finished" | "paused" | "limit_reached" | "yielded";

/** First line of every segment: the complete starting state. */
export interface SegmentStartEntry {
  kind: "segment_start";
  ts: number;
  session_id: string;
  system_prompt: string | null;
  config: RequestConfig;
  history: Item[];
  forked_from?: SegmentOrigin;
  compacted_from?: SegmentOrigin;
  /** Turn count at the start, carried over from the origin (an addition that old readers ignore). */
  turn_count?: number;
}

/** Measured usage of one model request. */
export interface LlmUsageEntry {
  kind: "llm_usage";
  ts: number;
  /** Items in the history when the request was sent. */
  history_len: number;
  /** The whole prompt, cache reads and writes included. */
  input_total_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  output_tokens: number;
}

/** One line of a segment log; `ts` is in milliseconds since the Unix epoch. */
export type LogEntry =
  | SegmentStartEntry
  | { kind: "invoke"; ts: number; trigger: InvokeKind }
  | { kind: "user_input"; ts: number; segments: Segment[] }
  | { kind: "assistant_item"; ts: number; item: MessageItem | ReasoningItem | ToolCallItem }
  | { kind: "tool_result"; ts: number; item: ToolResultItem }
  | { kind: "system_item"; ts: number; item: SystemItem }
  | { kind: "turn_end"; ts: number; turn_count: number }
  | { kind: "run_completed"; ts: number; interrupted: boolean; result: LoggedRunResult }
  | { kind: "run_errored"; ts: number; interrupted: boolean; message: string }
  | { kind: "config_changed"; ts: number; config: RequestConfig }
  | LlmUsageEntry
  | { kind: "extension"; ts: number; domain: string; payload: unknown };

/** The kind of a log entry. */
export type EntryKind = LogEntry["kind"];

/** The entry of the given kind. */
export type EntryOf<Kind extends EntryKind> = Extract<LogEntry, { kind: Kind }>;

/** A log entry without its time, as producers write it; the log stamps it. */
export type UnstampedEntry = LogEntry extends infer Entry
  ? Entry extends LogEntry ? Omit<Entry, "ts"> : never
  : never;
