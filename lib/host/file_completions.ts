/** @module */

import type { CompletionEntry } from "../protocol/event.ts";
import type { Scope } from "../scope/scope.ts";

/** Candidates in one answer. */
const LIMIT = 100;

/** What completions are found with. */
export interface FileCompletionsOptions {
  scope: Scope;
  /** Folder that relative prefixes start from; absolute. */
  cwd: string;
  signal?: AbortSignal;
}

/**
 * Paths that begin with `prefix`: the entries of one folder whose names begin with its last part,
 * folders first. What the Pod may not read is left out; a folder that cannot be listed has none.
 *
 * Source: protocol specification, section 4.10.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { completeFiles } from "./file_completions.ts";
 * import { Scope } from "../scope/scope.ts";
 *
 * const cwd = await Deno.realPath(await Deno.makeTempDir());
 * await Deno.writeTextFile(`${cwd}/readme.md`, "");
 * const scope = await Scope.open({ allow: [{ target: cwd, permission: "read" }] });
 * const entries = await completeFiles("rea", { scope, cwd });
 * assert(entries[0]?.value === "readme.md" && !entries[0].is_dir);
 * await Deno.remove(cwd, { recursive: true });
 * ```
 */
export async function completeFiles(
  prefix: string,
  options: FileCompletionsOptions,
): Promise<CompletionEntry[]> {
  const { scope, cwd, signal } = options;
  const slash = prefix.lastIndexOf("/") + 1;
  const parent = prefix.slice(0, slash);
  const start = prefix.slice(slash);
  const folder = parent.startsWith("/") ? parent : `${cwd}/${parent}`;
  const entries: CompletionEntry[] = [];
  try {
    if (await scope.permissionAt(folder) === "none") return [];
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      signal?.throwIfAborted();
      if (!name.startsWith(start)) continue;
      entries.push({ value: `${parent}${name}`, is_dir: isDirectory });
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return [];
    }
    if (error instanceof Deno.errors.PermissionDenied) return [];
    throw error;
  }
  entries.sort(compareEntries);
  const readable: CompletionEntry[] = [];
  for (const entry of entries) {
    if (readable.length === LIMIT) break;
    const path = entry.value.startsWith("/") ? entry.value : `${cwd}/${entry.value}`;
    if (await scope.permissionAt(path) !== "none") readable.push(entry);
  }
  return readable;
}

function compareEntries(a: CompletionEntry, b: CompletionEntry): number {
  if (a.is_dir !== b.is_dir) return a.is_dir ? -1 : 1;
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
}
