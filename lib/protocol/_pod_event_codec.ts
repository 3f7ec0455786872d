/** The shapes of PodEvents and ScopeRules. Source: protocol specification, sections 2.2, 2.3. @module */

import { type Codec, defaulted, list, record, tagged, tagOf } from "./_codec.ts";
import { soundly } from "./_json_value.ts";
import { flag, oneOf, text } from "./_scalars.ts";
import type { PodEvent } from "./pod_event.ts";
import type { ScopeRule } from "./scope_rule.ts";

/** One rule of a scope. */
export const scopeRule: Codec<ScopeRule> = record({
  target: text,
  permission: oneOf("read", "write"),
  recursive: defaulted(flag, true),
});

const choices: { [Kind in PodEvent["kind"]]: Codec<Extract<PodEvent, { kind: Kind }>> } = {
  turn_ended: record({ kind: tagOf("turn_ended"), pod_name: text }),
  errored: record({ kind: tagOf("errored"), pod_name: text, message: text }),
  shut_down: record({ kind: tagOf("shut_down"), pod_name: text }),
  scope_sub_delegated: record({
    kind: tagOf("scope_sub_delegated"),
    parent_pod: text,
    sub_pod: text,
    sub_socket: text,
    scope: list(scopeRule),
  }),
};

/** A lifecycle report, one container deep in the Method that carries it. */
export const podEvent: Codec<PodEvent> = soundly(tagged<PodEvent>("kind", choices), 1);
