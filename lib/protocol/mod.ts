/** The words on the wire between a Pod and its clients: types, decoders and encoders. @module */

export {
  decodeClientEvent,
  decodeEvent,
  decodeMethod,
  decodePodEvent,
  decodeScopeRule,
  decodeSegments,
} from "./decode.ts";
export { encodeEvent, encodeMethod, type EncodeOptions } from "./encode.ts";
export { ProtocolError } from "./error.ts";
export type {
  Alert,
  AlertLevel,
  AlertSource,
  CompletionEntry,
  ErrorCode,
  Event,
  EventData,
  EventEnvelope,
  EventName,
  EventOf,
  Greeting,
  InvokeKind,
  LlmRetry,
  MemoryWorkerEvent,
  PodStatus,
  RewindSummary,
  RewindTarget,
  RunResult,
  ToolResultData,
  TurnResult,
  UnitEventName,
  Usage,
} from "./event.ts";
export type {
  CompletionKind,
  Method,
  MethodEnvelope,
  MethodName,
  MethodOf,
  RewindTargetId,
} from "./method.ts";
export type { PodEvent } from "./pod_event.ts";
export { previewSegments } from "./preview.ts";
export type { Permission, ScopeRule } from "./scope_rule.ts";
export {
  type FileRefSegment,
  flattenSegment,
  flattenSegments,
  isKnownSegment,
  type KnowledgeRefSegment,
  type KnownSegment,
  type PasteSegment,
  type Segment,
  type TextSegment,
  UNKNOWN_SEGMENT_TEXT,
  type UnknownSegment,
  type WorkflowInvokeSegment,
} from "./segment.ts";
