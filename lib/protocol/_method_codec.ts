/** The table of Methods as code. Source: protocol specification, section 2. @module */

import { type Codec, record } from "./_codec.ts";
import { podEvent } from "./_pod_event_codec.ts";
import { flag, nothing, oneOf, text, u64, uuid } from "./_scalars.ts";
import { segments } from "./_segment_codec.ts";
import type { CompletionKind, MethodName, MethodOf, RewindTargetId } from "./method.ts";

/** The place of a submission in a log. */
export const rewindTargetId: Codec<RewindTargetId> = record({
  segment_id: uuid,
  user_input_entry_index: u64,
});

/** What can be completed. */
export const completionKind: Codec<CompletionKind> = oneOf("file", "knowledge", "workflow");

/** True when absent, and written only when false. */
const autoRun: Codec<boolean | undefined> = {
  decode: (value) => value === undefined ? undefined : flag.decode(value),
  arrange: (value) => value === false ? false : undefined,
};

type Params<Name extends MethodName> = MethodOf<Name> extends { params: infer Value } ? Value
  : undefined;

/** What belongs under `params`, by Method. */
export const METHOD_PARAMS: { readonly [Name in MethodName]: Codec<Params<Name>> } = {
  run: record({ input: segments }),
  notify: record({ message: text, auto_run: autoRun }),
  pod_event: podEvent,
  resume: nothing,
  cancel: nothing,
  pause: nothing,
  compact: nothing,
  list_rewind_targets: nothing,
  rewind_to: record({ target: rewindTargetId, expected_head_entries: u64 }),
  shutdown: nothing,
  list_completions: record({ kind: completionKind, prefix: text }),
  list_pods: nothing,
  restore_pod: record({ name: text }),
  register_peer: record({ name: text }),
};
