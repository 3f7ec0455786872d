/** The words on the wire between a Pod and its clients: types, decoders and encoders. @module */

export { ProtocolError } from "./error.ts";
export type * from "./event.ts";
export type * from "./method.ts";
export type { PodEvent } from "./pod_event.ts";
export type { Permission, ScopeRule } from "./scope_rule.ts";
export * from "./segment.ts";
