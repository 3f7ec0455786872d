/** @module */

import { basename, dirname } from "@std/path";
import { checkReadable, checkSearchBase } from "../scope/check.ts";
import { isWithin, type Scope } from "../scope/scope.ts";
import type { FileSelection } from "./_search.ts";

/** Where a call searches. */
export interface SearchFolder {
  /** Real path of the folder. */
  base: string;
  /** The one file meant, when the caller named a file. */
  only?: string;
  /** Trees below the base that the scope closes for good. */
  closed: string[];
  mayRead: FileSelection["mayRead"];
  /** A real path, as the caller would write it. */
  display(path: string): string;
}

/**
 * Checks what a search was pointed at.
 *
 * @param options `files`: whether a single file will do.
 * @throws {ScopeError} When it may not be searched.
 */
export async function openSearchFolder(
  scope: Scope,
  path: string,
  options: { files?: boolean } = {},
): Promise<SearchFolder> {
  const only = options.files ? await asFile(scope, path) : undefined;
  const base = only === undefined ? await checkSearchBase(scope, path) : dirname(only);
  const given = path.replace(/\/+$/, "");
  return {
    base,
    ...(only === undefined ? {} : { only: basename(only) }),
    closed: scope.deny
      .filter((rule) => rule.permission === "read" && rule.recursive)
      .map((rule) => rule.target)
      .filter((target) => target !== base && isWithin(base, target)),
    // No link is followed on the way from the real base, so a path below it is a real one.
    mayRead: (found) => scope.permissionAtReal(found) !== "none",
    display: (found) =>
      only === undefined ? given + found.slice(base === "/" ? 0 : base.length) : path,
  };
}

async function asFile(scope: Scope, path: string): Promise<string | undefined> {
  const real = await checkReadable(scope, path);
  return (await Deno.stat(real)).isFile ? real : undefined;
}
