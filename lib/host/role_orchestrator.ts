/** @module */

import type { TicketStore } from "../ticket/store.ts";
import type { PostToolInput, WorkerHook } from "../worker/hooks.ts";
import type { PodRole } from "./pod_role.ts";
import type { PeersPort } from "./role_peers.ts";
import { type TicketChange, ticketChangeOf, ticketNotice } from "./ticket_notice.ts";

/** What an orchestrator tells its companion with. */
export interface OrchestratorOptions {
  /** Where title and state of a ticket are looked up. */
  store: Pick<TicketStore, "show">;
  /** Folder of the tickets, as seen from the workspace: `.yoi/tickets`. */
  ticketFolder: string;
  /** Name of the Pod that is told. */
  companion: string;
  /** Finds it. */
  peers: PeersPort;
  /** Milliseconds that notices under way have to get out at the end; 1,000. */
  graceMs?: number;
}

/** Notices that may wait for a companion that is slow to take them. */
const QUEUE_CAPACITY = 32;
const DEFAULT_GRACE_MS = 1_000;

/**
 * The role of a Pod that moves tickets: after each change the Pod that is named like the workspace
 * gets a weak notice, if it lives and is a peer. Notices go out one after the other beside the turn,
 * which never waits for them. One that cannot be delivered is dropped: the ticket itself has the news.
 *
 * Source: controller specification, section 8.4.
 */
export class OrchestratorRole implements PodRole {
  /** Looks for changes of tickets. */
  readonly hook: WorkerHook = { postTool: (result) => this.#onResult(result) };
  readonly #options: OrchestratorOptions;
  readonly #stop = new AbortController();
  #tail: Promise<void> = Promise.resolve();
  #waiting = 0;
  /** The first failure that is no matter of delivery. */
  #mistake: unknown;

  /** Sends nothing yet. */
  constructor(options: OrchestratorOptions) {
    this.#options = options;
  }

  /** Gives notices under way a moment, then drops them; throws what no companion is to blame for. */
  async [Symbol.asyncDispose](): Promise<void> {
    const timer = setTimeout(
      () => this.#stop.abort(),
      this.#options.graceMs ?? DEFAULT_GRACE_MS,
    );
    try {
      await this.#tail;
    } finally {
      clearTimeout(timer);
      this.#stop.abort();
    }
    if (this.#mistake !== undefined) throw this.#mistake;
  }

  #onResult({ toolName, isError, summary, content }: PostToolInput): void {
    const change = isError ? undefined : ticketChangeOf(toolName, content);
    if (!change || this.#stop.signal.aborted || this.#waiting >= QUEUE_CAPACITY) return;
    this.#waiting++;
    this.#tail = this.#tail
      .then(() => this.#tell(change, summary))
      // Not reaching a companion is no failure of this Pod's; a mistake of the program is.
      .catch((error) => {
        if (isMistake(error)) this.#mistake ??= error;
      })
      .finally(() => this.#waiting--);
  }

  async #tell(change: TicketChange, summary: string): Promise<void> {
    const { peers, companion, ticketFolder } = this.#options;
    const { signal } = this.#stop;
    signal.throwIfAborted();
    const peer = await peers.livePeer(companion, { signal });
    if (!peer) return;
    const folder = `${ticketFolder}/${change.ticket}`;
    const text = ticketNotice({ ...await this.#lookUp(change), summary, folder });
    await peer.notify(text, { autoRun: false, signal });
  }

  /** The change with the title of its ticket, and with its state where the answer did not say. */
  async #lookUp(change: TicketChange): Promise<TicketChange & { title?: string }> {
    try {
      const { title, state } = await this.#options.store.show(change.ticket);
      return { state, title, ...change };
    } catch {
      // The notice says what it can: its reader can look at the path.
      return change;
    }
  }
}

/** Whether an error says that the program is wrong, rather than the world. */
function isMistake(error: unknown): boolean {
  return error instanceof TypeError || error instanceof ReferenceError ||
    error instanceof RangeError;
}
