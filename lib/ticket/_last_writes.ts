/** @module */

import type { LastWrites } from "./_recovery.ts";
import { lookAt } from "./_regular_file.ts";

/**
 * When the files of a ticket's folder were written last.
 *
 * @throws {TicketError} `io`.
 */
export function lastWritesIn(folder: string): LastWrites {
  const timeOf = (name: string) => lookAt(`${folder}/${name}`)?.mtime?.getTime() ?? null;
  return { item: timeOf("item.md"), thread: timeOf("thread.md") };
}
