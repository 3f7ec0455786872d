/**
 * Project records in plain files: tickets with their threads, relations and plans, and objectives.
 *
 * Start with {@linkcode TicketStore}: it lists, shows, changes, checks and migrates the tickets of one
 * folder. {@linkcode TicketReader} reads the same folder and loads nothing that writes.
 * {@linkcode ObjectiveStore} keeps the goals that tickets serve. Everything else is what these three
 * take and return, or the formats of single files, for programs that work on those directly.
 *
 * What a store cannot do it says with a {@linkcode TicketError}, an unusable configuration with a
 * {@linkcode TicketConfigError}; both have a `code` to switch on. Options that make no sense, such as
 * a negative limit, are a `RangeError`. A change that is given a number for a text, say from JSON that
 * nobody has checked, fails with a `TypeError` before it has written anything.
 *
 * @module
 */

/*
 * What lies where, in an order to read it in. Files whose names begin with `_` are private.
 *
 * 1. Words. `ticket.ts`: a ticket as programs see it. `states.ts`: the state machine, as data.
 *    `record_id.ts`, `event_kinds.ts`, `ticket_error.ts`. What calls take: `store_options.ts`,
 *    `change_requests.ts`, `request_words.ts`.
 * 2. Formats, each read and written without loss, and none of them touching the disk.
 *    - `item.md`: `item_file.ts` splits it, the three readers behind `frontmatter.ts` read its keys,
 *      `item.ts` makes fields of them; `_frontmatter_edit.ts` and `_raw_edit.ts` change single keys.
 *    - `thread.md`: `thread.ts` reads it, `event_text.ts` writes events, `reference_thread.ts` reads
 *      it as the reference does.
 *    - `artifacts/`: `relations_file.ts`, `plan_file.ts`; `_ticket_layout.ts` has all the names.
 * 3. The disk. `root_scan.ts` finds the tickets of a root, `_lookup.ts` the one that a name means;
 *    `_ticket_files.ts` reads a ticket's files and follows no link. `disk.ts` is all that writes,
 *    under the lock of `_write_lock.ts`; `_way_back.ts` takes back what was written half.
 * 4. Reading. `ticket_reader.ts` over a file for each question: `ticket_list.ts`, `ticket_show.ts`,
 *    `ticket_search.ts`, `ticket_log.ts`, `ready_tickets.ts`, `dependency_check.ts`. What relations
 *    mean is in `relation_view.ts` and `waiting_circle.ts`, all of a root in `relation_index.ts`.
 * 5. Changing. `store.ts` gives each request to an operation (`_create.ts`, `_append_event.ts`,
 *    `_change_state.ts`, `_close.ts`, `_change_field.ts`, `_edit_item.ts`, `_replace_item.ts`,
 *    `_relate.ts`, `_record_plan.ts`), which checks it and plans writes, in the terms of `_change.ts`.
 *    `_ticket_writer.ts` runs it: lock, recovery, plan, writes, and once more if git has written
 *    over them (`_undone_by_git.ts`). What a crash left is found by `_lags.ts` and the files named
 *    `*_recovery.ts`.
 * 6. The doctor. `_doctor.ts` has tickets read into facts (`_doctor_facts.ts`) and applies the rules
 *    of `_doctor_*_rules.ts`; `_doctor_fix.ts` repairs.
 * 7. Migration. `migrate.ts` over `_migrate_*.ts`; `_id_map.ts` keeps the old names.
 * 8. Merging. `merge_driver.ts` over a file for each format: `_thread_merge.ts`, `_item_merge.ts`,
 *    `_relations_merge.ts`, `_plan_merge.ts`, `_migration_merge.ts`, `_whole_merge.ts`.
 * 9. Beside the tickets: `objective_store.ts`, `ticket_config.ts`, `relation_graph.ts`.
 */

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
export { waitingCircle } from "./waiting_circle.ts";
export { askWorkTree, type WorkTreeAnswer, workTreeAround } from "./work_tree.ts";
