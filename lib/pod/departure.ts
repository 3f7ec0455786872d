/** @module */

import type { Engine } from "../engine/engine.ts";
import type { ControllerRunner } from "./controller_runner.ts";
import type { Journal } from "./journal.ts";
import type { OwnedTasks } from "./owned_tasks.ts";
import type { PodExit } from "./pod_handle.ts";
import type { SocketServer } from "./socket_server.ts";
import type { UpwardReporter } from "./upward_reporter.ts";
import { LIMIT_REACHED, withinLimit } from "./waiting.ts";

/** Milliseconds that tasks beside the turn have to end by themselves. */
const TASK_LIMIT_MS = 1_000;
/** Milliseconds that the last reports to the parent may take in all. */
const REPORT_LIMIT_MS = 5_000;
/** Milliseconds that the engine may take to let go of what it holds. */
const ENGINE_LIMIT_MS = 5_000;

/** What a Pod leaves behind, and what it is told by. */
export interface DepartureParts {
  podName: string;
  engine: Engine;
  runner: ControllerRunner;
  reporter: UpwardReporter;
  tasks: OwnedTasks;
  journal: Journal;
  server: SocketServer;
  /** Everything the Pod holds, in the order in which it was made. */
  owned: AsyncDisposable;
  /** What no client needs to hear. */
  note(message: string): void;
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
  await asked;
  // Disposed in reverse: the log, the folder and the lock go last.
  await using stack = new AsyncDisposableStack();
  stack.use(owned);
  stack.defer(async () => {
    const left = engine[Symbol.asyncDispose]?.() ?? Promise.resolve();
    if (await withinLimit(left, ENGINE_LIMIT_MS) === LIMIT_REACHED) {
      note("The engine did not let go in time and was left behind");
    }
  });
  stack.use(server);
  server.stopAccepting();
  await runner.settled();
  await tasks.idle(TASK_LIMIT_MS);
  reporter.report({ kind: "shut_down", pod_name: podName });
  await reporter.flush(REPORT_LIMIT_MS);
  journal.endAll();
  return { reason: "shutdown" };
}
