/** What a child Pod tells its parent. Source: protocol specification, section 2.2. @module */

import type { ScopeRule } from "./scope_rule.ts";

/** A lifecycle report of a child Pod; it is the `params` of the Method `pod_event`. */
export type PodEvent =
  | { kind: "turn_ended"; pod_name: string }
  | { kind: "errored"; pod_name: string; message: string }
  | { kind: "shut_down"; pod_name: string }
  | {
    kind: "scope_sub_delegated";
    parent_pod: string;
    sub_pod: string;
    sub_socket: string;
    scope: ScopeRule[];
  };
