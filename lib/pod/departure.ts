/** @module */

import type { Engine } from "../engine/engine.ts";
import type { ControllerRunner } from "./controller_runner.ts";
import type { Journal } from "./journal.ts";
import type { OwnedTasks } from "./owned_tasks.ts";
import type { PodExit } from "./pod_handle.ts";
import type { SocketServer } from "./socket_server.ts";
import type { UpwardReporter } from "./upward_reporter.ts";
import { LIMIT_REACHED, withinLimit } from "./waiting.ts";

/** What a Pod leaves behind, and what it is told by. */
export interface DepartureParts {
  /** Name of the Pod, for the last report. */
  podName: string;
  /** Is let go of. */
  engine: Engine;
  /** Is waited for. */
  runner: ControllerRunner;
  /** Takes the last report. */
  reporter: UpwardReporter;
  /** Tasks beside the turn. */
  tasks: OwnedTasks;
  /** Ends the clients' streams. */
  journal: Journal;
  /** Closes the connections. */
  server: SocketServer;
  /** Everything the Pod holds, in the order in which it was made. */
  owned: AsyncDisposable;
  /** Bounds in milliseconds. */
  limits: DepartureLimits;
  /** What no client needs to hear. */
  note(message: string): void;
}

/** How long a leaving Pod waits. */
export interface DepartureLimits {
  /** For tasks beside the turn to end by themselves; 1,000. */
  taskMs?: number | undefined;
  /** For the last reports to the parent; 5,000. */
  reportMs?: number | undefined;
  /** For the engine to let go of what it holds; 5,000. */
  engineMs?: number | undefined;
}

/**
 * Leaves as soon as it is asked to, in the order that clients and the parent expect. Every wait is
 * bounded, and a step that fails keeps none of the others from being done.
 *
 * Source: controller specification, section 7.1, W15 and W19.
 *
 * @returns how the Pod ended; rejects with the first failure, after everything was let go of.
 */
export function departure(asked: Promise<void>, parts: DepartureParts): Promise<PodExit> {
  const done = leave(asked, parts);
  // Whoever waits for the end hears of a failure; a Pod that nobody waits for must not end the
  // whole process by it.
  done.catch((error) => parts.note(`The Pod did not leave in order: ${error}`));
  return done;
}

async function leave(asked: Promise<void>, parts: DepartureParts): Promise<PodExit> {
  const { podName, engine, runner, reporter, tasks, journal, server, owned, note } = parts;
  const { taskMs = 1_000, reportMs = 5_000, engineMs = 5_000 } = parts.limits;
  await asked;
  // Disposed in reverse: the log, the folder and the lock go last.
  await using stack = new AsyncDisposableStack();
  stack.use(owned);
  stack.defer(async () => {
    const left = engine[Symbol.asyncDispose]?.() ?? Promise.resolve();
    if (await withinLimit(left, engineMs) === LIMIT_REACHED) {
      note("The engine did not let go in time and was left behind");
    }
  });
  stack.use(server);
  server.stopAccepting();
  await runner.settled();
  await tasks.idle(taskMs);
  reporter.report({ kind: "shut_down", pod_name: podName });
  await reporter.flush(reportMs);
  journal.endAll();
  return { reason: "shutdown" };
}
