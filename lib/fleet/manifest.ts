/**
 * What a Pod was started with, kept in its record so that it starts the same way again.
 *
 * Source: sessions-and-pods specification, B.4; worker-and-tools specification, I.2.
 *
 * @module
 */

import type { ScopeRule } from "../protocol/scope_rule.ts";

/** The ticket tools that a Pod's model is offered. */
export interface TicketSettings {
  /** `read_only` leaves out every tool that writes. */
  access: "read_only" | "lifecycle";
  /** The tools over tickets and threads. */
  base: boolean;
  /** The tools over relations and orchestration plans. */
  orchestration: boolean;
}

/** The settings of a Pod. */
export interface PodManifest {
  /** Name of the Pod. */
  name: string;
  /** `builtin:offline`, `script:<file>`; later also `<provider>:<model>`. */
  model: string;
  /** Working directory, absolute. */
  cwd: string;
  /** What its tools may touch. */
  allow: readonly ScopeRule[];
  /** What they may not touch, whatever is allowed. */
  deny: readonly ScopeRule[];
  /** Ticket tools; none when absent. */
  tickets?: TicketSettings;
  /** What the Pod does with tickets: `intake`, `orchestrator`, or a role that changes nothing. */
  ticketRole?: string;
}

/** The manifest as it lies in a record and in `manifest.toml`. */
export function encodeManifest(manifest: PodManifest): Record<string, unknown> {
  const { name, model, cwd, allow, deny, tickets, ticketRole } = manifest;
  return {
    // The role is an addition: the reference is told of it at each start.
    pod: { name, cwd, ...(ticketRole === undefined ? {} : { ticket_role: ticketRole }) },
    model: { ref: model.replace(":", "/") },
    scope: { allow: allow.map(ruleOf), deny: deny.map(ruleOf) },
    ...(tickets && {
      feature: {
        ticket: { enabled: tickets.base, access: tickets.access },
        ticket_orchestration: { enabled: tickets.orchestration },
      },
    }),
  };
}

function ruleOf({ target, permission, recursive }: ScopeRule): Record<string, unknown> {
  return { target, permission, recursive };
}

/** What a stored manifest says; parts it does not say, or says in another way, are left out. */
export function decodeManifest(
  value: Record<string, unknown> | undefined,
): Partial<Omit<PodManifest, "name">> {
  const pod = objectOf(value?.pod);
  const model = objectOf(value?.model);
  const scope = objectOf(value?.scope);
  const allow = rulesOf(scope.allow);
  const deny = rulesOf(scope.deny);
  const tickets = ticketsOf(objectOf(value?.feature));
  return {
    ...(typeof pod.cwd === "string" ? { cwd: pod.cwd } : {}),
    ...(typeof model.ref === "string" ? { model: model.ref.replace("/", ":") } : {}),
    ...(allow ? { allow } : {}),
    ...(deny ? { deny } : {}),
    ...(tickets ? { tickets } : {}),
    ...(typeof pod.ticket_role === "string" ? { ticketRole: pod.ticket_role } : {}),
  };
}

function ticketsOf(feature: Record<string, unknown>): TicketSettings | undefined {
  const { enabled, access = "lifecycle" } = objectOf(feature.ticket);
  const base = enabled === true;
  const orchestration = objectOf(feature.ticket_orchestration).enabled === true;
  // A word that this version does not know must not open more than it means.
  if (access !== "read_only" && access !== "lifecycle") return undefined;
  return base || orchestration ? { access, base, orchestration } : undefined;
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}

function rulesOf(value: unknown): ScopeRule[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const rules = value.map(objectOf).flatMap((rule): ScopeRule[] =>
    typeof rule.target === "string" && (rule.permission === "read" || rule.permission === "write")
      ? [{
        target: rule.target,
        permission: rule.permission,
        recursive: rule.recursive !== false,
      }]
      : []
  );
  return rules.length === value.length ? rules : undefined;
}
