/** What is said about a ticket root that does not exist, or is none. @module */

import { dirname, join } from "@std/path";
import { ProcessError } from "../process/process_error.ts";
import { runCommand } from "../process/run_command.ts";
import { TICKET_CONFIG_PATH } from "../ticket/ticket_config.ts";
import { askWorkTree, GIT_TIMEOUT_MS, workTreeAround } from "../ticket/work_tree.ts";
import type { Context } from "./context.ts";
import { escapeCell } from "./escape_text.ts";
import type { ParsedArguments } from "./parsed_arguments.ts";
import { isThere, TICKETS_PATH } from "./ticket_place.ts";

/** What makes a folder a workspace. */
const MARKS: readonly string[] = [TICKET_CONFIG_PATH, TICKETS_PATH];

/** What is known about a root that does not exist. */
export interface MissingRoot {
  /** The root, absolute. */
  readonly root: string;
  /** Whether the command line names it. */
  readonly isNamed: boolean;
  /** The nearest folder above that has tickets, where this one has not even a configuration. */
  readonly workspaceAbove?: string | undefined;
  /** Whether git has files of it, which are not checked out. */
  readonly isInGit?: boolean;
  /** Whether the verb makes the root. */
  readonly isMade: boolean;
}

/**
 * Says on stderr that there is no ticket root. It reads as an empty one, and so would a mistyped one
 * and every folder below a workspace.
 *
 * @param isMade Whether the verb makes it: the first ticket of a workspace is nothing to tell of.
 */
export async function tellMissingRoot(
  root: string,
  args: ParsedArguments,
  { cwd, terminal: { stderr } }: Pick<Context, "cwd" | "terminal">,
  isMade: boolean,
): Promise<void> {
  const isNamed = args.text("root") !== undefined;
  const workspaceAbove = isNamed ? undefined : await findWorkspaceAbove(cwd);
  const isInGit = workspaceAbove === undefined && await hasFilesInGit(root, cwd);
  const notice = missingRootNotice({ root, isNamed, workspaceAbove, isInGit, isMade });
  if (notice !== undefined) stderr.announce(`yoi ticket: ${escapeCell(notice)}\n`);
}

/**
 * Says on stderr that a root which the command line names is a workspace: its tickets lie further
 * down, so it reads as an empty root, and a ticket that is created would lie among its files.
 */
export function tellWorkspaceRoot(
  root: string,
  { terminal: { stderr } }: Pick<Context, "terminal">,
): void {
  const notice = `"${root}" is a workspace: its tickets lie in "${join(root, TICKETS_PATH)}"`;
  stderr.announce(`yoi ticket: ${escapeCell(notice)}\n`);
}

/**
 * Says on stderr that there are no objectives here, but a workspace above: who lists them would take
 * it for having none, and who creates one would find it nowhere. A workspace without any is nothing
 * to tell of.
 *
 * @param isMade Whether the verb makes their folder.
 */
export async function tellMissingObjectives(
  root: string,
  { cwd, terminal: { stderr } }: Pick<Context, "cwd" | "terminal">,
  isMade: boolean,
): Promise<void> {
  const workspaceAbove = await findWorkspaceAbove(cwd);
  if (workspaceAbove === undefined) return;
  const missing = `there are no objectives at "${root}"`;
  const above = `"${workspaceAbove}" is a workspace`;
  const notice = isMade
    ? `${missing} yet, so this creates the first; ${above}, too: for its objectives run yoi there`
    : `${missing}, but ${above}: run yoi there`;
  stderr.announce(`yoi objective: ${escapeCell(notice)}\n`);
}

/** The words for it; `undefined` where it is as it should be. */
export function missingRootNotice(
  { root, isNamed, workspaceAbove, isInGit, isMade }: MissingRoot,
): string | undefined {
  const missing = `there is no ticket root at "${root}"`;
  if (workspaceAbove !== undefined) {
    const above = `"${workspaceAbove}" is a workspace`;
    return isMade
      ? `${missing} yet, so this creates one; ${above}, too: for its tickets run yoi there, or use --root`
      : `${missing}, but ${above}: run yoi there, or use --root`;
  }
  if (isInGit === true) {
    const remedy = 'check them out with "git restore", in a sparse checkout with "git' +
      ' sparse-checkout add"';
    return isMade
      ? `${missing} yet, so this creates one; git has files of it, though: ${remedy}`
      : `${missing}, but git has files of it: ${remedy}`;
  }
  if (isMade) return undefined;
  return isNamed ? missing : `${missing}: "yoi ticket init" creates it`;
}

/** Whether git's index holds files below a folder that is not there. */
async function hasFilesInGit(folder: string, cwd: string): Promise<boolean> {
  if (workTreeAround(cwd) === undefined) return false;
  if ((await askWorkTree(cwd)).kind !== "inside") return false;
  try {
    const { stdout } = await runCommand({
      command: ["git", "--literal-pathspecs", "ls-files", "--", folder],
      cwd,
      // One name says enough.
      maxOutputBytes: 64,
      timeoutMs: GIT_TIMEOUT_MS,
    });
    return stdout !== "";
  } catch (error) {
    // The word is a courtesy.
    if (error instanceof ProcessError) return false;
    throw error;
  }
}

async function findWorkspaceAbove(cwd: string): Promise<string | undefined> {
  if (await isWorkspace(cwd)) return undefined;
  for (let folder = cwd; folder !== dirname(folder);) {
    folder = dirname(folder);
    if (await isWorkspace(folder)) return folder;
  }
  return undefined;
}

async function isWorkspace(folder: string): Promise<boolean> {
  for (const mark of MARKS) {
    if (await isThere(join(folder, mark))) return true;
  }
  return false;
}
