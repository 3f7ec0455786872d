/** @module */

import type { Engine } from "../engine/engine.ts";
import type { AlertLevel, AlertSource, CompletionEntry, Greeting } from "../protocol/event.ts";
import type { CompletionKind } from "../protocol/method.ts";
import { SegmentLog, UuidSource } from "../session/mod.ts";
import { ControllerRunner } from "./controller_runner.ts";
import { DeveloperLog } from "./developer_log.ts";
import { Journal } from "./journal.ts";
import { LIMIT_REACHED, OwnedTasks, withinLimit } from "./owned_tasks.ts";
import { PodHandle } from "./pod_handle.ts";
import type { ChildrenPort, DiscoveryPort, SegmentPointer } from "./ports.ts";
import { RuntimeDir } from "./runtime_dir.ts";
import { SegmentChain } from "./segment_chain.ts";
import { SocketServer } from "./socket_server.ts";
import { subscribeTo } from "./subscription.ts";
import { type SendReport, UpwardReporter } from "./upward_reporter.ts";

/** Version of this project's additions to the wire; see {@linkcode Greeting.protocol}. */
const PROTOCOL_ADDITIONS = 1;
/** Names of those additions. */
const FEATURES = ["method_id", "event_seq", "open_blocks", "resync"];

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
  /** Working directory, for the greeting. */
  cwd?: string;
  /** What may be read and written, for the greeting. */
  scopeSummary?: string;
  /** Text of `manifest.toml` in the runtime folder. */
  manifest?: string;
  /** Keeps the session pointer durably. */
  savePointer?: (pointer: SegmentPointer) => Promise<void>;
  /** Sends a report to the parent Pod; without it there is no parent. */
  report?: SendReport;
  children?: ChildrenPort;
  discovery?: DiscoveryPort;
  /** `entry`: each entry is on the disk before the turn goes on; default `run`. */
  durability?: "run" | "entry";
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
    const { now } = options;
    const limits = options.limits ?? {};
    const runtimeDir = stack.use(
      await RuntimeDir.create({
        runtimeRoot: options.runtimeRoot,
        podName: options.name,
        manifest: options.manifest,
      }),
    );
    const developerLog = stack.use(new DeveloperLog(`${runtimeDir.path}/pod.log`, now));
    const uuids = new UuidSource(now ? { now } : {});
    const journal: Journal = new Journal({
      greeting: () => greetingOf(engine, options, journal),
      status: () => runner.status,
      ...(now ? { now } : {}),
    });
    const chain = stack.use(
      new SegmentChain({
        journal,
        sessionsRoot: options.sessionsRoot,
        sessionId: options.restore?.sessionId ?? options.sessionId ?? uuids.next(),
        newId: () => uuids.next(),
        now,
        savePointer: options.savePointer,
        durability: options.durability,
        onCloseFailure: (error) => developerLog.write(`Cannot close a segment log: ${error}`),
      }),
    );
    if (options.restore) await restore(options.restore, options, chain, journal);
    const reporter = stack.use(
      new UpwardReporter(options.report, (event, error) => {
        developerLog.write(`Cannot report ${event.kind} to the parent: ${error}`);
      }),
    );
    const tasks = stack.use(
      new OwnedTasks((name, error) => developerLog.write(`Task "${name}" failed: ${error}`)),
    );
    const left = Promise.withResolvers<void>();
    const runner: ControllerRunner = new ControllerRunner({
      podName: options.name,
      engine,
      journal,
      chain,
      reporter,
      tasks,
      children: options.children,
      discovery: options.discovery,
      abortLimitMs: limits.abortMs,
      onStatus: (status) => runtimeDir.writeStatus(status, chain.segmentId),
      onClose: () => left.resolve(),
      note: (message) => developerLog.write(message),
    });
    runtimeDir.writeStatus(runner.status, chain.segmentId);
    const server = stack.use(
      SocketServer.listen(runtimeDir.socketPath, {
        journal,
        dispatch: (method, from) => runner.take(method, from),
        complete: (request, { signal }) => complete(engine, request, signal, limits.completionMs),
        onStalled: () => {
          const message = "A client took no bytes and was disconnected";
          developerLog.write(message);
          journal.alert("warn", "pod", message);
        },
        onAcceptError: (error) => developerLog.write(`Cannot accept a client: ${error}`),
        ...(limits.writeMs === undefined ? {} : { writeLimitMs: limits.writeMs }),
        ...(limits.flushMs === undefined ? {} : { flushLimitMs: limits.flushMs }),
        ...(limits.clientQueueBytes === undefined ? {} : { queueBytes: limits.clientQueueBytes }),
      }),
    );
    const owned = stack.move();
    const leave = async () => {
      await left.promise;
      server.stopAccepting();
      await runner.settled();
      await tasks.idle(1_000);
      reporter.report({ kind: "shut_down", pod_name: options.name });
      await reporter.flush(5_000);
      journal.endAll();
      await server[Symbol.asyncDispose]();
      await engine[Symbol.asyncDispose]?.();
      await owned.disposeAsync();
      return { reason: "shutdown" } as const;
    };
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
      done: leave(),
    });
  }
}

async function restore(
  pointer: SegmentPointer,
  options: PodOptions,
  chain: SegmentChain,
  journal: Journal,
): Promise<void> {
  const path = `${options.sessionsRoot}/${pointer.sessionId}/${pointer.segmentId}.jsonl`;
  const log = await SegmentLog.open(path, {
    ...(options.now ? { now: options.now } : {}),
    ...(options.durability ? { durability: options.durability } : {}),
  });
  chain.adopt(log);
  for (const { message } of log.diagnostics) journal.alert("warn", "pod", message);
  if (log.replay.endedAbruptly) {
    journal.alert(
      "warn",
      "pod",
      "The last turn of this session did not end. Nothing of it is run again: " +
        "the next message closes its open tool calls first.",
    );
  }
}

function greetingOf(engine: Engine, options: PodOptions, journal: Journal): Greeting {
  const { provider, model, tools, contextWindow } = engine.describe();
  const usage = journal.state.usage.at(-1);
  return {
    pod_name: options.name,
    cwd: options.cwd ?? Deno.cwd(),
    provider,
    model,
    scope_summary: options.scopeSummary ?? "",
    tools: [...tools].sort(),
    context_window: contextWindow,
    context_tokens: usage ? usage.input_total_tokens + usage.output_tokens : 0,
    protocol: PROTOCOL_ADDITIONS,
    features: FEATURES,
  };
}

/** Completion candidates; none when the engine fails or takes too long: a person goes on typing. */
async function complete(
  engine: Engine,
  request: { kind: CompletionKind; prefix: string },
  connectionSignal: AbortSignal,
  limitMs = 2_000,
): Promise<CompletionEntry[]> {
  if (!engine.complete) return [];
  const abort = new AbortController();
  const signal = AbortSignal.any([connectionSignal, abort.signal]);
  const work = engine.complete(request.kind, request.prefix, { signal })
    .catch((): CompletionEntry[] => []);
  const entries = await withinLimit(work, limitMs);
  if (entries !== LIMIT_REACHED) return entries;
  abort.abort(new DOMException("The listing took too long", "TimeoutError"));
  return [];
}
