/** Assembles one Pod process: configuration, log, engine, tools, controller, socket. @module */

export { completeFiles, type FileCompletionsOptions } from "./file_completions.ts";
export { HostError, type HostErrorCode } from "./host_error.ts";
export { planPod, type PodDefaults, type PodPlan, type PodRequest } from "./pod_plan.ts";
export { IntakeRole } from "./role_intake.ts";
export { type OrchestratorOptions, OrchestratorRole } from "./role_orchestrator.ts";
export {
  type LivePeer,
  type PeersPort,
  RecordedPeers,
  type RecordedPeersOptions,
} from "./role_peers.ts";
export type { PodRole } from "./pod_role.ts";
export { startPod, type StartPodOptions } from "./start_pod.ts";
export { openTicketDesk, type TicketDesk } from "./ticket_desk.ts";
export {
  type NoticeParts,
  type TicketChange,
  ticketChangeOf,
  ticketNotice,
} from "./ticket_notice.ts";
