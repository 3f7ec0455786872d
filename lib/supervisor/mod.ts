/**
 * Child processes that are started in order, restarted, and stopped without leaving anything behind.
 *
 * @module
 */

export type { ChildEnd, SupervisorReason } from "./exit_code.ts";
export { exitCodeOf } from "./exit_code.ts";
export { type Clock, systemClock } from "./clock.ts";
export {
  type AnsweredRequest,
  requestControl,
  type RequestControlOptions,
} from "./control_client.ts";
export {
  type ControlEvent,
  type ControlRequest,
  decodeControlRequest,
  type RestartReason,
} from "./control_protocol.ts";
export { ControlServer, MAX_SOCKET_PATH_BYTES } from "./control_server.ts";
export type { ControlTarget } from "./control_target.ts";
export { decodeControlEvent } from "./decode_event.ts";
export { type LinePumpOptions, pumpLines } from "./line_pump.ts";
export type { SupervisorListener } from "./observers.ts";
export {
  jsonLine,
  type LineForm,
  lineForm,
  type OutputFormat,
  type OutputFormatOptions,
  type OutputStream,
  plainPrefix,
} from "./output_format.ts";
export {
  type OutputSink,
  type PartWriter,
  SharedSink,
  type SharedWriteOptions,
  wholeWrites,
} from "./output_sink.ts";
export type { ChildStatus, ChildStatusState, LastExit, SupervisorStatus } from "./status.ts";
export type { RestartPolicy } from "./restart_policy.ts";
export { Supervisor } from "./supervisor.ts";
export {
  type Backoff,
  type ChildConfig,
  type CompleteChild,
  type CompleteConfig,
  completeConfig,
  type RestartMode,
  type SupervisorConfig,
} from "./supervisor_config.ts";
export {
  SupervisorError,
  type SupervisorErrorCode,
  type SupervisorErrorOptions,
} from "./supervisor_error.ts";
export type {
  ShutdownOptions,
  SupervisorOptions,
  SupervisorOutcome,
} from "./supervisor_options.ts";
