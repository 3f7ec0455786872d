/**
 * What writers that were killed leave behind. Whoever holds the lock knows that no writer lives, so
 * these names can belong to nobody.
 *
 * Source: tickets specification, section 12, rows 4 and 5.
 *
 * @module
 */

import { listFolder } from "./_list_folder.ts";
import { lookAt } from "./_regular_file.ts";
import type { Disk } from "./disk.ts";
import { isWriterLeftover } from "./root_scan.ts";
import { isStagingFolder } from "./_ticket_layout.ts";

/** Removes tickets that were never finished and temporary files from the top of a root. */
export async function removeRootLeftovers(disk: Disk): Promise<void> {
  const names = namesIn(disk.root).filter((name) =>
    isStagingFolder(name) || isWriterLeftover(name)
  );
  for (const name of names) await disk.remove(name);
}

/** Removes temporary files from a ticket's folder and the top of its artifacts. */
export async function removeTicketLeftovers(disk: Disk, folder: string): Promise<void> {
  for (const place of [folder, `${folder}/artifacts`]) {
    // A link there is refused by whatever wants to write through it.
    if (!lookAt(disk.absolute(place))?.isDirectory) continue;
    for (const name of namesIn(disk.absolute(place))) {
      if (isWriterLeftover(name)) await disk.remove(`${place}/${name}`);
    }
  }
}

function namesIn(path: string): string[] {
  return listFolder(path).map(({ name }) => name);
}
