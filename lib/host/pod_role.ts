/**
 * What a role adds to a Pod: hooks that watch its tool calls and never change the flow of a turn.
 *
 * Source: controller specification, sections 7.3 and 8.4.
 *
 * @module
 */

import type { PodHandle } from "../pod/pod_handle.ts";
import type { WorkerHook } from "../worker/hooks.ts";

/** A role at work in one Pod; disposing it ends what it still does. */
export interface PodRole extends AsyncDisposable {
  /** Is asked with the other hooks of the worker. */
  readonly hook: WorkerHook;
  /** Is told, once, of the Pod that it belongs to. */
  attach?(pod: PodHandle): void;
}
