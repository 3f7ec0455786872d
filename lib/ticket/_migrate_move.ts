/** Moving one ticket to its new id. @module */

import type { Disk } from "./disk.ts";
import type { Candidate } from "./_migrate_candidates.ts";
import { renamedReferences } from "./_migrate_references.ts";
import { LEGACY_FILE, legacyIdOf } from "./_migrate_ticket.ts";
import type { RootEntry } from "./root_scan.ts";
import { TicketFolder } from "./_ticket_files.ts";

/** What a new folder gets: texts that are written, and files that are copied byte for byte. */
export interface MovePlan {
  readonly written: readonly { readonly path: string; readonly text: string }[];
  readonly copied: readonly string[];
  /** Those of `written` that name tickets by their new ids. */
  readonly renamed: readonly string[];
}

/** Settles what moves how; paths are relative to the ticket's folder. */
export function planMove(
  root: string,
  candidate: Candidate,
  ids: ReadonlyMap<string, string>,
): MovePlan {
  const folder = TicketFolder.of(root, candidate.entry);
  const references = renamedReferences(folder, ids);
  const written = [
    { path: "item.md", text: candidate.itemText },
    { path: `artifacts/${LEGACY_FILE}`, text: candidate.legacyText },
    ...references,
  ];
  const copied = folder.scanFiles().paths
    .filter((path) => !written.some((file) => file.path === path));
  return { written, copied, renamed: references.map(({ path }) => path) };
}

/**
 * Makes the new folder under a temporary name, gives it its own, and removes the old one. Begun
 * again after a crash, it finishes.
 */
export async function moveTicket(disk: Disk, candidate: Candidate, plan: MovePlan): Promise<void> {
  const { entry, to } = candidate;
  const staging = `.${to}.new`;
  if (!isMoved(disk.root, candidate)) {
    await disk.remove(staging);
    await disk.makeFolder(staging);
    await disk.makeFolder(`${staging}/artifacts`);
    for (const { path, text } of plan.written) await disk.createFile(`${staging}/${path}`, text);
    for (const path of plan.copied) {
      await makeFoldersOf(disk, staging, path);
      await disk.copyFile(`${entry.folder}/${path}`, `${staging}/${path}`);
    }
    await disk.rename(staging, to);
  }
  // One rename takes the old ticket out of sight, so that nobody ever sees half of it.
  await disk.remove(staging);
  await disk.rename(entry.folder, staging);
  await disk.remove(staging);
}

/** Whether an interrupted migration has made the new folder already. */
function isMoved(root: string, { entry, to }: Candidate): boolean {
  const place: RootEntry = { id: to, generation: "v3", folder: to };
  const legacy = TicketFolder.of(root, place).readArtifact(LEGACY_FILE);
  return legacy !== undefined && legacyIdOf(legacy) === entry.id;
}

async function makeFoldersOf(disk: Disk, lead: string, path: string): Promise<void> {
  const steps = path.split("/").slice(0, -1);
  for (let length = 1; length <= steps.length; length++) {
    await disk.makeFolder([lead, ...steps.slice(0, length)].join("/"));
  }
}
