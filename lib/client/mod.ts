/** Talking to one Pod over its socket: connect, send, events, probe. @module */

export type { ErrorCode, Event, Greeting, PodStatus } from "../protocol/event.ts";
export type { Method } from "../protocol/method.ts";
export type { Segment } from "../protocol/segment.ts";
export { ClientError, type ClientErrorCode } from "./error.ts";
export {
  type ClientEnding,
  type ConnectOptions,
  PodClient,
  type PodClientOptions,
  type WaitOptions,
} from "./pod_client.ts";
export { type PodProbe, type ProbeOptions, probePod } from "./probe.ts";
export { followPod, type FollowPodOptions } from "./follow_pod.ts";
export { runAndConfirm, type RunAndConfirmOptions, type RunVerdict } from "./run_and_confirm.ts";
export { sendOnce, type SendOnceOptions } from "./send_once.ts";
