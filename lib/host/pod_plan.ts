/**
 * What a Pod is to be started with: what was asked for, over what is stored, over the defaults.
 *
 * Source: sessions-and-pods specification, sections B.3 and B.4; decision 22.
 *
 * @module
 */

import {
  decodeManifest,
  type PodManifest,
  type PodRecord,
  type TicketSettings,
} from "../fleet/mod.ts";
import type { ScopeRule } from "../protocol/scope_rule.ts";

/** What somebody asked for; everything but the name may be left open. */
export interface PodRequest {
  name: string;
  model?: string;
  /** Absolute. */
  cwd?: string;
  scope?: readonly ScopeRule[];
  /** Socket of the parent Pod that wants reports. */
  callback?: string;
  /** Ticket tools; `null` takes them away. */
  tickets?: TicketSettings | null;
  /** Role in the work on tickets; `null` takes it away. */
  ticketRole?: string | null;
}

/** What holds where nobody said anything. */
export interface PodDefaults {
  model: string;
  /** Absolute. */
  cwd: string;
}

/** What a Pod is started with. */
export interface PodPlan {
  manifest: PodManifest;
  callback?: string;
}

/** Settles every question that a request leaves open. */
export function planPod(
  request: PodRequest,
  record: PodRecord | undefined,
  defaults: PodDefaults,
): PodPlan {
  const stored = decodeManifest(record?.resolved_manifest_snapshot);
  const cwd = request.cwd ?? stored.cwd ?? defaults.cwd;
  // A stored scope belongs to the stored working directory: with another one the default is wanted.
  const keepsScope = request.scope === undefined && cwd === stored.cwd;
  // So do the tickets that it may touch.
  const tickets = request.tickets === undefined && cwd === stored.cwd
    ? stored.tickets
    : request.tickets ?? undefined;
  const ticketRole = request.ticketRole === undefined
    ? stored.ticketRole
    : request.ticketRole ?? undefined;
  const whole: ScopeRule = { target: cwd, permission: "write", recursive: true };
  const callback = request.callback ?? record?.callback_address;
  return {
    manifest: {
      name: request.name,
      model: request.model ?? stored.model ?? defaults.model,
      cwd,
      allow: request.scope ?? (keepsScope ? stored.allow : undefined) ?? [whole],
      deny: (keepsScope ? stored.deny : undefined) ?? [],
      ...(tickets && { tickets }),
      ...(ticketRole === undefined ? {} : { ticketRole }),
    },
    ...(callback === undefined ? {} : { callback }),
  };
}
