/**
 * The questions a file tool asks before it touches anything. Each gives the real path to use, or
 * throws a {@linkcode ScopeError} that says what is wrong and what to do.
 *
 * Source: worker-and-tools specification, sections B.3 and B.4.
 *
 * @module
 */

import { dirname } from "@std/path";
import { checkPathText, isMissing } from "./resolve_path.ts";
import type { Scope } from "./scope.ts";
import { ScopeError } from "./scope_error.ts";

/**
 * Checks that something may be read: absolute, in scope where it really leads, no dangling link on
 * the way, existing.
 *
 * @returns The real path.
 * @throws {ScopeError} `invalid_path`, `relative`, `unresolvable`, `out_of_scope`,
 * `symlink_out_of_scope`, `broken_symlink`, `not_found`.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { checkReadable } from "./check.ts";
 * import { Scope } from "./scope.ts";
 *
 * const folder = await Deno.makeTempDir();
 * const scope = await Scope.open({ allow: [{ target: folder, permission: "read" }] });
 * const refusal = await checkReadable(scope, "/etc/hosts").catch((error) => error.code);
 * assert(refusal === "out_of_scope");
 * await Deno.remove(folder);
 * ```
 */
export async function checkReadable(scope: Scope, path: string): Promise<string> {
  checkPathText(path);
  const real = await scope.resolve(path);
  if (scope.permissionAtReal(real) === "none") throw await outOfScope(scope, path);
  await refuseBrokenLinks(path);
  if (await kindOf(real) === "missing") {
    throw new ScopeError("not_found", path, `Cannot find "${path}": no such file or directory`);
  }
  return real;
}

/**
 * Like {@linkcode checkReadable}, for a file.
 *
 * @throws {ScopeError} Also `is_directory`.
 */
export async function checkReadableFile(scope: Scope, path: string): Promise<string> {
  const real = await checkReadable(scope, path);
  if (await kindOf(real) === "directory") throw isDirectory(path, real, "read");
  return real;
}

/**
 * Like {@linkcode checkReadable}, for a folder that a search starts from. The folder itself must not
 * be a symbolic link; one further up is fine.
 *
 * @throws {ScopeError} Also `not_directory`, `symlink_directory`.
 */
export async function checkSearchBase(scope: Scope, path: string): Promise<string> {
  const real = await checkReadable(scope, path);
  if (await kindOf(real) !== "directory") {
    throw new ScopeError("not_directory", path, `Cannot search "${path}": it is not a directory`);
  }
  const link = path.replace(/(?<=.)\/+$/, "");
  if (await isSymlink(link)) {
    throw new ScopeError(
      "symlink_directory",
      path,
      `Cannot search "${path}": it is a symbolic link to "${real}"; search that path instead`,
    );
  }
  return real;
}

/**
 * Checks that a file may be written: as {@linkcode checkReadable}, but it need not exist.
 *
 * @returns The real path; through a link that is the target, so that the link stays.
 * @throws {ScopeError} `invalid_path`, `relative`, `unresolvable`, `out_of_scope`,
 * `symlink_out_of_scope`, `read_only`, `broken_symlink`, `is_directory`.
 */
export async function checkWritable(scope: Scope, path: string): Promise<string> {
  checkPathText(path);
  const real = await scope.resolve(path);
  const access = scope.permissionAtReal(real);
  if (access === "none") throw await outOfScope(scope, path);
  if (access === "read") {
    throw new ScopeError("read_only", path, `Cannot write "${path}": it is read-only in the scope`);
  }
  await refuseBrokenLinks(path);
  if (await kindOf(real) === "directory") throw isDirectory(path, real, "write");
  return real;
}

/**
 * The refusal of a path no rule allows. It names the target of a link only to those who could have
 * read the link anyway.
 */
async function outOfScope(scope: Scope, path: string): Promise<ScopeError> {
  for await (const link of linksOf(path)) {
    if (await scope.permissionAt(dirname(link)) === "none") continue;
    if (await kindOf(link) === "missing" || await scope.permissionAt(link) !== "none") continue;
    const target = await scope.resolve(link);
    return new ScopeError(
      "symlink_out_of_scope",
      path,
      `Cannot use "${path}": the symbolic link "${link}" leads to "${target}", which is outside the ` +
        `scope; add "${target}" to the scope to use it`,
    );
  }
  return new ScopeError(
    "out_of_scope",
    path,
    `Cannot use "${path}": it is outside the scope; add it to the scope to use it`,
  );
}

async function refuseBrokenLinks(path: string): Promise<void> {
  for await (const link of linksOf(path)) {
    if (await kindOf(link) !== "missing") continue;
    const target = await Deno.readLink(link);
    throw new ScopeError(
      "broken_symlink",
      path,
      `Cannot use "${path}": "${link}" is a broken symbolic link to "${target}"; create the target ` +
        "or remove the link",
    );
  }
}

function isDirectory(path: string, real: string, verb: "read" | "write"): ScopeError {
  const what = real === path ? "it is a directory" : `it leads to the directory "${real}"`;
  return new ScopeError("is_directory", path, `Cannot ${verb} "${path}" as a file: ${what}`);
}

/** The components of a path that are symbolic links, from the root on. */
async function* linksOf(path: string): AsyncGenerator<string> {
  for (let end = path.indexOf("/", 1); end !== 0; end = path.indexOf("/", end + 1)) {
    const prefix = end < 0 ? path : path.slice(0, end);
    if (!prefix.endsWith("/") && await isSymlink(prefix)) yield prefix;
    if (end < 0) return;
  }
}

async function isSymlink(path: string): Promise<boolean> {
  try {
    return (await Deno.lstat(path)).isSymlink;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

async function kindOf(path: string): Promise<"missing" | "directory" | "other"> {
  try {
    return (await Deno.stat(path)).isDirectory ? "directory" : "other";
  } catch (error) {
    if (isMissing(error)) return "missing";
    throw error;
  }
}
