/** @module */

import { basename, join, resolve } from "@std/path";
import { listFolder } from "./_list_folder.ts";
import { isGranted } from "./_permission.ts";
import { lookAt, readRegularText } from "./_regular_file.ts";
import type { Surroundings } from "./_doctor_facts.ts";
import { lineOf } from "./_doctor_text.ts";
import { HOLDER_FILE, LOCK_FILE } from "./_write_lock.ts";
import { unlessRefused } from "./_unless_refused.ts";

/**
 * What lies beside a root and belongs to times before it. Links are not followed, and what cannot be
 * read is passed over: it is not the root's.
 */
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

function readTodo(path: string): string {
  return unlessHidden(path, () => readRegularText(path)) ?? "";
}

function markdownFilesIn(folder: string): string[] {
  const list = () => lookAt(folder)?.isDirectory ? listFolder(folder) : [];
  return (unlessHidden(folder, list) ?? [])
    .filter(({ name, isFile }) => isFile && name.endsWith(".md") && !name.startsWith("."))
    .map(({ name }) => `${folder}/${name}`)
    .sort();
}

/** What lies beside a root is not the root's: where it may not be read, there is nothing to say. */
function unlessHidden<Value>(path: string, look: () => Value): Value | undefined {
  return isGranted({ name: "read", path }) ? unlessRefused(look) : undefined;
}

/** Names in a root that nobody can lock or say its holder in. */
export function findLockFaults(root: string): string[] {
  return [LOCK_FILE, HOLDER_FILE].filter((name) => {
    const info = lookAt(`${root}/${name}`);
    return info !== undefined && !info.isFile;
  });
}
