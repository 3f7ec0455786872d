/**
 * What a Pod was started with, kept in its record so that it starts the same way again.
 *
 * Source: sessions-and-pods specification, B.4; worker-and-tools specification, I.2.
 *
 * @module
 */

import type { ScopeRule } from "../protocol/scope_rule.ts";

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
}

/** The manifest as it lies in a record and in `manifest.toml`. */
export function encodeManifest(manifest: PodManifest): Record<string, unknown> {
  const { name, model, cwd, allow, deny } = manifest;
  return {
    pod: { name, cwd },
    model: { ref: model.replace(":", "/") },
    scope: { allow: allow.map(ruleOf), deny: deny.map(ruleOf) },
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
  return {
    ...(typeof pod.cwd === "string" ? { cwd: pod.cwd } : {}),
    ...(typeof model.ref === "string" ? { model: model.ref.replace("/", ":") } : {}),
    ...(allow ? { allow } : {}),
    ...(deny ? { deny } : {}),
  };
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
