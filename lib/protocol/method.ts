/** What clients send to a Pod. Source: protocol specification, section 2. @module */

import type { PodEvent } from "./pod_event.ts";
import type { Segment } from "./segment.ts";

/** Names a submission in a segment log. */
export interface RewindTargetId {
  /** UUID of the segment. */
  segment_id: string;
  /** 0-based index of the `user_input` entry in that segment. */
  user_input_entry_index: number;
}

/** What kind of completion candidates is asked for. */
export type CompletionKind = "file" | "knowledge" | "workflow";

/** Keys that any Method may carry beside its name and parameters. */
export interface MethodEnvelope {
  /** Chosen by the sender; the Pod repeats it on the events this Method directly causes. */
  id?: string;
}

/** One line from a client to a Pod; the shape on the wire is this type. */
export type Method =
  & MethodEnvelope
  & (
    | { method: "run"; params: { input: Segment[] } }
    | { method: "notify"; params: { message: string; auto_run?: boolean } }
    | { method: "pod_event"; params: PodEvent }
    | { method: "resume" }
    | { method: "cancel" }
    | { method: "pause" }
    | { method: "compact" }
    | { method: "list_rewind_targets" }
    | { method: "rewind_to"; params: { target: RewindTargetId; expected_head_entries: number } }
    | { method: "shutdown" }
    | { method: "list_completions"; params: { kind: CompletionKind; prefix: string } }
    | { method: "list_pods" }
    | { method: "restore_pod"; params: { name: string } }
    | { method: "register_peer"; params: { name: string } }
  );

/** The name of a Method. */
export type MethodName = Method["method"];

/** The Method with the given name. */
export type MethodOf<Name extends MethodName> = Extract<Method, { method: Name }>;
