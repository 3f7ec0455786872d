/** Authority over a part of the file system. Source: protocol specification, section 2.3. @module */

/** What a {@linkcode ScopeRule} allows or denies; `write` includes `read`. */
export type Permission = "read" | "write";

/** One rule of a scope. */
export interface ScopeRule {
  /** Absolute path. */
  target: string;
  /** What is allowed or denied there. */
  permission: Permission;
  /** `true` (the default on input): the target and all below; `false`: the target and its direct children. */
  recursive: boolean;
}
