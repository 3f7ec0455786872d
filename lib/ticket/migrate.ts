/**
 * Converts a root of any mixture of generations to the third one.
 *
 * Source: tickets specification, section 1.8; decision 32.
 *
 * @module
 */

import type { Disk } from "./disk.ts";
import { loadYaml, loadYamlTexts, type YamlParser } from "./frontmatter.ts";
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
  /** Its generation before. */
  readonly generation: Generation;
}

/** One thing that a migration does. */
export interface MigrationChange {
  /** Relative to the root; absolute for an objective. */
  readonly path: string;
  /** What is done. */
  readonly action: "move" | "rewrite" | "remove" | "write";
  /** In words, for people. */
  readonly detail: string;
}

/** What a migration did or, in a dry run, would do. */
export interface MigrationReport {
  /** Whether this was a dry run, which writes nothing. */
  readonly dryRun: boolean;
  /** Tickets that get a new id. */
  readonly tickets: readonly MigratedTicket[];
  /** Everything that is done, in order. */
  readonly changes: readonly MigrationChange[];
  /** Records that stay as they are, since they cannot be read or converted. */
  readonly problems: readonly TicketProblem[];
}

/** Options of a migration. */
export interface MigrateOptions {
  /** Folder of the objectives that link to these tickets. */
  readonly objectivesRoot?: string | undefined;
  /** Reports what would be done and writes nothing. */
  readonly dryRun?: boolean | undefined;
  /** Called after each ticket. */
  readonly onProgress?: ((done: number, total: number, ticket: MigratedTicket) => void) | undefined;
  /** Aborts the migration with the signal's reason; the next one finishes it. */
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
  const { dryRun = false, signal } = options;
  const [yaml, texts] = await Promise.all([loadYaml(), loadYamlTexts()]);
  if (!dryRun) await removeRootLeftovers(disk);
  const scan = scanRoot(disk.root);
  const known = readIdMap(disk.root);
  const parsers = { yaml, texts, signal };
  const found = await findCandidates(disk.root, scan.entries, known, parsers);
  const candidates = found.candidates.filter(isMoving);
  const twins = dryRun ? twinsOf(scan, candidates) : [];
  const problems = [...scan.problems, ...found.problems]
    .filter(({ path }) => !twins.includes(path));
  const migration = new Migration(disk, options, problems);
  const map = extendIdMap(known, candidates);
  const renames = renamesIn(disk.root, scan.entries, { map, candidates });
  // A ticket that an earlier run could not move has its line already.
  if (renderIdMap(map) !== renderIdMap(known)) await migration.writeIdMap(map, candidates.length);
  await migration.moveTickets(candidates, renames);
  migration.tellTwins(twins);
  await migration.rewriteReferences(scan.entries, renames, yaml);
  await migration.removeBuckets(twins);
  return migration.report();
}

/** The steps of a migration, in their order, and what came of them. */
class Migration {
  readonly #disk: Disk;
  readonly #options: MigrateOptions;
  readonly #changes: MigrationChange[] = [];
  readonly #problems: TicketProblem[];
  readonly #moved: Candidate[] = [];

  /** @param problems What is known before the first step. */
  constructor(disk: Disk, options: MigrateOptions, problems: readonly TicketProblem[]) {
    this.#disk = disk;
    this.#options = options;
    this.#problems = [...problems];
  }

  async writeIdMap(map: IdMap, count: number): Promise<void> {
    const detail = `${count} old ids and the new ones`;
    this.#changes.push({ path: ID_MAP_FILE, action: "write", detail });
    if (!this.#options.dryRun) await this.#disk.writeWhole(ID_MAP_FILE, renderIdMap(map));
  }

  async moveTickets(candidates: readonly Candidate[], renames: Renames): Promise<void> {
    const { dryRun, onProgress, signal } = this.#options;
    const { root } = this.#disk;
    for (const [index, candidate] of candidates.entries()) {
      signal?.throwIfAborted();
      const { folder } = candidate.entry;
      const plan = await planOf(root, candidate, renames);
      const refusal = plan instanceof TicketError || dryRun
        ? undefined
        : await refusalOf(() => moveTicket(this.#disk, candidate, plan));
      if (plan instanceof TicketError || refusal !== undefined) {
        this.#problems.push(problemOf(refusal ?? plan, root, folder));
        continue;
      }
      const detail = `becomes ${candidate.to}`;
      this.#changes.push({ path: folder, action: "move", detail });
      this.#changes.push(...plan.renamed.map((path) => rewriteOf(`${folder}/${path}`)));
      this.#moved.push(candidate);
      onProgress?.(index + 1, candidates.length, migratedTicket(candidate));
    }
  }

  tellTwins(twins: readonly string[]): void {
    const detail = "gets an id of its own when its twin has moved";
    for (const path of twins) this.#changes.push({ path, action: "move", detail });
  }

  /** In tickets that had a new id before, and in objectives. */
  async rewriteReferences(
    entries: readonly RootEntry[],
    renames: Renames,
    yaml: YamlParser,
  ): Promise<void> {
    const { objectivesRoot, signal } = this.#options;
    const newest = entries.filter(({ generation }) => generation === "v3");
    const ofTickets = await rewritesOfTickets(this.#disk.root, newest, renames, { signal });
    await this.#rewriteAll(this.#disk, "", ofTickets);
    if (objectivesRoot === undefined || renames.names.size === 0) return;
    const ofObjectives = await rewritesOfObjectives(objectivesRoot, renames, yaml, { signal });
    await this.#rewriteAll(this.#disk.at(objectivesRoot), `${objectivesRoot}/`, ofObjectives);
  }

  /** @param twins Folders that a dry run leaves there and a migration does not. */
  async removeBuckets(twins: readonly string[]): Promise<void> {
    const gone = new Set([...this.#moved.map(({ entry }) => entry.folder), ...twins]);
    for (const bucket of foldersOf(this.#disk.root).filter(isBucket)) {
      const rest = restOf(this.#disk.root, bucket, gone);
      // One that cannot be listed is among the problems of the scan.
      if (rest === undefined) continue;
      if (rest > 0) {
        const reason = `not empty: ${rest} of its entries could not be migrated`;
        this.#problems.push({ path: bucket, reason });
        continue;
      }
      this.#changes.push({ path: bucket, action: "remove", detail: "an empty bucket" });
      if (!this.#options.dryRun) await this.#disk.remove(bucket);
    }
  }

  report(): MigrationReport {
    return {
      dryRun: this.#options.dryRun ?? false,
      tickets: this.#moved.map(migratedTicket),
      changes: this.#changes,
      problems: this.#problems,
    };
  }

  async #rewriteAll(place: Disk, lead: string, { rewrites, problems }: Rewrites): Promise<void> {
    this.#problems.push(...problems);
    for (const { path, text } of rewrites) {
      this.#changes.push(rewriteOf(`${lead}${path}`));
      if (!this.#options.dryRun) await place.writeWhole(path, text);
    }
  }
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
function restOf(root: string, bucket: string, gone: ReadonlySet<string>): number | undefined {
  try {
    return [...Deno.readDirSync(`${root}/${bucket}`)]
      .filter(({ name }) => name !== ".gitkeep" && !gone.has(`${bucket}/${name}`)).length;
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) return undefined;
    throw TicketError.io(`${root}/${bucket}`, error);
  }
}
