/** The lines of a segment log. Source: sessions-and-pods specification, sections A.2 to A.4. @module */

import type { InvokeKind } from "../protocol/event.ts";
import type { Segment } from "../protocol/segment.ts";
import type { Item, ReasoningItem, SystemItem, ToolCallItem, ToolResultItem } from "./item.ts";
import type { MessageItem } from "./item.ts";

/** Settings sent with every model request of a session. */
export interface RequestConfig {
  /** Most tokens a response may have. */
  max_tokens: number | null;
  /** Sampling temperature. */
  temperature: number | null;
  /** Share of probability that sampling is limited to. */
  top_p: number | null;
  /** Number of candidates that sampling is limited to. */
  top_k: number | null;
  /** Texts that end a response. */
  stop_sequences: string[];
  /** Effort label, token budget, or nothing. */
  reasoning: string | number | null;
}

/** Where a segment comes from: the source segment and its turn count at the split. */
export interface SegmentOrigin {
  /** UUID of the source segment. */
  segment_id: string;
  /** Its turn count at the split; 0 is before any turn. */
  at_turn_index: number;
}

/** How a run ended without an error, as the log says it. */
export type LoggedRunResult = "finished" | "paused" | "limit_reached" | "yielded";

/** First line of every segment: the complete starting state. */
export interface SegmentStartEntry {
  /** What tells it from the other entries. */
  kind: "segment_start";
  /** Milliseconds since the Unix epoch. */
  ts: number;
  /** UUID of the session that the segment belongs to. */
  session_id: string;
  /** The rendered text, the same for the whole life of the session. */
  system_prompt: string | null;
  /** Settings from here on. */
  config: RequestConfig;
  /** The conversation up to here. */
  history: Item[];
  /** The segment that this one branched off from. */
  forked_from?: SegmentOrigin;
  /** The segment whose history was shortened into this one's. */
  compacted_from?: SegmentOrigin;
  /** Turn count at the start, carried over from the origin (an addition that old readers ignore). */
  turn_count?: number;
}

/** Measured usage of one model request. */
export interface LlmUsageEntry {
  /** What tells it from the other entries. */
  kind: "llm_usage";
  /** Milliseconds since the Unix epoch. */
  ts: number;
  /** Items in the history when the request was sent. */
  history_len: number;
  /** The whole prompt, cache reads and writes included. */
  input_total_tokens: number;
  /** Prompt tokens that came from the provider's cache. */
  cache_read_tokens: number;
  /** Prompt tokens that went into the provider's cache. */
  cache_write_tokens: number;
  /** Tokens of the response. */
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
