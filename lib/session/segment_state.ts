/**
 * What a segment log adds up to. The same fold is used by replay and, live, by whoever appends.
 *
 * Source: sessions-and-pods specification, sections A.10 to A.12.
 *
 * @module
 */

import { flattenSegments, isKnownSegment, type Segment } from "../protocol/segment.ts";
import type { LlmUsageEntry, RequestConfig } from "./entry.ts";
import { type AnyEntry, isKnownEntry } from "./entry_codec.ts";
import { type Item, type MessagePart, textMessage, type ToolCallItem } from "./item.ts";

/** Measured usage of one model request. */
export type LoggedUsage = Omit<LlmUsageEntry, "kind" | "ts">;

/** An opaque record of one domain. */
export interface LoggedExtension {
  /** Whose record it is. */
  domain: string;
  /** Whatever the domain says. */
  payload: unknown;
}

/**
 * The state after some entries. Items, configuration and segments are in the form every reader
 * agrees on: keys that this version does not know are left out, and a segment of an unknown kind is
 * `{ kind: "unknown" }`; the entries themselves keep all of that.
 */
export interface SegmentState {
  /** `null` as long as no `segment_start` was seen. */
  sessionId: string | null;
  /** The rendered text; `null` when there is none. */
  systemPrompt: string | null;
  /** Settings of the next model request. */
  config: RequestConfig;
  /** The conversation. */
  history: Item[];
  /** Completed model responses over the Pod's life. */
  turnCount: number;
  /** The recorded flag: whether the last run that has an end was interrupted. */
  interrupted: boolean;
  /** The typed form of the last user messages in `history`, oldest first. */
  userSegments: Segment[][];
  /** Measured model requests, oldest first. */
  usage: LoggedUsage[];
  /** Records of other domains, oldest first. */
  extensions: LoggedExtension[];
  /** Whether a run has begun that has no end yet. */
  runOpen: boolean;
}

/** The state before the first entry. */
export function newSegmentState(): SegmentState {
  return {
    sessionId: null,
    systemPrompt: null,
    config: emptyConfig(),
    history: [],
    turnCount: 0,
    interrupted: false,
    userSegments: [],
    usage: [],
    extensions: [],
    runOpen: false,
  };
}

/** The configuration in which nothing is set. */
export function emptyConfig(): RequestConfig {
  return {
    max_tokens: null,
    temperature: null,
    top_p: null,
    top_k: null,
    stop_sequences: [],
    reasoning: null,
  };
}

/** A state that can be carried on without changing `state`; entries already folded are shared. */
export function copySegmentState(state: SegmentState): SegmentState {
  return {
    sessionId: state.sessionId,
    systemPrompt: state.systemPrompt,
    config: state.config,
    history: [...state.history],
    turnCount: state.turnCount,
    interrupted: state.interrupted,
    userSegments: [...state.userSegments],
    usage: [...state.usage],
    extensions: [...state.extensions],
    runOpen: state.runOpen,
  };
}

/**
 * Adds one entry to `state`, **in place**: a long history must not be copied for every entry. An
 * entry of an unknown kind changes nothing.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { applyEntry, newSegmentState } from "./segment_state.ts";
 * const state = newSegmentState();
 * applyEntry(state, { kind: "user_input", ts: 1, segments: [{ kind: "text", content: "Hi" }] });
 * assert(state.history.length === 1 && state.runOpen);
 * ```
 */
export function applyEntry(state: SegmentState, entry: AnyEntry): void {
  if (!isKnownEntry(entry)) return;
  switch (entry.kind) {
    case "segment_start":
      state.sessionId = entry.session_id;
      state.systemPrompt = entry.system_prompt;
      state.config = canonicalConfig(entry.config);
      state.history = entry.history.map(canonicalItem);
      state.turnCount = entry.turn_count ?? state.turnCount;
      state.runOpen = false;
      return;
    case "invoke":
      state.runOpen = true;
      return;
    case "user_input":
      state.history.push(textMessage("user", flattenSegments(entry.segments)));
      state.userSegments.push(entry.segments.map(canonicalSegment));
      state.runOpen = true;
      return;
    case "assistant_item":
    case "tool_result":
      // A resumed run has no `invoke`, so its items are the sign that it goes on.
      state.history.push(canonicalItem(entry.item));
      state.runOpen = true;
      return;
    case "system_item":
      state.history.push(textMessage("system", entry.item.body));
      // The note says that the run before it was closed, so nothing is left to clear up.
      if (entry.item.kind === "interrupt") state.runOpen = false;
      return;
    case "turn_end":
      state.turnCount = entry.turn_count;
      state.runOpen = true;
      return;
    case "run_completed":
    case "run_errored":
      state.interrupted = entry.interrupted;
      state.runOpen = false;
      return;
    case "config_changed":
      state.config = canonicalConfig(entry.config);
      return;
    case "llm_usage":
      state.usage.push({
        history_len: entry.history_len,
        input_total_tokens: entry.input_total_tokens,
        cache_read_tokens: entry.cache_read_tokens,
        cache_write_tokens: entry.cache_write_tokens,
        output_tokens: entry.output_tokens,
      });
      return;
    case "extension":
      state.extensions.push({ domain: entry.domain, payload: entry.payload });
      return;
  }
}

/** The calls of a history that no later result answers, in call order. */
export function pendingToolCalls(history: readonly Item[]): ToolCallItem[] {
  const open = new Map<string, ToolCallItem>();
  for (const item of history) {
    if (item.kind === "tool_call") open.set(item.call_id, item);
    else if (item.kind === "tool_result") open.delete(item.call_id);
  }
  return [...open.values()];
}

/**
 * Whether the last run stopped without an end of its own: calls that nobody answered, or no run
 * result after its entries. Unlike `interrupted` this also sees a process that died.
 */
export function endedAbruptly(state: SegmentState): boolean {
  return state.runOpen || pendingToolCalls(state.history).length > 0;
}

function canonicalConfig(config: RequestConfig): RequestConfig {
  return {
    max_tokens: config.max_tokens,
    temperature: config.temperature,
    top_p: config.top_p,
    top_k: config.top_k,
    stop_sequences: [...config.stop_sequences],
    reasoning: config.reasoning,
  };
}

function canonicalItem(item: Item): Item {
  switch (item.kind) {
    case "message":
      return { kind: item.kind, role: item.role, content: item.content.map(canonicalPart) };
    case "tool_call":
      return {
        kind: item.kind,
        call_id: item.call_id,
        name: item.name,
        arguments: item.arguments,
      };
    case "tool_result":
      return {
        kind: item.kind,
        call_id: item.call_id,
        summary: item.summary,
        ...(item.content !== undefined && { content: item.content }),
        ...(item.is_error && { is_error: true }),
      };
    case "reasoning":
      return {
        kind: item.kind,
        text: item.text,
        ...(item.summary?.length && { summary: item.summary }),
        ...(item.encrypted_content !== undefined && { encrypted_content: item.encrypted_content }),
        ...(item.signature !== undefined && { signature: item.signature }),
      };
  }
}

function canonicalPart(part: MessagePart): MessagePart {
  return part.kind === "text"
    ? { kind: part.kind, text: part.text }
    : { kind: part.kind, refusal: part.refusal };
}

function canonicalSegment(segment: Segment): Segment {
  if (!isKnownSegment(segment)) return { kind: "unknown" };
  switch (segment.kind) {
    case "text":
      return { kind: segment.kind, content: segment.content };
    case "paste": {
      const { kind, id, chars, lines, content } = segment;
      return { kind, id, chars, lines, content };
    }
    case "file_ref":
      return { kind: segment.kind, path: segment.path };
    case "knowledge_ref":
    case "workflow_invoke":
      return { kind: segment.kind, slug: segment.slug };
  }
}
