/** @module */

import { basename, dirname, isAbsolute, join } from "@std/path";
import { ScopeError } from "./scope_error.ts";

/** Gives the real path of something that exists; rejects with `Deno.errors.NotFound` otherwise. */
export type RealPath = (path: string) => Promise<string>;

/**
 * Where a path really leads: symbolic links resolved as far as the path exists, the rest appended as
 * it is. A dangling link therefore counts as a new file at the link's own place.
 *
 * Source: worker-and-tools specification, section B.2.
 *
 * @throws {ScopeError} `invalid_path`, `relative`, or `unresolvable` when the missing rest holds
 * `..`, which nobody can resolve, or when links lead in a circle.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { resolvePath } from "./resolve_path.ts";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.symlink(folder, `${folder}/link`);
 * const real = await Deno.realPath(folder);
 * assert(await resolvePath(`${folder}/link/new/file`) === `${real}/new/file`);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function resolvePath(
  path: string,
  realPath: RealPath = Deno.realPath,
): Promise<string> {
  checkPathText(path);
  const missing: string[] = [];
  for (let existing = trimSlashes(path);; existing = dirname(existing)) {
    try {
      return join(await realPath(existing), ...missing.reverse());
    } catch (error) {
      if (!isMissing(error)) {
        throw new ScopeError("unresolvable", path, `Cannot resolve "${path}": ${reason(error)}`, {
          cause: error,
        });
      }
      const name = basename(existing);
      if (name === ".." || existing === dirname(existing)) {
        throw new ScopeError(
          "unresolvable",
          path,
          `Cannot resolve "${path}": ".." follows something that does not exist`,
        );
      }
      if (name !== ".") missing.push(name);
    }
  }
}

/**
 * Refuses what is not an absolute path.
 *
 * @throws {ScopeError} `invalid_path` or `relative`.
 */
export function checkPathText(path: string): void {
  if (path === "" || path.includes("\0")) {
    throw new ScopeError(
      "invalid_path",
      path,
      `Cannot use ${JSON.stringify(path)} as a path: ${
        path === "" ? "it is empty" : "it holds a NUL byte"
      }`,
    );
  }
  if (!isAbsolute(path)) {
    throw new ScopeError(
      "relative",
      path,
      `Cannot use "${path}": the path is relative; give the absolute path`,
    );
  }
}

/** Whether an error says that nothing lies at a path; a file where a folder was needed says so too. */
export function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}

function trimSlashes(path: string): string {
  return path.replace(/(?<=.)\/+$/, "");
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
