/** Moving one ticket to its new id. @module */

import type { Disk } from "./disk.ts";
import { type Origin, originOf, readLegacy } from "./_legacy_ticket.ts";
import type { Candidate } from "./_migrate_candidates.ts";
import { renamedReferences, type Renames } from "./_migrate_references.ts";
import { renderLegacy } from "./_migrate_ticket.ts";
import { lookAt } from "./_regular_file.ts";
import type { RootEntry } from "./root_scan.ts";
import { TicketError } from "./ticket_error.ts";
import { TicketFolder } from "./_ticket_files.ts";
import { LEGACY_FILE, stagingFolder } from "./_ticket_layout.ts";

/** What a new folder gets: texts that are written, and files that are copied byte for byte. */
export interface MovePlan {
  readonly written: readonly { readonly path: string; readonly text: string }[];
  readonly copied: readonly string[];
  /** Those of `written` that name tickets by their new ids. */
  readonly renamed: readonly string[];
  /** Tells the files of the old folder from all others. */
  readonly digest: string;
}

/** Settles what moves how; paths are relative to the ticket's folder. */
export async function planMove(
  root: string,
  { entry, to, itemText, legacy }: Candidate,
  renames: Renames,
): Promise<MovePlan> {
  const folder = TicketFolder.of(root, entry);
  const { paths } = folder.scanFiles();
  const digest = await digestOf(folder, paths);
  const references = renamedReferences(folder, renames, { from: entry.id, to });
  const written = [
    { path: "item.md", text: itemText },
    { path: LEGACY_FILE, text: renderLegacy(entry, legacy, digest) },
    ...references,
  ];
  const copied = paths.filter((path) => !written.some((file) => file.path === path));
  return { written, copied, renamed: references.map(({ path }) => path), digest };
}

/**
 * Makes the new folder under a temporary name, gives it its own, and removes the old one. Begun
 * again after a crash, it finishes.
 *
 * @throws {TicketError} `conflict` as {@linkcode checkMove}: both folders stay.
 */
export async function moveTicket(disk: Disk, candidate: Candidate, plan: MovePlan): Promise<void> {
  const { entry, to } = candidate;
  const staging = stagingFolder(to);
  if (!checkMove(disk.root, candidate, plan).isMade) {
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

/**
 * Looks whether a move can be made, and whether a migration that was interrupted has made the new
 * folder already.
 *
 * @throws {TicketError} `conflict` when the new folder was made of other files than those that lie in
 * the old one now: somebody has written there since, or a branch has brought it back.
 */
export function checkMove(
  root: string,
  { entry, to }: Candidate,
  { digest }: MovePlan,
): { isMade: boolean } {
  const legacy = readLegacy(root, to);
  const origin = legacy === undefined ? "other" : originOf(legacy, entry);
  if (origin === "twin") {
    throw TicketError.conflict(
      `two tickets have the id ${entry.id}, and the other one has become ${to}: take over there ` +
        "what only this one holds and remove this folder, or give it another name",
      { path: `${root}/${entry.folder}` },
    );
  }
  if (origin === "other") {
    if (lookAt(`${root}/${to}`) === undefined) return { isMade: false };
    throw TicketError.conflict(
      `its new id ${to} is taken by something else: move that away, then migrate again`,
      { path: `${root}/${entry.folder}` },
    );
  }
  if (legacy?.digest === digest) return { isMade: true };
  throw TicketError.conflict(
    `${to} was made of this ticket when it held something else: take over what is missing ` +
      "there, then remove this folder",
    { path: `${root}/${entry.folder}` },
  );
}

/**
 * Which of these tickets a migration has made of an old folder already; `undefined` when none.
 *
 * @param origin What else may be looked for: see {@linkcode Origin}.
 */
export function madeOf(
  root: string,
  entry: RootEntry,
  recordIds: readonly string[],
  origin: Origin = "same",
): string | undefined {
  return recordIds.find((id) => {
    const legacy = readLegacy(root, id);
    return legacy !== undefined && originOf(legacy, entry) === origin;
  });
}

/**
 * Of names and bytes of all files; an empty `.gitkeep`, which says nothing, is left out. Pieces are
 * digested one by one, for what the runtime offers wants all bytes at once.
 */
async function digestOf(folder: TicketFolder, paths: readonly string[]): Promise<string> {
  const parts: string[] = [];
  for (const path of paths) {
    const pieces: string[] = [];
    for await (const piece of folder.readPieces(path)) pieces.push(await sha256(piece));
    if (pieces.length > 0 || !/(?:^|\/)\.gitkeep$/.test(path)) {
      parts.push(JSON.stringify([path, ...pieces]));
    }
  }
  return await sha256(new TextEncoder().encode(parts.join("\n")));
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

async function makeFoldersOf(disk: Disk, lead: string, path: string): Promise<void> {
  const steps = path.split("/").slice(0, -1);
  for (let length = 1; length <= steps.length; length++) {
    await disk.makeFolder([lead, ...steps.slice(0, length)].join("/"));
  }
}
