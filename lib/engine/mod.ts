/** The contract between a controller and the engine it drives. Types only. @module */

export type {
  CompactionOutcome,
  CompactionRequest,
  Engine,
  EngineAlert,
  EngineDescription,
  EngineEntry,
  EngineEvent,
  Refusal,
  ResolvedInput,
  SessionStart,
  Turn,
  TurnKind,
  TurnOutcome,
  TurnSink,
  UsageRecord,
} from "./engine.ts";
export type { Tool, ToolContext, ToolDefinition, ToolOutput } from "./tool.ts";
