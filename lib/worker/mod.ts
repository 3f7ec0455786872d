/** The built-in engine: a language model with tools, in a loop. @module */

export {
  type Abort,
  chainHooks,
  type Continue,
  type Decision,
  type Deny,
  type HookChain,
  type HookDecision,
  type HookInput,
  type HookPoint,
  type Pause,
  type PostToolInput,
  type PreRequestInput,
  type PreToolInput,
  type PromptSubmitInput,
  type TurnEndInput,
  type WorkerHook,
} from "./hooks.ts";
export type {
  Model,
  ModelMessage,
  ModelRequest,
  ModelStream,
  ModelStreamPart,
  ModelUsage,
} from "./model.ts";
export { offlineModel, type OfflineModelOptions } from "./offline_model.ts";
export type { ToolOutputLimits } from "./output_cap.ts";
export { openModel, type OpenModelOptions } from "./open_model.ts";
export { buildPrompt, type PromptSource } from "./prompt.ts";
export { ScriptModel } from "./script_model.ts";
export { createWorkerEngine, WorkerEngine, type WorkerOptions } from "./worker_engine.ts";
export { WorkerError, type WorkerErrorCode } from "./worker_error.ts";
