/** @module */

import { resolve } from "@std/path";
import type { ScopeRule } from "../protocol/scope_rule.ts";
import { ScopeError } from "./scope_error.ts";

/**
 * Reads `PATH`, `PATH:read` or `PATH:write`, as the command line takes it. A bare path is for
 * writing; a relative one starts at `cwd`. Other text after a colon belongs to the path.
 *
 * @throws {ScopeError} `invalid_path` when the path is empty.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { parseScopeFlag } from "./scope_flag.ts";
 *
 * const rule = parseScopeFlag("docs:read", "/home/me");
 * assert(rule.target === "/home/me/docs" && rule.permission === "read");
 * ```
 */
export function parseScopeFlag(flag: string, cwd: string): ScopeRule {
  const [, path, permission] = /^(.*?)(?::(read|write))?$/s.exec(flag) ?? [];
  if (!path || path.includes("\0")) {
    throw new ScopeError(
      "invalid_path",
      flag,
      `Cannot read scope ${JSON.stringify(flag)}: write it as PATH, PATH:read or PATH:write`,
    );
  }
  return {
    target: resolve(cwd, path),
    permission: permission === "read" ? "read" : "write",
    recursive: true,
  };
}
