/**
 * Brings a root of any mixture of generations to the third one.
 *
 * Source: tickets specification, section 1.8; decision 32.
 *
 * @module
 */

import type { Disk } from "./disk.ts";
import { loadYaml, type YamlParser } from "./frontmatter.ts";
import { ID_MAP_FILE, type IdMap, readIdMap, renderIdMap } from "./_id_map.ts";
import { readItem, type TicketItem } from "./item.ts";
import { removeRootLeftovers } from "./_leftovers.ts";
import { v3IdsOf } from "./_legacy_id.ts";
import {
  LEGACY_FILE,
  legacyIdOf,
  migrateItem,
  renameIds,
  renderLegacy,
} from "./_migrate_ticket.ts";
import { relinkObjective } from "./_objective_relink.ts";
import { problemOf } from "./_problem.ts";
import { isBucket, type RootEntry, scanRoot } from "./root_scan.ts";
import type { Generation, TicketProblem } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";
import { TicketFolder } from "./_ticket_files.ts";

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
  /** The tickets, in the order that was asked for. */
  readonly tickets: readonly MigratedTicket[];
  /** What was done, or would be, in order. */
  readonly changes: readonly MigrationChange[];
  /** Records that stay as they are, since they cannot be read. */
  readonly problems: readonly TicketProblem[];
}

/** How a root is migrated. */
export interface MigrateOptions {
  /** Folder of the objectives that link to these tickets. */
  readonly objectivesRoot?: string;
  /** Only tells what would be done. */
  readonly dryRun?: boolean;
  /** Told after each ticket. */
  readonly onProgress?: (done: number, total: number, ticket: MigratedTicket) => void;
  /** Ends it with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** One ticket that can be migrated, read. */
interface Candidate {
  readonly entry: RootEntry;
  readonly text: string;
  readonly item: TicketItem;
  readonly to: string;
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
  const migration = new Migration(disk, options, await loadYaml());
  return await migration.run();
}

class Migration {
  readonly #disk: Disk;
  readonly #options: MigrateOptions;
  readonly #yaml: YamlParser;
  readonly #changes: MigrationChange[] = [];
  readonly #problems: TicketProblem[] = [];

  constructor(disk: Disk, options: MigrateOptions, yaml: YamlParser) {
    this.#disk = disk;
    this.#options = options;
    this.#yaml = yaml;
  }

  async run(): Promise<MigrationReport> {
    const { root } = this.#disk;
    const { dryRun = false, onProgress, signal } = this.#options;
    if (!dryRun) await removeRootLeftovers(this.#disk);
    const scan = scanRoot(root);
    this.#problems.push(...scan.problems);
    const known = readIdMap(root);
    const candidates = this.#candidates(scan.entries, known);
    const tickets = candidates.map(({ entry, to }): MigratedTicket => ({
      from: entry.id,
      to,
      generation: entry.generation,
    }));
    const map = extendedBy(known, candidates);
    if (tickets.length > 0) {
      this.#note("write", ID_MAP_FILE, `${tickets.length} old ids and the new ones`);
      if (!dryRun) await this.#disk.writeWhole(ID_MAP_FILE, renderIdMap(map));
    }
    for (const [index, candidate] of candidates.entries()) {
      signal?.throwIfAborted();
      await this.#move(candidate, map.ids);
      onProgress?.(index + 1, tickets.length, tickets[index]!);
    }
    for (const entry of scan.entries) {
      if (entry.generation === "v3") await this.#renameReferences(entry, map.ids);
    }
    await this.#relinkObjectives(map.ids);
    await this.#removeBuckets(candidates);
    return { dryRun, tickets, changes: this.#changes, problems: this.#problems };
  }

  /** Every older ticket that can be read, with the id that it gets: the one it was given before. */
  #candidates(entries: readonly RootEntry[], known: IdMap): Candidate[] {
    const older = entries.filter(({ generation }) => generation !== "v3");
    const present = new Set(entries.map(({ id }) => id));
    const given = new Set(known.ids.values());
    const fresh = entries.filter(({ id }) => !known.ids.has(id));
    const computed = v3IdsOf(fresh, (id) => present.has(id) || given.has(id));
    return older.flatMap((entry) => {
      const to = known.ids.get(entry.id) ?? computed.get(entry.id);
      try {
        if (to === undefined) {
          throw TicketError.parse(
            entry.folder,
            "its id holds no time; give the folder one that does",
          );
        }
        const folder = TicketFolder.of(this.#disk.root, entry);
        const { problems } = folder.scanFiles();
        if (problems.length > 0) {
          // What cannot be copied would be gone together with the old folder.
          this.#problems.push(...problems);
          return [];
        }
        const text = folder.readItemText();
        const item = readItem(text, { path: entry.folder, ...entry }, this.#yaml);
        if (item === "needs_yaml") throw new Error("unreachable: the general parser is here");
        return [{ entry, text, item, to }];
      } catch (error) {
        this.#problems.push(problemOf(error, this.#disk.root, entry.folder));
        return [];
      }
    });
  }

  async #move(candidate: Candidate, ids: ReadonlyMap<string, string>): Promise<void> {
    const { entry, to } = candidate;
    const folder = TicketFolder.of(this.#disk.root, entry);
    this.#note("move", entry.folder, `becomes ${to}`);
    const plan = this.#filesOf(candidate, folder, ids);
    if (this.#options.dryRun) return;
    const staging = `.${to}.new`;
    if (!this.#isMoved(candidate)) {
      await this.#disk.remove(staging);
      await this.#disk.makeFolder(staging);
      await this.#disk.makeFolder(`${staging}/artifacts`);
      for (const { path, text } of plan.written) {
        await this.#disk.createFile(`${staging}/${path}`, text);
      }
      for (const path of plan.copied) {
        await this.#makeFolders(staging, path);
        await this.#disk.copyFile(`${entry.folder}/${path}`, `${staging}/${path}`);
      }
      await this.#disk.rename(staging, to);
    }
    // One rename takes the old ticket out of sight, so that nobody ever sees half of it.
    await this.#disk.remove(staging);
    await this.#disk.rename(entry.folder, staging);
    await this.#disk.remove(staging);
  }

  /** Whether an interrupted migration has made the new folder already. */
  #isMoved({ entry, to }: Candidate): boolean {
    const place: RootEntry = { id: to, generation: "v3", folder: to };
    const legacy = TicketFolder.of(this.#disk.root, place).readArtifact(LEGACY_FILE);
    return legacy !== undefined && legacyIdOf(legacy) === entry.id;
  }

  /** Which files the new folder gets as texts, and which byte for byte. */
  #filesOf(
    { entry, text, item }: Candidate,
    folder: TicketFolder,
    ids: ReadonlyMap<string, string>,
  ): { written: { path: string; text: string }[]; copied: string[] } {
    const written = [
      { path: "item.md", text: migrateItem(text, entry, item, this.#yaml) },
      { path: `artifacts/${LEGACY_FILE}`, text: renderLegacy(entry, item.frontmatter) },
    ];
    const copied: string[] = [];
    for (const path of folder.scanFiles().paths) {
      if (written.some((file) => file.path === path)) continue;
      const old = REFERENCES.includes(path) ? folder.readText(path) : undefined;
      const renamed = old === undefined ? undefined : renameIds(old, ids);
      if (renamed === undefined || renamed === old) copied.push(path);
      else {
        written.push({ path, text: renamed });
        this.#note("rewrite", `${entry.folder}/${path}`, "names tickets by their new ids");
      }
    }
    return { written, copied };
  }

  async #makeFolders(staging: string, path: string): Promise<void> {
    const steps = path.split("/").slice(0, -1);
    for (let length = 1; length <= steps.length; length++) {
      await this.#disk.makeFolder([staging, ...steps.slice(0, length)].join("/"));
    }
  }

  /** Tickets of the third generation may point to older ones. */
  async #renameReferences(entry: RootEntry, ids: ReadonlyMap<string, string>): Promise<void> {
    const folder = TicketFolder.of(this.#disk.root, entry);
    for (const path of REFERENCES) {
      try {
        const old = folder.readText(path);
        const renamed = old === undefined ? undefined : renameIds(old, ids);
        if (renamed === undefined || renamed === old) continue;
        this.#note("rewrite", `${entry.folder}/${path}`, "names tickets by their new ids");
        if (!this.#options.dryRun) await this.#disk.writeWhole(`${entry.folder}/${path}`, renamed);
      } catch (error) {
        this.#problems.push(problemOf(error, this.#disk.root, `${entry.folder}/${path}`));
      }
    }
  }

  async #relinkObjectives(ids: ReadonlyMap<string, string>): Promise<void> {
    const { objectivesRoot, dryRun } = this.#options;
    if (objectivesRoot === undefined || ids.size === 0) return;
    const disk = this.#disk.at(objectivesRoot);
    for (const name of foldersOf(objectivesRoot)) {
      const entry: RootEntry = { id: name, generation: "v3", folder: name };
      const path = `${objectivesRoot}/${name}/item.md`;
      try {
        const old = TicketFolder.of(objectivesRoot, entry).readText("item.md");
        if (old === undefined) continue;
        const linked = relinkObjective(old, ids, path, this.#yaml);
        if (linked === old) continue;
        this.#note("rewrite", path, "links tickets by their new ids");
        if (!dryRun) await disk.writeWhole(`${name}/item.md`, linked);
      } catch (error) {
        this.#problems.push(problemOf(error, objectivesRoot, `${name}/item.md`));
      }
    }
  }

  /** Buckets that are empty by now, or hold nothing but `.gitkeep`. */
  async #removeBuckets(moved: readonly Candidate[]): Promise<void> {
    const gone = new Set(moved.map(({ entry }) => entry.folder));
    for (const bucket of foldersOf(this.#disk.root).filter(isBucket)) {
      const rest = namesOf(`${this.#disk.root}/${bucket}`)
        .filter((name) => name !== ".gitkeep" && !gone.has(`${bucket}/${name}`));
      if (rest.length > 0) {
        const reason = `not empty: ${rest.length} of its entries could not be migrated`;
        this.#problems.push({ path: bucket, reason });
        continue;
      }
      this.#note("remove", bucket, "an empty bucket");
      if (!this.#options.dryRun) await this.#disk.remove(bucket);
    }
  }

  #note(action: MigrationChange["action"], path: string, detail: string): void {
    this.#changes.push({ path, action, detail });
  }
}

function extendedBy(known: IdMap, candidates: readonly Candidate[]): IdMap {
  const ids = new Map(known.ids);
  const slugs = new Map(known.slugs);
  for (const { entry, item, to } of candidates) {
    ids.set(entry.id, to);
    const { slug } = item.fields;
    if (slug !== null) slugs.set(slug, [...new Set([...slugs.get(slug) ?? [], to])].sort());
  }
  return { ids, slugs };
}

/** The files that name tickets in a way that programs read. */
const REFERENCES = ["artifacts/relations.json", "artifacts/orchestration-plan.jsonl"];

function foldersOf(path: string): string[] {
  try {
    return [...Deno.readDirSync(path)].filter(({ isDirectory }) => isDirectory)
      .map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw TicketError.io(path, error);
  }
}

function namesOf(path: string): string[] {
  return [...Deno.readDirSync(path)].map(({ name }) => name);
}
