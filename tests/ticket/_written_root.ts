/** Roots that tests write to, and looks at their bytes. @module */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { LOCK_FILE } from "../../lib/ticket/_write_lock.ts";
import { TicketStore } from "../../lib/ticket/store.ts";
import type { TicketStoreOptions } from "../../lib/ticket/store_options.ts";
import { TicketError, type TicketErrorCode } from "../../lib/ticket/ticket_error.ts";

/** The id that a store gives at {@linkcode START}. */
export const FIRST_ID = "00001KT07NV00";

/** 2026-06-01T00:00:00Z. */
export const START = 1780272000000;

/** A clock that a test moves. */
export class Clock {
  /** Milliseconds since 1970. */
  ms = START;

  /** For options. */
  readonly now = (): number => this.ms;

  /** Moves on to a time of this day, `HH:MM:SS`. */
  set(time: string): void {
    this.ms = Date.parse(`2026-06-01T${time}Z`);
  }
}

/** Runs a test in a root of its own. */
export async function inRoot(test: (root: string) => Promise<void> | void): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    await test(`${folder}/tickets`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs a test with a store whose clock stands still, and whose writes are not synced. */
export function inStore(
  test: (store: TicketStore, clock: Clock) => Promise<void>,
  options: TicketStoreOptions = {},
): Promise<void> {
  return inRoot(async (root) => {
    const clock = new Clock();
    const all = { author: "alice", durable: false, now: clock.now, ...options };
    await test(TicketStore.open(root, all), clock);
  });
}

/** Every file below a folder with its text, links with their targets; without the lock file. */
export function filesIn(folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  const visit = (path: string): void => {
    for (const entry of Deno.readDirSync(`${folder}/${path}`)) {
      const name = `${path}${entry.name}`;
      if (entry.isDirectory) {
        files[`${name}/`] = "";
        visit(`${name}/`);
      } else if (entry.isSymlink) files[name] = `-> ${Deno.readLinkSync(`${folder}/${name}`)}`;
      else if (name !== LOCK_FILE) files[name] = Deno.readTextFileSync(`${folder}/${name}`);
    }
  };
  if (exists(folder)) visit("");
  return Object.fromEntries(Object.entries(files).sort(([a], [b]) => a < b ? -1 : 1));
}

/** Runs `run`, which has to be refused and must not change a byte. */
export async function assertRefused(
  store: TicketStore,
  run: () => Promise<unknown>,
  code: TicketErrorCode,
  words: string,
): Promise<TicketError> {
  const before = filesIn(store.root);
  const error = await rejection(run);
  assertEquals(error.code, code, error.message);
  assertStringIncludes(error.message, words);
  assertEquals(filesIn(store.root), before);
  return error;
}

/** The ticket error that `run` ends with. */
export async function rejection(run: () => Promise<unknown>): Promise<TicketError> {
  const error = await assertRejects(run);
  assert(error instanceof TicketError, String(error));
  return error;
}

/** Text of a file of a ticket. */
export function readFile(store: TicketStore, path: string): string {
  return Deno.readTextFileSync(`${store.root}/${path}`);
}

/** Writes a file, with the folders that it needs. */
export function writeFile(root: string, path: string, text: string): void {
  const full = `${root}/${path}`;
  Deno.mkdirSync(full.slice(0, full.lastIndexOf("/")), { recursive: true });
  Deno.writeTextFileSync(full, text);
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
