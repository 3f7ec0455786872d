/** @module */

import { basename, join, resolve } from "@std/path";
import { runCommand } from "../process/run_command.ts";
import { ProcessError } from "../process/process_error.ts";
import { lookAt, readRegularText } from "./_regular_file.ts";
import type { Surroundings } from "./_doctor_facts.ts";
import { lineOf } from "./_doctor_text.ts";
import { HOLDER_FILE, LOCK_FILE } from "./_write_lock.ts";
import { TicketError } from "./ticket_error.ts";

/** Setting of a clone that makes git merge tickets with our driver. */
const DRIVER_SETTING = "merge.yoi-ticket.driver";

/** Bound for asking git one question. */
const GIT_TIMEOUT_MS = 5000;

/** What lies beside a root and belongs to times before it. Links are not followed. */
export function lookAround(root: string): Surroundings {
  const parent = join(root, "..");
  // The default root is that folder itself; its paths are then named as the root was given.
  const folder = basename(resolve(root)) === "tickets" ? root : join(parent, "tickets");
  const todoPath = join(parent, "TODO.md");
  const todo = readTodo(todoPath);
  const isLegacy = todo.includes("tickets/") && todo.includes(".md");
  return {
    todo: isLegacy ? { path: todoPath, line: lineOf(todo, /tickets\//) ?? 1 } : undefined,
    looseRecords: markdownFilesIn(folder),
  };
}

/**
 * Top of the git work tree around a root when that clone has no merge driver for tickets. Without a
 * `.git` in a folder above, git is not asked; what git cannot say is nothing to warn of.
 */
export async function findDriverlessTree(
  root: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const top = workTreeAround(root);
  if (top === undefined) return undefined;
  try {
    const { status } = await runCommand({
      command: ["git", "config", "--get", DRIVER_SETTING],
      cwd: top,
      timeoutMs: GIT_TIMEOUT_MS,
      ...(signal === undefined ? {} : { signal }),
    });
    return status.code === 1 ? top : undefined; // 1: the setting is not there
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ProcessError) return undefined; // there is no git, or it does not answer
    throw error;
  }
}

function workTreeAround(root: string): string | undefined {
  for (let folder = resolve(root);; folder = join(folder, "..")) {
    const git = join(folder, ".git");
    if (unlessRefused(() => lookAt(git)) !== undefined) return folder;
    if (folder === join(folder, "..")) return undefined;
  }
}

function readTodo(path: string): string {
  return unlessRefused(() => readRegularText(path)) ?? "";
}

function markdownFilesIn(folder: string): string[] {
  return (unlessRefused(() => listFolder(folder)) ?? [])
    .filter(({ name, isFile }) => isFile && name.endsWith(".md") && !name.startsWith("."))
    .map(({ name }) => `${folder}/${name}`)
    .sort();
}

function listFolder(path: string): Deno.DirEntry[] {
  if (lookAt(path)?.isDirectory !== true) return [];
  try {
    return [...Deno.readDirSync(path)];
  } catch (cause) {
    throw TicketError.io(path, cause);
  }
}

/** What lies beside a root is not the root's: where it cannot be read, there is nothing to say. */
function unlessRefused<Value>(look: () => Value): Value | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof TicketError) return undefined;
    throw error;
  }
}

/** Names in a root that nobody can lock or say its holder in. */
export function findLockFaults(root: string): string[] {
  return [LOCK_FILE, HOLDER_FILE].filter((name) => {
    const info = lookAt(`${root}/${name}`);
    return info !== undefined && !info.isFile;
  });
}
