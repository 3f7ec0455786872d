/** @module */

import { messageOf } from "./_message_of.ts";
import type { Engine } from "../engine/engine.ts";
import type { AlertLevel, AlertSource } from "../protocol/event.ts";
import { UuidSource } from "../session/mod.ts";
import type { SegmentPointer } from "../session/session_store.ts";
import { complete } from "./completions.ts";
import { ControllerRunner } from "./controller_runner.ts";
import { departure } from "./departure.ts";
import { DeveloperLog } from "./developer_log.ts";
import { greetingOf } from "./greeting.ts";
import { Journal } from "./journal.ts";
import { OwnedTasks } from "./owned_tasks.ts";
import { PodHandle } from "./pod_handle.ts";
import type { ChildrenPort, DiscoveryPort } from "./ports.ts";
import { restoreSession } from "./restore_session.ts";
import { RuntimeDir } from "./runtime_dir.ts";
import { SegmentChain } from "./segment_chain.ts";
import { SocketServer } from "./socket_server.ts";
import { subscribeTo } from "./subscription.ts";
import { type SendReport, UpwardReporter } from "./upward_reporter.ts";

/** Bounds that a Pod keeps; every one has a default. */
export interface PodLimits {
  /** Milliseconds a turn has to end after it was told to; 10,000. */
  abortMs?: number;
  /** Milliseconds one write to a client may take; 30,000. */
  writeMs?: number;
  /** Milliseconds a client has to take its last lines; 2,000. */
  flushMs?: number;
  /** Milliseconds a listing of completions may take; 2,000. */
  completionMs?: number;
  /** Milliseconds that keeping the session pointer may take; 10,000. */
  pointerMs?: number;
  /** Milliseconds one report to the parent may take; 5,000. */
  reportMs?: number;
  /** Milliseconds that tasks beside the turn have to end when the Pod leaves; 1,000. */
  taskMs?: number;
  /** Milliseconds the engine has to let go of what it holds when the Pod leaves; 5,000. */
  engineMs?: number;
  /** Bytes that may wait for one client; 4 MiB. */
  clientQueueBytes?: number;
}

/** What a Pod is made from. */
export interface PodOptions {
  /** Unique on this host. */
  name: string;
  /** Folder of all Pods' runtime folders; kept short, a socket path has 107 bytes at most. */
  runtimeRoot: string;
  /** Folder of all sessions' logs. */
  sessionsRoot: string;
  /** The segment to go on in; without it the Pod starts a new session with its first run. */
  restore?: SegmentPointer;
  /** Id of the new session, when nothing is restored; a new UUID if not given. */
  sessionId?: string;
  /** Working directory, for the greeting; default that of the process. */
  cwd?: string;
  /** What may be read and written, for the greeting. */
  scopeSummary?: string;
  /** Text of `manifest.toml` in the runtime folder. */
  manifest?: string;
  /** Keeps the session pointer durably. */
  savePointer?: (pointer: SegmentPointer) => Promise<void>;
  /** Sends a report to the parent Pod; without it there is no parent. */
  report?: SendReport;
  /** The child Pods; without it reports of children are refused. */
  children?: ChildrenPort;
  /** Other Pods on this host; without it `list_pods` and its like are refused. */
  discovery?: DiscoveryPort;
  /** `entry`: each entry is on the disk before the turn goes on; default `run`. */
  durability?: "run" | "entry";
  /** Bounds; every one has a default. */
  limits?: PodLimits;
  /** Milliseconds since the Unix epoch; default `Date.now`. */
  now?: () => number;
}

/**
 * Starts Pods.
 *
 * @example
 * ```ts
 * import { PodController } from "./controller.ts";
 * import type { Engine } from "../engine/mod.ts";
 *
 * const engine: Engine = {
 *   describe: () => ({ provider: "unknown", model: "silent", tools: [], contextWindow: 0 }),
 *   runTurn: () => Promise.resolve({ kind: "finished" }),
 * };
 * const root = await Deno.makeTempDir();
 * {
 *   await using pod = await PodController.start(engine, {
 *     name: "agent",
 *     runtimeRoot: `${root}/run`,
 *     sessionsRoot: `${root}/sessions`,
 *   });
 *   const events = pod.subscribe();
 *   await pod.send({ method: "run", params: { input: [{ kind: "text", content: "hello" }] } });
 *   for await (const event of events) if (event.event === "run_end") break;
 * }
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export class PodController {
  private constructor() {}

  /**
   * Starts a Pod around an engine: takes its name, opens its log, listens on its socket.
   *
   * @throws {PodError} when the name, a path or the socket cannot be had.
   * @throws {SessionError} when the log to restore cannot be used.
   */
  static async start(engine: Engine, options: PodOptions): Promise<PodHandle> {
    await using stack = new AsyncDisposableStack();
    const { name, now, limits = {} } = options;
    const runtimeDir = stack.use(
      await RuntimeDir.create({
        runtimeRoot: options.runtimeRoot,
        podName: name,
        manifest: options.manifest,
      }),
    );
    const developerLog = stack.use(new DeveloperLog(`${runtimeDir.path}/pod.log`, now));
    const note = (message: string) => developerLog.write(message);
    const uuids = new UuidSource(now ? { now } : {});
    const cwd = options.cwd ?? Deno.cwd();
    const scopeSummary = options.scopeSummary ?? "";
    const journal: Journal = new Journal({
      greeting: () => greetingOf(engine, { name, cwd, scopeSummary }, journal.state.usage.at(-1)),
      status: () => runner.status,
      now,
    });
    const keepStatus = statusKeeper(
      journal,
      note,
      () => runtimeDir.writeStatus(runner.status, chain.segmentId),
    );
    const chain: SegmentChain = stack.use(
      new SegmentChain({
        journal,
        sessionsRoot: options.sessionsRoot,
        sessionId: options.restore?.sessionId ?? options.sessionId ?? uuids.next(),
        newId: () => uuids.next(),
        now,
        savePointer: options.savePointer,
        pointerLimitMs: limits.pointerMs,
        durability: options.durability,
        onSwitch: keepStatus,
        onCloseFailure: (error) => note(`Cannot close a segment log: ${error}`),
      }),
    );
    if (options.restore) await restoreSession(options.restore, options, chain, journal);
    const reporter = stack.use(
      new UpwardReporter({
        send: options.report,
        limitMs: limits.reportMs,
        onFailure: (event, error) => note(`Cannot report ${event.kind} to the parent: ${error}`),
      }),
    );
    const tasks = stack.use(
      new OwnedTasks({
        onFailure: (task, error) => note(`Task "${task}" failed: ${error}`),
        abortLimitMs: limits.taskMs,
      }),
    );
    const asked = Promise.withResolvers<void>();
    const runner: ControllerRunner = new ControllerRunner({
      podName: name,
      engine,
      journal,
      chain,
      reporter,
      tasks,
      children: options.children,
      discovery: options.discovery,
      abortLimitMs: limits.abortMs,
      onStatus: keepStatus,
      onClose: asked.resolve,
      note,
    });
    runtimeDir.writeStatus(runner.status, chain.segmentId);
    const server = stack.use(
      SocketServer.listen(runtimeDir.socketPath, {
        journal,
        dispatch: (method, from) => runner.take(method, from),
        complete: (request, { signal }) =>
          complete(engine, request, {
            signal,
            limitMs: limits.completionMs,
            onFailure: (error) => note(`Cannot list completions: ${error}`),
          }),
        onStalled: () => {
          const message = "A client took no bytes and was disconnected";
          note(message);
          journal.alert("warn", "pod", message);
        },
        onFailure: (error) => note(`A connection failed: ${error}`),
        onAcceptError: (error) => note(`Cannot accept a client: ${error}`),
        writeLimitMs: limits.writeMs,
        flushLimitMs: limits.flushMs,
        queueBytes: limits.clientQueueBytes,
      }),
    );
    runtimeDir.hasStarted = true;
    const parts = { podName: name, engine, runner, reporter, tasks, journal, server, limits, note };
    return new PodHandle({
      socketPath: runtimeDir.socketPath,
      runtimeDir: runtimeDir.path,
      status: () => runner.status,
      isClosing: () => runner.isClosing,
      take: (method) => runner.take(method),
      subscribe: ({ signal }) =>
        subscribeTo(journal, { signal, maxBytes: limits.clientQueueBytes }),
      alert: (level: AlertLevel, source: AlertSource, message: string) =>
        journal.alert(level, source, message),
      done: departure(asked.promise, { ...parts, owned: stack.move() }),
    });
  }
}

/**
 * Keeps the status where other programs look for it. People hear once when that stops working; the
 * Pod goes on.
 */
function statusKeeper(journal: Journal, note: (message: string) => void, write: () => void) {
  let isFailing = false;
  return () => {
    try {
      write();
      isFailing = false;
    } catch (error) {
      if (isFailing) return;
      isFailing = true;
      const message = `Cannot keep status.json: ${messageOf(error)}`;
      note(message);
      journal.alert("warn", "pod", message);
    }
  };
}
