/** Children and their groups, process identity, commands, signals, starting ourselves. @module */

export { Child, type CloseOptions, spawnChild } from "./child.ts";
export { type DetachedOptions, DetachedProcess, spawnDetached } from "./detached.ts";
export {
  identify,
  isAlive,
  lifeOf,
  liveGroupMembers,
  ownIdentity,
  type ProcessIdentity,
  type ProcessLife,
} from "./identity.ts";
export { OutputTail, type OutputTailOptions } from "./output_tail.ts";
export { ProcessError, type ProcessErrorCode } from "./process_error.ts";
export { type CommandResult, runCommand, type RunCommandOptions } from "./run_command.ts";
export {
  MAX_SPAWN_DEPTH,
  nextSpawnDepth,
  PERMISSION_FLAGS,
  selfCommand,
  type SelfCommandOptions,
  SPAWN_DEPTH_VARIABLE,
} from "./self_command.ts";
export { SignalListener } from "./signals.ts";
export type {
  ExitStatus,
  ProcessOptions,
  SpawnOptions,
  StdioKind,
  StopOptions,
} from "./spawn_options.ts";
