/** Many Pods: their records, starting one as a process of its own, and the list of them. @module */

export { findPods, type FindPodsOptions } from "./find_pods.ts";
export { FleetError, type FleetErrorCode } from "./fleet_error.ts";
export { type LaunchedPod, launchPod, type LaunchPodOptions } from "./launch_pod.ts";
export {
  decodeManifest,
  encodeManifest,
  type PodManifest,
  type TicketSettings,
} from "./manifest.ts";
export {
  type LivePod,
  PodList,
  type PodListSources,
  type PodRow,
  type PodState,
  type StoredPod,
} from "./pod_list.ts";
export type { DetachedProcess } from "../process/detached.ts";
export type { ProcessIdentity } from "../process/identity.ts";
export type { ExitStatus, StopOptions } from "../process/spawn_options.ts";
export type { ActivePointer, ChildRecord, PodRecord } from "./pod_record.ts";
export { PodStore, type PodStoreOptions } from "./pod_store.ts";
export { parseReadyLine, type ReadyLine, readyLine } from "./ready_line.ts";
