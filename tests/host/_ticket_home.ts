/** Pods with tickets in a temporary home, for the tests of roles. @module */

import type { Paths } from "../../lib/config/paths.ts";
import type { TicketSettings } from "../../lib/fleet/manifest.ts";
import type { PeersPort } from "../../lib/host/role_peers.ts";
import { startPod } from "../../lib/host/start_pod.ts";
import type { PodHandle } from "../../lib/pod/mod.ts";
import type { Event } from "../../lib/protocol/mod.ts";
import { TicketStore } from "../../lib/ticket/store.ts";

/** Everything, as `--tickets lifecycle` gives it. */
export const LIFECYCLE: TicketSettings = { access: "lifecycle", base: true, orchestration: true };

/** How a Pod of a test is started. */
export interface PodStart {
  name?: string;
  /** What its model does, call by call. */
  calls?: unknown[][];
  role?: string;
  tickets?: TicketSettings | null;
  peers?: PeersPort;
}

/** A home folder with a workspace named `garden` that has tickets. */
export class TicketHome implements AsyncDisposable {
  readonly cwd: string;
  readonly paths: Paths;
  readonly store: TicketStore;
  #scripts = 0;

  private constructor(readonly root: string) {
    this.cwd = `${root}/garden`;
    this.paths = { config: `${root}/config`, data: `${root}/data`, runtime: `${root}/run` };
    this.store = TicketStore.open(`${this.cwd}/.yoi/tickets`, { author: "dana", durable: false });
  }

  /** @param config Text of the ticket configuration; `null` for none. */
  static async make(config: string | null = ""): Promise<TicketHome> {
    const home = new TicketHome(await Deno.realPath(await Deno.makeTempDir({ prefix: "yoi-" })));
    await Deno.mkdir(`${home.cwd}/.yoi/tickets`, { recursive: true });
    if (config !== null) await Deno.writeTextFile(`${home.cwd}/.yoi/ticket.config.toml`, config);
    return home;
  }

  /** Starts a Pod in the workspace, with all ticket tools unless something else is said. */
  async start(options: PodStart = {}): Promise<PodHandle> {
    const { name = "agent", calls = [], role, tickets = LIFECYCLE, peers } = options;
    const path = `${this.root}/script-${this.#scripts++}.jsonl`;
    const lines = calls.flatMap((steps) => [{ call: {} }, ...steps]);
    await Deno.writeTextFile(path, lines.map((line) => JSON.stringify(line)).join("\n"));
    return await startPod({
      name,
      cwd: this.cwd,
      model: `script:${path}`,
      tickets,
      ...(role === undefined ? {} : { ticketRole: role }),
    }, { paths: this.paths, ...(peers && { peers }) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.root, { recursive: true });
  }
}

/** A model call that calls tools. */
export function calling(...calls: [name: string, input: Record<string, unknown>][]): unknown[] {
  const parts = calls.map(([toolName, input], index) => {
    const toolCallId = `${toolName}-${index}`;
    return { type: "tool-call", toolCallId, toolName, input: JSON.stringify(input) };
  });
  return [...parts, finish("tool-calls")];
}

/** A model call that answers. */
export function answering(text = "done"): unknown[] {
  return [
    { type: "text-start", id: "t" },
    { type: "text-delta", id: "t", delta: text },
    { type: "text-end", id: "t" },
    finish("stop"),
  ];
}

function finish(unified: string): unknown {
  const usage = { inputTokens: { total: 3 }, outputTokens: { total: 1 } };
  return { type: "finish", finishReason: { unified }, usage };
}

/** Sends a run and gives the events until the Pod rests. */
export async function ask(pod: PodHandle, text = "go"): Promise<Event[]> {
  const events = pod.subscribe();
  await pod.send({ method: "run", params: { input: [{ kind: "text", content: text }] } });
  return await readUntil(
    events,
    (event) => event.event === "status" && event.data.status !== "running",
  );
}

/** Reads up to and including the event that is waited for, or to the end. */
export async function readUntil(
  events: ReadableStream<Event>,
  isLast: (event: Event) => boolean,
): Promise<Event[]> {
  const seen: Event[] = [];
  for await (const event of events) {
    seen.push(event);
    if (isLast(event)) break;
  }
  return seen;
}

/** The tools that a Pod says it has, apart from those over files. */
export async function ticketToolsOf(pod: PodHandle): Promise<string[]> {
  for await (const event of pod.subscribe()) {
    if (event.event !== "snapshot") continue;
    return event.data.greeting.tools.filter((name) => name.startsWith("Ticket"));
  }
  return [];
}
