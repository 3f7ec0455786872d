/**
 * This process as a Pod: from its start to its end, signals included.
 *
 * Source: protocol specification, section 5.4, P17; controller specification, W18.
 *
 * @module
 */

import type { PodRequest } from "../host/pod_plan.ts";
import type { StartPodOptions } from "../host/start_pod.ts";
import type { PodHandle } from "../pod/pod_handle.ts";
import { SignalListener } from "../process/signals.ts";
import type { Context } from "./context.ts";
import { EXIT, type ExitCode, exitCodeOf } from "./exit_code.ts";

/** Milliseconds that a shutdown may take after a signal. */
const SHUTDOWN_LIMIT_MS = 15_000;

/** What the process is told about itself. */
export interface PodProcessOptions {
  request: PodRequest;
  /** Gives what the Pod is started with; called when signals are heard. */
  prepare: () => Promise<Omit<StartPodOptions, "paths">> | Omit<StartPodOptions, "paths">;
  /** Called when clients can connect. */
  onReady?: (pod: PodHandle) => Promise<void>;
}

/**
 * Runs a Pod in this process until a client or a signal shuts it down. The first SIGINT, SIGTERM
 * or SIGHUP (its terminal is gone) means `shutdown`, also while the Pod is still starting; the second
 * one does not wait.
 *
 * @throws whatever keeps the Pod from starting.
 */
export async function runPodProcess(
  options: PodProcessOptions,
  context: Context,
): Promise<ExitCode> {
  const { name } = options.request;
  const say = (text: string) => context.terminal.stderr.announce(text);
  // Before anything is loaded or made: from here on no signal leaves files behind.
  using signals = new ShutdownSignals(() => say(`pod: ${name} shutting down (signal)\n`));
  const living = live(options, context, signals.asked);
  // A start that fails after a forced end is nobody's business any more.
  living.catch(() => {});
  const code = await Promise.race([living, signals.forced]);
  if (code === EXIT.failed) say(`yoi: Cannot shut Pod "${name}" down in time: giving up\n`);
  return code;
}

async function live(
  options: PodProcessOptions,
  context: Context,
  asked: AbortSignal,
): Promise<ExitCode> {
  const { name } = options.request;
  const { stderr } = context.terminal;
  const [{ startPod }, { readyLine }] = await Promise.all([
    import("../host/start_pod.ts"),
    import("../fleet/ready_line.ts"),
  ]);
  if (asked.aborted) return EXIT.done;
  const pod = await startPod(options.request, {
    ...await options.prepare(),
    paths: context.paths(),
  });
  // Refused only when the Pod is leaving already.
  const shutDown = () => void pod.send({ method: "shutdown" }).catch(() => {});
  asked.addEventListener("abort", shutDown);
  if (asked.aborted) shutDown();
  stderr.announce(readyLine({ name, socketPath: pod.socketPath }));
  stderr.announce(`pod: ${name} listening on ${JSON.stringify(pod.socketPath)}\n`);
  await options.onReady?.(pod);
  await pod.done;
  if (!asked.aborted) stderr.announce(`pod: ${name} shutting down (client request)\n`);
  return EXIT.done;
}

/** Turns signals into a wish, and then into an end. */
class ShutdownSignals implements Disposable {
  /** Fires with the first signal. */
  readonly asked: AbortSignal;
  /** Settles with a second signal, or when the shutdown takes too long. */
  readonly forced: Promise<ExitCode>;
  readonly #abort = new AbortController();
  readonly #listener: SignalListener;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(onFirst: () => void) {
    this.asked = this.#abort.signal;
    const { promise, resolve } = Promise.withResolvers<ExitCode>();
    this.forced = promise;
    this.#listener = new SignalListener(["SIGINT", "SIGTERM", "SIGHUP"], (signal) => {
      if (this.asked.aborted) return resolve(exitCodeOf(signal));
      onFirst();
      this.#timer = setTimeout(() => resolve(EXIT.failed), SHUTDOWN_LIMIT_MS);
      this.#abort.abort();
    });
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#listener[Symbol.dispose]();
  }
}
