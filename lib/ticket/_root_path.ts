/** @module */

import { TicketError } from "./ticket_error.ts";

/**
 * The path of a root, as other paths begin with it: without slashes at its end.
 *
 * @throws {TicketError} `escapes_root` for an empty path, which would mean the working directory.
 */
export function rootPath(path: string): string {
  if (path.trim() === "" || path.includes("\0")) throw TicketError.escapesRoot(path);
  return path === "/" ? path : path.replace(/\/+$/, "");
}
