/** What a model may call: tools over files and tickets. @module */

export { createFileTools, type FileToolsOptions } from "./default_tools.ts";
export { type FileState, FileTracker } from "./file_tracker.ts";
export { createTicketTools, type TicketAccess, type TicketToolsOptions } from "./ticket_tools.ts";
export { describeToolError, ToolError, type ToolErrorCode } from "./tool_error.ts";
export { type Access, Scope, type ScopeInit, type ScopeRuleInput } from "../scope/scope.ts";
export { ScopeError, type ScopeErrorCode } from "../scope/scope_error.ts";
export { TicketStore } from "../ticket/store.ts";
export { type TicketStoreOptions } from "../ticket/store_options.ts";
export { TicketError, type TicketErrorCode } from "../ticket/ticket_error.ts";
