/** Project records in plain files: tickets, threads, relations, plans, objectives, doctor. @module */

export { TicketStore } from "./store.ts";
export {
  type ChangeOptions,
  type GateOptions,
  type RequestOptions,
  type TicketStoreOptions,
} from "./store_options.ts";
export {
  type CloseRequest,
  type CommentRequest,
  type EditRequest,
  type IntakeReadyRequest,
  type IntakeSummaryRecord,
  type NewTicket,
  type QueueRequest,
  type RelateRequest,
  type ReopenRequest,
  type ReplaceItemRequest,
  type ReviewRequest,
  type SetFieldRequest,
  type SetStateRequest,
  type StateChangeRecord,
  type TransitionRequest,
  type UnrelateRequest,
} from "./change_requests.ts";
export {
  COMMENT_KINDS,
  type CommentKind,
  PRIORITIES,
  type Priority,
  REVIEW_RESULTS,
} from "./request_words.ts";
export { type ReviewResult } from "./event_kinds.ts";
export { type DiskAction, type DiskStep } from "./disk.ts";
export {
  type PlanList,
  type PlanListOptions,
  type RelationListOptions,
  TicketReader,
} from "./ticket_reader.ts";
export { type Bucket, BUCKETS } from "./root_scan.ts";
export { type RelationList } from "./relation_index.ts";
export { TicketError, type TicketErrorCode, type TicketErrorOptions } from "./ticket_error.ts";
export {
  type Diagnostic,
  type Frontmatter,
  type FrontmatterValue,
  type Generation,
  type Severity,
  type TicketDetail,
  type TicketEvent,
  type TicketFields,
  type TicketList,
  type TicketProblem,
  type TicketRow,
} from "./ticket.ts";
export {
  isResolved,
  isTicketState,
  TICKET_STATES,
  type TicketState,
  type Transition,
  transitionBetween,
  type TransitionGate,
  type TransitionOperation,
  TRANSITIONS,
} from "./states.ts";
export {
  checkRecordId,
  decodeRecordId,
  encodeRecordId,
  isRecordId,
  type RecordIdFault,
} from "./record_id.ts";
export { type ListOptions, type TicketSort } from "./ticket_list.ts";
export { type RelationReading, type ShowAllOptions, type ShowOptions } from "./ticket_show.ts";
export { type LogEvent, type LogOptions, type TicketLog } from "./ticket_log.ts";
export { type ReadyList, type ReadyTicket } from "./ready_tickets.ts";
export {
  type FoundTicket,
  type SearchMatch,
  type SearchOptions,
  type SearchPlace,
  type SearchResult,
} from "./ticket_search.ts";
export { type DependencyCheck } from "./dependency_check.ts";
export {
  type Blocker,
  describeBlocker,
  type IncomingRelation,
  type InverseRelationKind,
  isRelationKind,
  type Relation,
  RELATION_KINDS,
  type RelationKind,
  type RelationKindRow,
  type RelationNotice,
  type RelationView,
} from "./relation_view.ts";
export { type GraphOptions, type GraphTicket, renderGraph } from "./relation_graph.ts";
export {
  type AcceptedPlan,
  isPlanKind,
  type NewPlan,
  PLAN_KINDS,
  type PlanKind,
  type PlanKindRow,
  type PlanRecord,
} from "./plan_file.ts";
export { parseRelations, type RecordPlace, renderRelations } from "./relations_file.ts";
export {
  formatThread,
  parseThread,
  type Thread,
  type ThreadDiagnostic,
  type ThreadDiagnosticCode,
  type ThreadEvent,
  toTicketEvent,
} from "./thread.ts";
export { parseThreadAsReference, type ReferenceEvent } from "./reference_thread.ts";
export { appendixTo, type NewEvent, renderEvent } from "./event_text.ts";
export { type ItemFile, splitItem } from "./item_file.ts";
export { loadYaml, type YamlParser } from "./frontmatter.ts";
export { type ItemNote, type ItemPlace, readBody, readItem, type TicketItem } from "./item.ts";
export { type DoctorFix, type DoctorReport } from "./doctor_report.ts";
export {
  type MigratedTicket,
  type MigrateOptions,
  type MigrationChange,
  type MigrationReport,
} from "./migrate.ts";
export {
  type MergeDriverInput,
  type MergeOutcome,
  mergeTicketFile,
  runMergeDriver,
} from "./merge_driver.ts";
export { formatMergeDriver, parseMergeDriver } from "./merge_driver_command.ts";
export { type DivergedState, type TextMerge, type ThreeVersions } from "./merge_lines.ts";
export {
  loadTicketConfig,
  type OrchestrationConfig,
  parseTicketConfig,
  renderInitialConfig,
  roleLaunchProfile,
  TICKET_CONFIG_PATH,
  TICKET_ROLES,
  type TicketConfig,
  TicketConfigError,
  type TicketConfigErrorCode,
  type TicketConfigOptions,
  type TicketRole,
  type TicketRoleConfig,
} from "./ticket_config.ts";
export {
  isObjectiveState,
  type Objective,
  OBJECTIVE_STATES,
  type ObjectiveRow,
  type ObjectiveState,
  renderObjective,
} from "./objective.ts";
export {
  type ObjectiveDiagnostic,
  type ObjectiveList,
  type ObjectiveReport,
  ObjectiveStore,
  type ObjectiveStoreOptions,
} from "./objective_store.ts";
export { askWorkTree, type WorkTreeAnswer, workTreeAround } from "./work_tree.ts";
