/** What may be touched: rules, permissions, checks. @module */

export { checkReadable, checkReadableFile, checkSearchBase, checkWritable } from "./check.ts";
export { checkPathText, isMissing, type RealPath, resolvePath } from "./resolve_path.ts";
export { type Access, isWithin, Scope, type ScopeInit, type ScopeRuleInput } from "./scope.ts";
export { ScopeError, type ScopeErrorCode } from "./scope_error.ts";
export { parseScopeFlag } from "./scope_flag.ts";
export { scopeSummary } from "./scope_summary.ts";
