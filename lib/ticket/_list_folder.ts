/** @module */

import { TicketError } from "./ticket_error.ts";

/**
 * What lies in a folder, in no order; nothing where there is no such folder. A link in its place is
 * followed: whoever must not follow it looks first.
 *
 * @throws {TicketError} `io`, also for what is no folder.
 */
export function listFolder(path: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(path)];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    const isNoFolder = error instanceof Deno.errors.NotADirectory;
    throw TicketError.io(path, isNoFolder ? new Error("not a folder") : error);
  }
}
