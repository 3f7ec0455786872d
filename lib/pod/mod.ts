/**
 * One Pod: its controller, its journal, its socket and its runtime folder.
 *
 * @module
 */

export { PodController, type PodLimits, type PodOptions } from "./controller.ts";
export { type PodExit, PodHandle } from "./pod_handle.ts";
export { PodError, type PodErrorCode } from "./pod_error.ts";
export type { ChildrenPort, DiscoveryPort } from "./ports.ts";
export type { SegmentPointer } from "../session/session_store.ts";
export type { ChildStanding } from "./controller_state.ts";
export type { SendReport } from "./upward_reporter.ts";
export { INTERRUPT_NOTE, INTERRUPTED_RESULT } from "./turn_task.ts";
export type { AlertLevel, AlertSource, Event, PodStatus } from "../protocol/event.ts";
export type { Method } from "../protocol/method.ts";
export type { PodEvent } from "../protocol/pod_event.ts";
