/** Moving one ticket to its new id. @module */

import type { Disk } from "./disk.ts";
import type { Candidate } from "./_migrate_candidates.ts";
import { renamedReferences } from "./_migrate_references.ts";
import { LEGACY_FILE, legacyIdOf } from "./_migrate_ticket.ts";
import type { RootEntry } from "./root_scan.ts";
import { TicketError } from "./ticket_error.ts";
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
 *
 * @throws {TicketError} `conflict` when the old folder got something after a crash that the new one
 * does not have: both stay.
 */
export async function moveTicket(disk: Disk, candidate: Candidate, plan: MovePlan): Promise<void> {
  const { entry, to } = candidate;
  const staging = `.${to}.new`;
  if (isMoved(disk.root, candidate)) {
    assertNothingNew(disk.root, candidate, plan);
  } else {
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
export function isMoved(root: string, { entry, to }: Pick<Candidate, "entry" | "to">): boolean {
  const legacy = newFolder(root, to).readArtifact(LEGACY_FILE);
  return legacy !== undefined && legacyIdOf(legacy) === entry.id;
}

/** Both folders were there for a while: what somebody wrote to the old one goes nowhere else. */
function assertNothingNew(root: string, { entry, to }: Candidate, { copied }: MovePlan): void {
  const [from, moved] = [TicketFolder.of(root, entry), newFolder(root, to)];
  for (const path of copied) {
    const old = from.readBytes(path);
    const now = moved.readBytes(path);
    // The new file may have grown: since the crash the ticket goes by its new id.
    if (old !== undefined && (now === undefined || !startsWith(now, old))) {
      throw TicketError.conflict(
        `"${path}" differs from that of ${to}, which a migration has made of this ticket: ` +
          "take over what is missing there, remove this folder, and migrate again",
        { path: from.path },
      );
    }
  }
}

function newFolder(root: string, id: string): TicketFolder {
  const place: RootEntry = { id, generation: "v3", folder: id };
  return TicketFolder.of(root, place);
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return bytes.length >= start.length && start.every((byte, index) => bytes[index] === byte);
}

async function makeFoldersOf(disk: Disk, lead: string, path: string): Promise<void> {
  const steps = path.split("/").slice(0, -1);
  for (let length = 1; length <= steps.length; length++) {
    await disk.makeFolder([lead, ...steps.slice(0, length)].join("/"));
  }
}
