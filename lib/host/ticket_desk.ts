/** @module */

import { isAbsolute, relative } from "@std/path";
import type { Tool } from "../engine/tool.ts";
import { defaultPodName } from "../config/pod_name.ts";
import type { PodManifest } from "../fleet/manifest.ts";
import {
  loadTicketConfig,
  TICKET_CONFIG_PATH,
  TicketConfigError,
} from "../ticket/ticket_config.ts";
import { TicketStore } from "../ticket/store.ts";
import { createTicketTools } from "../tools/ticket_tools.ts";
import type { PodRole } from "./pod_role.ts";
import { IntakeRole } from "./role_intake.ts";
import { OrchestratorRole } from "./role_orchestrator.ts";
import type { PeersPort } from "./role_peers.ts";

/** What a Pod has to do with tickets. */
export interface TicketDesk {
  /** What its model may call; empty when the manifest enables none or there is nothing to work on. */
  tools: readonly Tool[];
  /** Its role, when it has one that does something. */
  role?: PodRole;
  /** Why the tools that the manifest asks for are not offered, for a person. */
  problem?: string;
}

/**
 * Opens the tickets of a Pod's workspace as its manifest says. A workspace without usable tickets is
 * no failure of the Pod: it starts without them and says so.
 *
 * Source: tickets specification, section 11; controller specification, 8.4.
 */
export async function openTicketDesk(
  manifest: PodManifest,
  options: { peers: PeersPort },
): Promise<TicketDesk> {
  const intake = manifest.ticketRole === "intake" ? { role: new IntakeRole() } : {};
  const { tickets, cwd } = manifest;
  if (!tickets) return { tools: [], ...intake };
  const workspace = await openWorkspace(cwd);
  if (typeof workspace === "string") return { tools: [], problem: workspace, ...intake };
  const { root, language } = workspace;
  const store = TicketStore.open(root, language === undefined ? {} : { language });
  const tools = createTicketTools({
    store,
    ...tickets,
    ...(language === undefined ? {} : { language }),
  });
  const companion = defaultPodName(cwd);
  const isOrchestrating = manifest.ticketRole?.toLowerCase() === "orchestrator" &&
    tickets.base && tickets.access === "lifecycle" && companion !== manifest.name &&
    await isFile(`${cwd}/${TICKET_CONFIG_PATH}`);
  if (!isOrchestrating) return { tools, ...intake };
  const path = relative(cwd, root);
  const ticketFolder = path === "" || path.startsWith("..") || isAbsolute(path) ? root : path;
  const { peers } = options;
  return { tools, role: new OrchestratorRole({ store, ticketFolder, companion, peers }) };
}

/** The ticket root and language of a workspace, or why its tickets cannot be worked on. */
async function openWorkspace(
  cwd: string,
): Promise<{ root: string; language: string | undefined } | string> {
  try {
    const { root, language } = await loadTicketConfig(cwd);
    return await rootFault(root) ?? { root, language };
  } catch (error) {
    if (error instanceof TicketConfigError) return notOffered(error.message);
    throw error;
  }
}

async function rootFault(root: string): Promise<string | undefined> {
  try {
    return (await Deno.stat(root)).isDirectory
      ? undefined
      : notOffered(`"${root}" is not a folder`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      return notOffered(
        `there is no "${root}" yet; make it with "yoi ticket init" and start the Pod again`,
      );
    }
    return notOffered(error instanceof Error ? error.message : String(error));
  }
}

function notOffered(reason: string): string {
  return `The ticket tools are not offered: ${reason}`;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
