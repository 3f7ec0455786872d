/** @module */

import type { Scope } from "./scope.ts";

/**
 * Tells a model or a person what the scope allows. Denials are not listed: they would name what they
 * hide.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { Scope } from "./scope.ts";
 * import { scopeSummary } from "./scope_summary.ts";
 *
 * const scope = await Scope.open({
 *   allow: [{ target: "/none/docs", permission: "read", recursive: false }],
 * });
 * assert(
 *   scopeSummary(scope) === "Readable:\n- /none/docs [non-recursive]\nWritable:\n- (nothing)",
 * );
 * ```
 */
export function scopeSummary(scope: Pick<Scope, "allow">): string {
  const lines = (rules: Scope["allow"]) => {
    const targets = rules.map((rule) =>
      `- ${rule.target}${rule.recursive ? "" : " [non-recursive]"}`
    );
    return targets.length === 0 ? ["- (nothing)"] : [...new Set(targets)];
  };
  const writable = scope.allow.filter((rule) => rule.permission === "write");
  return ["Readable:", ...lines(scope.allow), "Writable:", ...lines(writable)].join("\n");
}
