/** The git work tree around a folder. @module */

import { join, resolve } from "@std/path";
import { ProcessError } from "../process/process_error.ts";
import { runCommand } from "../process/run_command.ts";
import { isGranted } from "./_permission.ts";
import { lookAt } from "./_regular_file.ts";
import { unlessRefused } from "./_unless_refused.ts";

/** Bound for asking git one question, in milliseconds. */
export const GIT_TIMEOUT_MS = 5000;

/** What git says about a folder. */
export type WorkTreeAnswer =
  | { readonly kind: "inside" }
  /** In a repository, but not in a work tree. */
  | { readonly kind: "outside" }
  /** Git finds no repository that it can work with; `reason` says why in git's words. */
  | { readonly kind: "refused"; readonly reason: string; readonly isGitMissing: boolean };

/**
 * The nearest folder at or above this one that holds a `.git`, without running git. Links are
 * followed first, as git does.
 */
export function workTreeAround(folder: string): string | undefined {
  for (let at = withoutLinks(folder);; at = join(at, "..")) {
    if (isThere(join(at, ".git"))) return at;
    if (at === join(at, "..")) return undefined;
  }
}

/** Where a folder lies when all links are followed; its absolute path where it is not there. */
export function withoutLinks(folder: string): string {
  const path = resolve(folder);
  if (!isGranted({ name: "read", path })) return path;
  try {
    return Deno.realPathSync(path);
  } catch {
    // Whoever opens it tells why.
    return path;
  }
}

/** Asks git whether a folder lies in a work tree. */
export async function askWorkTree(folder: string, signal?: AbortSignal): Promise<WorkTreeAnswer> {
  // Stopping what was started takes the permission to run every command.
  if (!isGranted({ name: "run" })) {
    const reason = "this program may not start and stop git (`--allow-run`)";
    return { kind: "refused", reason, isGitMissing: false };
  }
  const blocked = blockedFileFor(folder);
  if (blocked !== undefined) {
    const reason = `"${blocked}" is not a file, and git would wait for somebody to write to it`;
    return { kind: "refused", reason, isGitMissing: false };
  }
  try {
    const { status, stdout, stderr } = await runCommand({
      command: ["git", "rev-parse", "--is-inside-work-tree"],
      cwd: folder,
      timeoutMs: GIT_TIMEOUT_MS,
      ...(signal === undefined ? {} : { signal }),
    });
    if (status.code !== 0) {
      return { kind: "refused", reason: reasonOf(stderr), isGitMissing: false };
    }
    return { kind: stdout.trim() === "true" ? "inside" : "outside" };
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof ProcessError)) throw error;
    const isGitMissing = error.code === "not_found";
    return { kind: "refused", reason: error.message, isGitMissing };
  }
}

/** Files of a repository that git opens whatever it is asked. */
const OPENED_FILES = ["HEAD", "config", "commondir", "index"];

/** The first of git's own files around a folder that is a FIFO or the like: git would never end. */
function blockedFileFor(folder: string): string | undefined {
  const top = workTreeAround(folder);
  return top === undefined ? undefined : OPENED_FILES.map((name) => join(top, ".git", name))
    .find((path) => {
      const info = lookIfAllowed(path);
      return info !== undefined && !info.isFile && !info.isSymlink && !info.isDirectory;
    });
}

/** What git wrote on stderr, in one line. */
function reasonOf(stderr: string): string {
  const text = stderr.trim().replace(/^fatal: /, "").replaceAll(/\s+/g, " ");
  // In quotes git names only what it was told by the environment.
  if (/^not a git repository: '.*'$/.test(text)) return `${text}, which the variable GIT_DIR names`;
  return text === "" ? "git says no reason" : text;
}

function isThere(path: string): boolean {
  return lookIfAllowed(path) !== undefined;
}

/** Nothing in a folder that we may not look into. */
function lookIfAllowed(path: string): Deno.FileInfo | undefined {
  // A program with the permissions for its folder alone is not asked for all those above.
  return isGranted({ name: "read", path }) ? unlessRefused(() => lookAt(path)) : undefined;
}
