/** The setting of a clone that has git merge tickets by this program. @module */

import { join } from "@std/path";
import type { ReadEnvironment } from "../config/paths.ts";
import { ProcessError } from "../process/process_error.ts";
import { type CommandResult, runCommand } from "../process/run_command.ts";
import { selfCommand, type SelfCommandOptions } from "../process/self_command.ts";

/** Name of the driver in attributes and settings. */
const DRIVER = "yoi-ticket";
/** Bound for one call of git, in milliseconds. */
const GIT_MS = 10_000;

/** What came of it. */
export type MergeDriverOutcome =
  | { readonly kind: "set"; readonly command: string }
  /** The folder is in no work tree, or there is no git. */
  | { readonly kind: "no_git" }
  | { readonly kind: "failed"; readonly reason: string };

/**
 * Makes this program the merge driver of tickets in the clone that a folder lies in.
 *
 * Source: decisions 30 and 31.
 */
export async function setMergeDriver(
  folder: string,
  env: ReadEnvironment,
): Promise<MergeDriverOutcome> {
  const command = await mergeDriverCommand(env);
  const settings: [name: string, value: string][] = [
    [`merge.${DRIVER}.name`, "tickets of yoi, event by event and field by field"],
    [`merge.${DRIVER}.driver`, command],
  ];
  try {
    const inside = await git(folder, ["rev-parse", "--is-inside-work-tree"]);
    if (inside.status.code !== 0 || inside.stdout.trim() !== "true") return { kind: "no_git" };
    for (const [name, value] of settings) {
      const { status, stderr } = await git(folder, ["config", "--local", name, value]);
      if (status.code !== 0) return { kind: "failed", reason: stderr.trim() };
    }
    return { kind: "set", command };
  } catch (error) {
    if (error instanceof ProcessError) return { kind: "no_git" };
    throw error;
  }
}

/**
 * The shell command that git calls: `yoi ticket merge-driver ...` where the `yoi` that a shell finds
 * is this program, else with the words that started it.
 */
export async function mergeDriverCommand(
  env: ReadEnvironment,
  options: SelfCommandOptions = {},
): Promise<string> {
  const words = selfCommand(options);
  const isFound = words.length === 1 && await isSame(await findProgram("yoi", env), words[0]!);
  const program = isFound ? "yoi" : words.map(quoted).join(" ");
  return `${program} ticket merge-driver %O %A %B %P`;
}

async function git(cwd: string, args: readonly string[]): Promise<CommandResult> {
  return await runCommand({ command: ["git", ...args], cwd, timeoutMs: GIT_MS });
}

async function findProgram(name: string, env: ReadEnvironment): Promise<string | undefined> {
  for (const folder of (env("PATH") ?? "").split(":").filter((part) => part !== "")) {
    const path = await realPath(join(folder, name));
    if (path !== undefined) return path;
  }
  return undefined;
}

async function isSame(path: string | undefined, other: string): Promise<boolean> {
  return path !== undefined && path === await realPath(other);
}

async function realPath(path: string): Promise<string | undefined> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    // A folder of the search path that cannot be looked into holds no program for us.
    if (error instanceof Deno.errors.PermissionDenied) return undefined;
    if (error instanceof Deno.errors.NotADirectory) return undefined;
    throw error;
  }
}

/** A word as a shell takes it; `%` is git's sign, so it is doubled. */
function quoted(word: string): string {
  const plain = word.replaceAll("%", "%%");
  return /^[\w@%+=:,./-]+$/.test(plain) ? plain : `'${plain.replaceAll("'", "'\\''")}'`;
}
