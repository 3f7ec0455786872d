/** @module */

import type { Event, PodStatus } from "../protocol/event.ts";
import { PodError } from "../pod/pod_error.ts";
import type { PodHandle } from "../pod/pod_handle.ts";
import type { PostToolInput, WorkerHook } from "../worker/hooks.ts";
import type { PodRole } from "./pod_role.ts";

/** The tool whose success ends an intake. */
const FINAL_TOOL = "TicketIntakeReady";

/**
 * The role of a Pod that takes one ticket in: when its ticket is ready and the Pod has come to rest,
 * it shuts down in order. A turn that pauses leaves the wish standing, and so does work that began
 * in the same moment: nothing that was accepted is cut off.
 *
 * Source: controller specification, section 7.3.
 */
export class IntakeRole implements PodRole {
  /** Waits for the final tool. */
  readonly hook: WorkerHook = { postTool: (result) => this.#onResult(result) };
  readonly #stop = new AbortController();
  #pod: PodHandle | undefined;
  #isDone = false;
  #watch: Promise<void> | undefined;

  /** The Pod to shut down. */
  attach(pod: PodHandle): void {
    this.#pod = pod;
    this.#startWatch();
  }

  /** Stops waiting for the Pod to come to rest. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#watch;
  }

  #onResult({ toolName, isError }: PostToolInput): void {
    if (toolName !== FINAL_TOOL || isError) return;
    this.#isDone = true;
    this.#startWatch();
  }

  #startWatch(): void {
    const pod = this.#pod;
    if (!this.#isDone || !pod || this.#stop.signal.aborted) return;
    this.#watch ??= shutDownAtRest(pod, this.#stop.signal).catch((error) => {
      pod.alert("warn", "pod", `Cannot shut down after the intake: ${error}`);
    });
  }
}

async function shutDownAtRest(pod: PodHandle, signal: AbortSignal): Promise<void> {
  for await (const event of pod.subscribe({ signal })) {
    // The event may be old: between it and now, somebody may have given the Pod new work.
    if (statusOf(event) !== "idle" || pod.status !== "idle") continue;
    try {
      await pod.send({ method: "shutdown" });
    } catch (error) {
      // Somebody else was quicker.
      if (!(error instanceof PodError && error.code === "closed")) throw error;
    }
    return;
  }
}

function statusOf(event: Event): PodStatus | undefined {
  return event.event === "status" || event.event === "snapshot" ? event.data.status : undefined;
}
