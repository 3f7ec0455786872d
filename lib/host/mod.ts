/** Assembles one Pod process: configuration, log, engine, tools, controller, socket. @module */

export { completeFiles, type FileCompletionsOptions } from "./file_completions.ts";
export { HostError, type HostErrorCode } from "./host_error.ts";
export { planPod, type PodDefaults, type PodPlan, type PodRequest } from "./pod_plan.ts";
export { startPod, type StartPodOptions } from "./start_pod.ts";
