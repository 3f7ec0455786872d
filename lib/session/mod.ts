/** What happened: segment logs, their entries and their replay. @module */

export type {
  EntryKind,
  EntryOf,
  LlmUsageEntry,
  LogEntry,
  LoggedRunResult,
  RequestConfig,
  SegmentOrigin,
  SegmentStartEntry,
  UnstampedEntry,
} from "./entry.ts";
export {
  type AnyEntry,
  decodeEntry,
  decodeEntryText,
  encodeEntry,
  isKnownEntry,
  stampEntry,
  type UnknownEntry,
} from "./entry_codec.ts";
export {
  type Item,
  type MessageItem,
  type MessagePart,
  messageText,
  type ReasoningItem,
  type SystemItem,
  textMessage,
  type ToolCallItem,
  type ToolResultItem,
} from "./item.ts";
export {
  assertRestorable,
  type LogDiagnostic,
  type LoggedEntry,
  type Replay,
  replaySegment,
} from "./replay.ts";
export {
  ancestorsAfterRewind,
  discardsToolEffects,
  findRewindTarget,
  retainedPrefixTexts,
  type RewindAncestor,
  type RewindChoice,
  type RewindSource,
  rewindTargets,
  TOOL_EFFECT_WARNING,
} from "./rewind.ts";
export { SegmentLog, type SegmentLogOptions } from "./segment_log.ts";
export {
  applyEntry,
  copySegmentState,
  emptyConfig,
  endedAbruptly,
  type LoggedExtension,
  type LoggedUsage,
  newSegmentState,
  pendingToolCalls,
  type SegmentState,
} from "./segment_state.ts";
export { SessionError, type SessionErrorCode, type SessionErrorOptions } from "./session_error.ts";
export {
  type SegmentPointer,
  type SegmentSeed,
  SessionStore,
  type SessionStoreOptions,
} from "./session_store.ts";
export { type SegmentSummary, segmentSummary } from "./summary.ts";
export { isUuid, UuidSource, type UuidSourceOptions } from "./uuid.ts";
