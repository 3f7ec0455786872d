/** The git work tree around a folder. @module */

import { join, resolve } from "@std/path";
import { ProcessError } from "../process/process_error.ts";
import { runCommand } from "../process/run_command.ts";
import { lookAt } from "./_regular_file.ts";
import { TicketError } from "./ticket_error.ts";

/** Bound for asking git one question, in milliseconds. */
const GIT_TIMEOUT_MS = 5000;

/** What git says of a folder. */
export type WorkTreeAnswer =
  | { readonly kind: "inside" }
  /** In a repository, but in no work tree. */
  | { readonly kind: "outside" }
  /** There is no repository that git would work with; why, in its own words. */
  | { readonly kind: "refused"; readonly reason: string; readonly isGitMissing: boolean };

/** The nearest folder at or above this one that holds a `.git`; git is not asked. */
export function workTreeAround(folder: string): string | undefined {
  for (let at = resolve(folder);; at = join(at, "..")) {
    if (isThere(join(at, ".git"))) return at;
    if (at === join(at, "..")) return undefined;
  }
}

/** Asks git whether a folder lies in a work tree. */
export async function askWorkTree(folder: string, signal?: AbortSignal): Promise<WorkTreeAnswer> {
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

/** What git wrote on stderr, in one line. */
function reasonOf(stderr: string): string {
  const text = stderr.trim().replace(/^fatal: /, "").replaceAll(/\s+/g, " ");
  return text === "" ? "git says no reason" : text;
}

function isThere(path: string): boolean {
  try {
    return lookAt(path) !== undefined;
  } catch (error) {
    if (error instanceof TicketError) return false; // a folder that we may not look into
    throw error;
  }
}
