/**
 * What a Pod may touch.
 *
 * Source: sessions-and-pods specification, section H; worker-and-tools specification, section B.
 *
 * @module
 */

import type { Permission, ScopeRule } from "../protocol/scope_rule.ts";
import { isAbsolute } from "@std/path";
import { type RealPath, resolvePath } from "./resolve_path.ts";
import { ScopeError } from "./scope_error.ts";

/** What a scope gives at a path. */
export type Access = "none" | Permission;

/** A rule whose `recursive` may be left out; it is `true` then. */
export type ScopeRuleInput = Omit<ScopeRule, "recursive"> & { recursive?: boolean };

/** What a scope starts with. */
export interface ScopeInit {
  /** At least one rule. */
  allow: readonly ScopeRuleInput[];
  /** Denials beat every allowance, whatever the order or depth. */
  deny?: readonly ScopeRuleInput[];
}

/**
 * A live set of rules: what is added or removed counts from the next check on. All tools of a Pod
 * share one.
 *
 * The permission at a path is the highest among the allow rules that match it, capped by the
 * strictest deny rule that does: a denied `read` leaves nothing, a denied `write` leaves reading.
 * Rules and paths are compared as real paths, by whole components, so a symbolic link gives nothing
 * that its target does not have.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { Scope } from "./scope.ts";
 *
 * const folder = await Deno.realPath(await Deno.makeTempDir());
 * const scope = await Scope.open({
 *   allow: [{ target: folder, permission: "write" }],
 *   deny: [{ target: `${folder}/secrets`, permission: "read" }],
 * });
 * assert(await scope.permissionAt(`${folder}/new/file`) === "write");
 * assert(await scope.permissionAt(`${folder}/secrets/key`) === "none");
 * await Deno.remove(folder);
 * ```
 */
export class Scope {
  #allow: ScopeRule[] = [];
  #deny: ScopeRule[] = [];
  readonly #realPath: RealPath;

  private constructor(realPath: RealPath) {
    this.#realPath = realPath;
  }

  /**
   * Resolves the targets of the rules and makes a scope of them.
   *
   * @throws {ScopeError} `invalid_rule` when there is no allow rule, or a target is relative or
   * cannot be resolved. A target need not exist.
   */
  static async open(
    init: ScopeInit,
    options: { realPath?: RealPath } = {},
  ): Promise<Scope> {
    if (init.allow.length === 0) {
      throw new ScopeError(
        "invalid_rule",
        "",
        "Cannot open a scope: it needs at least one allow rule",
      );
    }
    const scope = new Scope(options.realPath ?? Deno.realPath);
    for (const rule of init.allow) await scope.addAllow(rule);
    for (const rule of init.deny ?? []) await scope.addDeny(rule);
    return scope;
  }

  /** The allow rules with their real targets, in the order they came. */
  get allow(): readonly ScopeRule[] {
    return this.#allow;
  }

  /** The deny rules with their real targets, in the order they came. */
  get deny(): readonly ScopeRule[] {
    return this.#deny;
  }

  /** Adds an allowance. @throws {ScopeError} `invalid_rule`. */
  async addAllow(rule: ScopeRuleInput): Promise<void> {
    const resolved = await this.#resolveRule(rule);
    this.#allow = [...this.#allow, resolved];
  }

  /** Adds a denial. @throws {ScopeError} `invalid_rule`. */
  async addDeny(rule: ScopeRuleInput): Promise<void> {
    const resolved = await this.#resolveRule(rule);
    this.#deny = [...this.#deny, resolved];
  }

  /**
   * Takes one equal denial away; two equal ones need two removals, an overlapping one stays.
   *
   * @returns Whether there was one.
   */
  async removeDeny(rule: ScopeRuleInput): Promise<boolean> {
    const { target, permission, recursive } = await this.#resolveRule(rule);
    const index = this.#deny.findIndex((denied) =>
      denied.target === target && denied.permission === permission && denied.recursive === recursive
    );
    this.#deny = this.#deny.filter((_, at) => at !== index);
    return index >= 0;
  }

  /**
   * What may be done at a path, judged where it really leads. A path that resolves to nothing
   * (relative, or `..` in its missing part) has no access.
   */
  async permissionAt(path: string): Promise<Access> {
    try {
      return this.permissionAtReal(await this.resolve(path));
    } catch (error) {
      if (error instanceof ScopeError) return "none";
      throw error;
    }
  }

  /**
   * What may be done at a path that is already real, for example one that a walk reached from a real
   * folder without following links. Looks at no file.
   */
  permissionAtReal(path: string): Access {
    let access: Access = "none";
    for (const rule of this.#allow) {
      if (access !== "write" && matches(rule, path)) access = rule.permission;
    }
    for (const rule of this.#deny) {
      if (access === "none" || !matches(rule, path)) continue;
      access = rule.permission === "read" ? "none" : "read";
    }
    return access;
  }

  /** Where a path really leads. @throws {ScopeError} as {@linkcode resolvePath} does. */
  resolve(path: string): Promise<string> {
    return resolvePath(path, this.#realPath);
  }

  async #resolveRule(rule: ScopeRuleInput): Promise<ScopeRule> {
    const refuse = (why: string, cause?: unknown) =>
      new ScopeError(
        "invalid_rule",
        rule.target,
        `Cannot use ${JSON.stringify(rule.target)} in a scope rule: ${why}`,
        { cause },
      );
    if (!isAbsolute(rule.target)) throw refuse("the target is not an absolute path");
    try {
      const target = await this.resolve(rule.target);
      return { target, permission: rule.permission, recursive: rule.recursive ?? true };
    } catch (error) {
      if (error instanceof ScopeError) throw refuse("the target cannot be resolved", error);
      throw error;
    }
  }
}

/** Whether a path is a folder or lies below it, by whole components. Both must be normal and absolute. */
export function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

function matches(rule: ScopeRule, path: string): boolean {
  if (!isWithin(rule.target, path)) return false;
  if (rule.recursive || path === rule.target) return true;
  const rest = path.slice(rule.target.length).replace(/^\//, "");
  return !rest.includes("/");
}
