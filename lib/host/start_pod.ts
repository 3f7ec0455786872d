/** @module */

import { stringify } from "@std/toml";
import { sendOnce } from "../client/send_once.ts";
import { locksDir, type Paths, podsRoot, sessionsRoot } from "../config/paths.ts";
import type { Engine } from "../engine/engine.ts";
import { encodeManifest, type PodRecord, PodStore } from "../fleet/mod.ts";
import {
  type ChildrenPort,
  PodController,
  type PodHandle,
  type SegmentPointer,
} from "../pod/mod.ts";
import { Scope } from "../scope/scope.ts";
import { scopeSummary } from "../scope/scope_summary.ts";
import { UuidSource } from "../session/uuid.ts";
import { createFileTools } from "../tools/default_tools.ts";
import { openModel } from "../worker/open_model.ts";
import { createWorkerEngine } from "../worker/worker_engine.ts";
import { completeFiles } from "./file_completions.ts";
import { HostError } from "./host_error.ts";
import { planPod, type PodPlan, type PodRequest } from "./pod_plan.ts";
import { type PeersPort, RecordedPeers } from "./role_peers.ts";
import type { TicketDesk } from "./ticket_desk.ts";

/** Where a Pod is started, and how. */
export interface StartPodOptions {
  paths: Paths;
  /** The model of a Pod nobody chose one for; `builtin:offline`. */
  defaultModel?: string;
  /** The working directory of a Pod nobody chose one for; the process's. */
  defaultCwd?: string;
  /** Folder of all sessions, in place of the one below the data folder. */
  sessionsRoot?: string;
  /** Refuse to start a Pod that has no stored state. */
  requireState?: boolean;
  /** Start a new session; the old one stays on disk. */
  newSession?: boolean;
  /** Go on in this segment, whatever the record says. */
  restore?: SegmentPointer;
  /** Finds the Pods that a role tells of its work; default those that the Pod's record names. */
  peers?: PeersPort;
}

/**
 * Assembles one Pod in this process: its record, its scope, its tools, its model, its controller. A
 * Pod that has run before goes on where it was, with the settings it had; nothing of an interrupted
 * turn is run again.
 *
 * @throws {HostError} when the workspace cannot be used or state is missing.
 * @throws {PodError} when another process runs a Pod of this name.
 * @throws {SessionError} when the stored log is damaged or held by another writer.
 * @throws {WorkerError} when there is no such model.
 */
export async function startPod(request: PodRequest, options: StartPodOptions): Promise<PodHandle> {
  const { paths } = options;
  const store = new PodStore({ root: podsRoot(paths.data), locks: locksDir(paths.runtime) });
  const record = await store.read(request.name);
  if (!record && options.requireState) {
    throw new HostError("no_state", `Cannot restore Pod "${request.name}": pod state missing`);
  }
  const plan = planPod(request, record, {
    model: options.defaultModel ?? "builtin:offline",
    cwd: options.defaultCwd ?? Deno.cwd(),
  });
  const { manifest } = plan;
  const scope = await openScope(plan);
  const peers = options.peers ??
    new RecordedPeers({ store, runtimeRoot: paths.runtime, podName: manifest.name });
  const desk = await openDesk(plan, peers);
  const engine = await openEngine(plan, scope, desk);
  const restore = options.restore ?? (options.newSession ? undefined : pointerOf(record));
  const sessionId = restore?.sessionId ?? pendingSession(record, options) ??
    new UuidSource().next();
  const keep = (change: (record: PodRecord) => PodRecord) => store.update(manifest.name, change);
  const { callback } = plan;
  const pod = await PodController.start(engine, {
    name: manifest.name,
    runtimeRoot: paths.runtime,
    sessionsRoot: options.sessionsRoot ?? sessionsRoot(paths.data),
    sessionId,
    cwd: manifest.cwd,
    scopeSummary: scopeSummary(scope),
    manifest: stringify(encodeManifest(manifest)),
    children: NO_CHILDREN,
    savePointer: async (pointer) => {
      await keep((old) => ({
        ...old,
        active: { session_id: pointer.sessionId, segment_id: pointer.segmentId },
      }));
    },
    ...(restore ? { restore } : {}),
    ...(callback === undefined ? {} : {
      report: (event, { signal }) =>
        sendOnce(callback, { method: "pod_event", params: event }, { signal }),
    }),
  });
  desk.role?.attach?.(pod);
  if (desk.problem !== undefined) pod.alert("warn", "pod", desk.problem);
  try {
    // Only now: before the Pod held its name, the record may have been a live Pod's.
    await keep((old) => ({
      ...old,
      // A client may have been quicker: what its run has written is not taken back.
      active: old.active?.session_id === sessionId && old.active.segment_id !== undefined
        ? old.active
        : {
          session_id: sessionId,
          ...(restore ? { segment_id: restore.segmentId } : {}),
        },
      resolved_manifest_snapshot: encodeManifest(manifest),
      ...(callback === undefined ? {} : { callback_address: callback }),
    }));
    return pod;
  } catch (error) {
    await pod[Symbol.asyncDispose]();
    throw error;
  }
}

/** The base has no way to spawn children, so every report is a stranger's. */
const NO_CHILDREN: ChildrenPort = {
  standing: () => "stranger",
  apply: () => Promise.resolve(undefined),
};

async function openScope({ manifest }: PodPlan): Promise<Scope> {
  const { cwd } = manifest;
  const info = await Deno.stat(cwd).catch((cause) => {
    throw new HostError("bad_workspace", `Cannot work in "${cwd}": ${cause.message}`, { cause });
  });
  if (!info.isDirectory) {
    throw new HostError("bad_workspace", `Cannot work in "${cwd}": it is no folder`);
  }
  const scope = await Scope.open({ allow: manifest.allow, deny: manifest.deny });
  if (await scope.permissionAt(cwd) === "none") {
    throw new HostError(
      "bad_workspace",
      `Cannot work in "${cwd}": the scope does not let the Pod read it; add --scope "${cwd}:read"`,
    );
  }
  return scope;
}

/** Most Pods have nothing to do with tickets: only the others load what that takes. */
async function openDesk({ manifest }: PodPlan, peers: PeersPort): Promise<TicketDesk> {
  if (!manifest.tickets && manifest.ticketRole === undefined) return { tools: [] };
  const { openTicketDesk } = await import("./ticket_desk.ts");
  return await openTicketDesk(manifest, { peers });
}

async function openEngine({ manifest }: PodPlan, scope: Scope, desk: TicketDesk): Promise<Engine> {
  const { cwd } = manifest;
  const { tools, role } = desk;
  const model = await openModel(manifest.model, { cwd });
  const worker = createWorkerEngine({
    model,
    tools: [...createFileTools({ scope, cwd }), ...tools],
    hooks: role ? [role.hook] : [],
  });
  return {
    describe: () => worker.describe(),
    startSession: (session) => worker.startSession(session),
    runTurn: (turn, sink) => worker.runTurn(turn, sink),
    complete: (kind, prefix, { signal }) =>
      kind === "file" ? completeFiles(prefix, { scope, cwd, signal }) : Promise.resolve([]),
    async [Symbol.asyncDispose]() {
      await role?.[Symbol.asyncDispose]();
      await worker[Symbol.asyncDispose]();
    },
  };
}

function pointerOf(record: PodRecord | undefined): SegmentPointer | undefined {
  const { session_id: sessionId, segment_id: segmentId } = record?.active ?? {};
  return sessionId !== undefined && segmentId !== undefined ? { sessionId, segmentId } : undefined;
}

/** The session of a Pod that was started and has not run yet. */
function pendingSession(
  record: PodRecord | undefined,
  options: StartPodOptions,
): string | undefined {
  return options.newSession ? undefined : record?.active?.session_id;
}
