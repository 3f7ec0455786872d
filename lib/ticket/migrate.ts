/**
 * Brings a root of any mixture of generations to the third one.
 *
 * Source: tickets specification, section 1.8; decision 32.
 *
 * @module
 */

import type { Disk } from "./disk.ts";
import { loadYaml, loadYamlTexts } from "./frontmatter.ts";
import { ID_MAP_FILE, type IdMap, readIdMap, recordIdsNamed, renderIdMap } from "./_id_map.ts";
import { removeRootLeftovers } from "./_leftovers.ts";
import { type Candidate, extendIdMap, findCandidates } from "./_migrate_candidates.ts";
import { checkMove, type MovePlan, moveTicket, planMove } from "./_migrate_move.ts";
import {
  foldersOf,
  type Renames,
  renamesOf,
  type Rewrites,
  rewritesOfObjectives,
  rewritesOfTickets,
} from "./_migrate_references.ts";
import { problemOf } from "./_problem.ts";
import { isBucket, type RootEntry, type RootScan, scanRoot } from "./root_scan.ts";
import { slugsOfTickets } from "./_slugs.ts";
import type { Generation, TicketProblem } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";

/** A ticket that gets a new id. */
export interface MigratedTicket {
  /** Id of the first or second generation. */
  readonly from: string;
  /** Id of the third. */
  readonly to: string;
  /** How it lies on disk. */
  readonly generation: Generation;
}

/** One thing that a migration does. */
export interface MigrationChange {
  /** Relative to the root. */
  readonly path: string;
  /** What is done. */
  readonly action: "move" | "rewrite" | "remove" | "write";
  /** In words, for people. */
  readonly detail: string;
}

/** What a migration did, or would do. */
export interface MigrationReport {
  /** Whether nothing was written. */
  readonly dryRun: boolean;
  /** Those that get a new id. */
  readonly tickets: readonly MigratedTicket[];
  /** What was done, or would be, in order. */
  readonly changes: readonly MigrationChange[];
  /** Records that stay as they are, since they cannot be read. */
  readonly problems: readonly TicketProblem[];
}

/** How a root is migrated. */
export interface MigrateOptions {
  /** Folder of the objectives that link to these tickets. */
  readonly objectivesRoot?: string | undefined;
  /** Only tells what would be done. */
  readonly dryRun?: boolean | undefined;
  /** Told after each ticket. */
  readonly onProgress?: ((done: number, total: number, ticket: MigratedTicket) => void) | undefined;
  /** Ends it with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Migrates a root in place, ticket by ticket: the map of ids first, then each ticket complete under a
 * temporary name that becomes its new id, then the old folder goes, then references and buckets. A
 * migration that was interrupted at any point is finished by the next one. Threads, resolutions,
 * bodies and artifacts keep every byte; prose is never rewritten.
 *
 * The caller holds the root's lock.
 *
 * @throws {TicketError} `io`; `conflict` when no ids are free.
 */
export async function migrateRoot(disk: Disk, options: MigrateOptions): Promise<MigrationReport> {
  if (options.dryRun) return await migrateOnce(disk, options, () => true);
  // An id that tickets of two generations have means the one that was read so far. So the other one
  // moves when every reference says which it means, also after a run that was interrupted.
  const known = readIdMap(disk.root);
  const first = await migrateOnce(disk, options, (candidate) => !isSecond(candidate, known));
  if (!scanRoot(disk.root).entries.some(({ generation }) => generation !== "v3")) return first;
  const before = first.tickets.length;
  const { onProgress } = options;
  const second = await migrateOnce(disk, {
    ...options,
    onProgress: onProgress &&
      ((done, total, ticket) => onProgress(before + done, before + total, ticket)),
  }, () => true);
  // The file of ids is one change, however often it was written.
  const isFirst = ({ path }: MigrationChange) =>
    path !== ID_MAP_FILE || !first.changes.some((change) => change.path === path);
  return {
    ...second,
    tickets: [...first.tickets, ...second.tickets],
    changes: [...first.changes, ...second.changes.filter(isFirst)],
  };
}

/**
 * Folders of tickets with the id of a candidate: a dry run cannot say which id they will get, for
 * that is counted on from what the others have then.
 */
function twinsOf({ oddities }: RootScan, candidates: readonly Candidate[]): string[] {
  const ids = new Set(candidates.map(({ entry }) => entry.id));
  return oddities.filter(({ kind, path }) =>
    kind === "shared_id" && ids.has(path.slice(path.lastIndexOf("/") + 1))
  ).map(({ path }) => path);
}

/** Whether another ticket has had the id before. */
function isSecond({ entry, to }: Candidate, known: IdMap): boolean {
  const ids = recordIdsNamed(known, entry.id);
  return ids.length > 0 && !ids.includes(to);
}

async function migrateOnce(
  disk: Disk,
  options: MigrateOptions,
  isMoving: (candidate: Candidate) => boolean,
): Promise<MigrationReport> {
  const { dryRun = false, objectivesRoot, onProgress, signal } = options;
  const [yaml, texts] = await Promise.all([loadYaml(), loadYamlTexts()]);
  if (!dryRun) await removeRootLeftovers(disk);
  const scan = scanRoot(disk.root);
  const known = readIdMap(disk.root);
  const parsers = { yaml, texts };
  const { candidates: found, problems: unfit } = findCandidates(
    disk.root,
    scan.entries,
    known,
    parsers,
  );
  const candidates = found.filter(isMoving);
  const twins = dryRun ? twinsOf(scan, candidates) : [];
  const map = extendIdMap(known, candidates);
  const renames = renamesIn(disk.root, scan.entries, { map, candidates });
  const changes: MigrationChange[] = [];
  const problems = [...scan.problems, ...unfit].filter(({ path }) => !twins.includes(path));
  const moved: Candidate[] = [];

  if (candidates.length > 0) {
    const detail = `${candidates.length} old ids and the new ones`;
    changes.push({ path: ID_MAP_FILE, action: "write", detail });
    if (!dryRun) await disk.writeWhole(ID_MAP_FILE, renderIdMap(map));
  }
  for (const [index, candidate] of candidates.entries()) {
    signal?.throwIfAborted();
    const { folder } = candidate.entry;
    const plan = await planOf(disk.root, candidate, renames);
    const refusal = plan instanceof TicketError || dryRun
      ? undefined
      : await refusalOf(() => moveTicket(disk, candidate, plan));
    if (plan instanceof TicketError || refusal !== undefined) {
      problems.push(problemOf(refusal ?? plan, disk.root, folder));
      continue;
    }
    changes.push({ path: folder, action: "move", detail: `becomes ${candidate.to}` });
    changes.push(...plan.renamed.map((path) => rewriteOf(`${folder}/${path}`)));
    moved.push(candidate);
    onProgress?.(index + 1, candidates.length, migratedTicket(candidate));
  }

  for (const path of twins) {
    changes.push({ path, action: "move", detail: "gets an id of its own when its twin has moved" });
  }
  const newest = scan.entries.filter(({ generation }) => generation === "v3");
  const rewriteAll = async (place: Disk, lead: string, found: Rewrites) => {
    problems.push(...found.problems);
    for (const { path, text } of found.rewrites) {
      changes.push(rewriteOf(`${lead}${path}`));
      if (!dryRun) await place.writeWhole(path, text);
    }
  };
  await rewriteAll(disk, "", rewritesOfTickets(disk.root, newest, renames));
  if (objectivesRoot !== undefined && renames.names.size > 0) {
    const found = rewritesOfObjectives(objectivesRoot, renames, yaml);
    await rewriteAll(disk.at(objectivesRoot), `${objectivesRoot}/`, found);
  }

  for (const bucket of foldersOf(disk.root).filter(isBucket)) {
    const rest = restOf(disk.root, bucket, [...moved.map(({ entry }) => entry.folder), ...twins]);
    // One that cannot be listed is among the problems of the scan.
    if (rest === undefined) continue;
    if (rest > 0) {
      const reason = `not empty: ${rest} of its entries could not be migrated`;
      problems.push({ path: bucket, reason });
      continue;
    }
    changes.push({ path: bucket, action: "remove", detail: "an empty bucket" });
    if (!dryRun) await disk.remove(bucket);
  }
  return { dryRun, tickets: moved.map(migratedTicket), changes, problems };
}

function migratedTicket({ entry: { id, generation }, to }: Candidate): MigratedTicket {
  return { from: id, to, generation };
}

/** What references are to say once the candidates have moved. */
function renamesIn(
  root: string,
  entries: readonly RootEntry[],
  { map, candidates }: { readonly map: IdMap; readonly candidates: readonly Candidate[] },
): Renames {
  const moving = new Set(candidates.map(({ entry }) => entry));
  const rest = entries.filter((entry) => !moving.has(entry));
  const present = new Set([...rest.map(({ id }) => id), ...candidates.map(({ to }) => to)]);
  return renamesOf(map, present, new Set(slugsOfTickets(root, rest).keys()));
}

/** What a move takes, or why this ticket stays where it is. */
async function planOf(
  root: string,
  candidate: Candidate,
  renames: Renames,
): Promise<MovePlan | TicketError> {
  try {
    const plan = await planMove(root, candidate, renames);
    checkMove(root, candidate, plan);
    return plan;
  } catch (error) {
    if (error instanceof TicketError) return error;
    throw error;
  }
}

/** A conflict keeps one ticket where it is; anything else, such as a full disk, is nobody's alone. */
async function refusalOf(work: () => Promise<void>): Promise<TicketError | undefined> {
  try {
    await work();
  } catch (error) {
    if (error instanceof TicketError && error.code === "conflict") return error;
    throw error;
  }
}

function rewriteOf(path: string): MigrationChange {
  return { path, action: "rewrite", detail: "names tickets by their new ids" };
}

/** How much stays in a bucket; `.gitkeep` goes with it. `undefined` when nobody may look. */
function restOf(root: string, bucket: string, moved: readonly string[]): number | undefined {
  const gone = new Set(moved);
  try {
    return [...Deno.readDirSync(`${root}/${bucket}`)]
      .filter(({ name }) => name !== ".gitkeep" && !gone.has(`${bucket}/${name}`)).length;
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) return undefined;
    throw TicketError.io(`${root}/${bucket}`, error);
  }
}
