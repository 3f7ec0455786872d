/** @module */

import { timestamp } from "./_timestamp.ts";
import {
  type BlockerReading,
  type Change,
  type ChangeContext,
  type OpenTicket,
  type Operation,
  type Repair,
  setFields,
} from "./_change.ts";
import { newTicket, writesOfNewTicket } from "./_create.ts";
import { lookAt, MAX_FILE_BYTES } from "./_regular_file.ts";
import type { Disk } from "./disk.ts";
import type { Write } from "./_write.ts";
import type { RecordLanguage } from "./event_kinds.ts";
import { newRecordId } from "./_free_record_id.ts";
import { loadYaml } from "./frontmatter.ts";
import { type PresentIds, readIdMapTolerantly, recordIdsNamed } from "./_id_map.ts";
import { removeRootLeftovers, removeTicketLeftovers } from "./_leftovers.ts";
import { findForWriting, namesOfTickets, wholeIdHint } from "./_lookup.ts";
import { changesFor } from "./_lags.ts";
import { isDamaged, lagsOfTicket, openTicket, readFiles } from "./_open_ticket.ts";
import { madeOf } from "./_migrate_move.ts";
import type { RootEntry } from "./root_scan.ts";
import type { NewTicket } from "./change_requests.ts";
import type { RequestOptions } from "./store_options.ts";
import { TicketFolder } from "./_ticket_files.ts";
import { TicketError } from "./ticket_error.ts";
import { isLeft, isUndoneByGit } from "./_undone_by_git.ts";
import { goBack } from "./_way_back.ts";
import type { HeldLock, WriteLock } from "./_write_lock.ts";

/** How often a change is made that git writes over. */
const ATTEMPTS = 3;

/** What a {@linkcode TicketWriter} needs. */
export interface TicketWriterOptions {
  /** Writes in the root. */
  readonly disk: Disk;
  /** Lock of the same root. */
  readonly lock: WriteLock;
  /** Whole milliseconds since 1970. */
  readonly now: () => number;
  /** Of generated texts. */
  readonly language: RecordLanguage;
  /** Named in generated texts. */
  readonly backendName: string;
  /** What keeps a ticket from being worked on, read at this moment; ends with the signal's reason. */
  readonly readBlockers: (id: string, options: RequestOptions) => Promise<BlockerReading>;
}

/**
 * Runs operations: takes the lock, finishes what a killed writer left of the ticket, reads its
 * files, lets the operation plan, and does what it planned. Nothing else is written before the plan
 * stands, so of a ticket in order an operation that is refused leaves every byte as it was.
 */
export class TicketWriter {
  readonly #options: TicketWriterOptions;

  /** Touches nothing. */
  constructor(options: TicketWriterOptions) {
    this.#options = options;
  }

  /**
   * Makes a ticket and gives its id.
   *
   * @throws {TicketError} `conflict` for a request beyond the limits, or when no id is free.
   */
  async create(
    request: NewTicket & { readonly author: string },
    options: RequestOptions = {},
  ): Promise<string> {
    const { disk, now, language, backendName } = this.#options;
    const render = newTicket(request);
    options.signal?.throwIfAborted();
    await disk.makeRoot();
    using _held = await this.lock(options);
    const milliseconds = now();
    const id = newRecordId(disk.root, milliseconds);
    const files = render({ at: timestamp(milliseconds), language, backendName });
    options.signal?.throwIfAborted();
    await disk.perform(writesOfNewTicket(id, files));
    return id;
  }

  /**
   * Does one operation to the ticket of exactly this id, or `repair` when its `item.md` cannot be
   * read; once more where git has written over it.
   *
   * @throws {TicketError} `not_found`, `locked`, `conflict` for the old folder of a ticket whose
   * migration was interrupted, or what the operation refuses.
   */
  async change<Result>(
    id: string,
    operation: Operation<Result>,
    { repair, ...options }: RequestOptions & { readonly repair?: Repair<Result> | undefined } = {},
  ): Promise<Result> {
    const { disk } = this.#options;
    // Before the lock: a wrong id is no reason to wait, nor to make a root.
    findForWriting(disk.root, id);
    using _held = await this.lock(options);
    for (let attempt = 1;; attempt++) {
      const since = Date.now();
      const change = await this.#plan(id, operation, repair, options);
      for (const write of change.writes) assertFits(disk, write);
      options.signal?.throwIfAborted();
      const waysBack = await disk.perform(change.writes);
      const made = { since, signal: options.signal };
      if (!await isUndoneByGit(disk, change.writes, made)) return change.result;
      // The rest of the change, as an item that has the new state, would forbid to make it again.
      const rest = waysBack.filter((_, index) => isLeft(change.writes[index]!, disk));
      const undone = TicketError.conflict(`git has written over the change of ${id}`);
      const outcome = await goBack(rest, undone);
      if (outcome !== undone || attempt === ATTEMPTS) throw outcome;
    }
  }

  /**
   * The right to write in this root, for work that is no operation on one ticket. What a killed
   * writer was making is removed first. The root has to exist.
   */
  async lock(options: RequestOptions = {}): Promise<HeldLock> {
    const { disk, lock } = this.#options;
    const held = await lock.acquire(options);
    if (!held.isInherited) return held;
    try {
      await removeRootLeftovers(disk);
      return held;
    } catch (error) {
      held[Symbol.dispose]();
      throw error;
    }
  }

  /** What an operation wants of a ticket as it is now. */
  async #plan<Result>(
    id: string,
    operation: Operation<Result>,
    repair: Repair<Result> | undefined,
    options: RequestOptions,
  ): Promise<Change<Result>> {
    const { disk } = this.#options;
    const entry = findForWriting(disk.root, id);
    assertNotMoved(disk.root, entry);
    const yaml = await loadYaml();
    await removeTicketLeftovers(disk, entry.folder);
    const files = readFiles(disk.root, entry, yaml);
    if (repair !== undefined && isDamaged(files)) {
      return repair(files, this.#contextOf(entry, options));
    }
    const ticket = await this.#recovered(openTicket(files), entry);
    return await operation(ticket, this.#contextOf(entry, options));
  }

  /** Writes what killed writers had recorded in the thread only. */
  async #recovered(ticket: OpenTicket, entry: RootEntry): Promise<OpenTicket> {
    const { disk } = this.#options;
    if (ticket.generation === "v1") return ticket;
    const changes = changesFor(lagsOfTicket(disk.root, ticket));
    if (changes === undefined) return ticket;
    await disk.perform([setFields(ticket, changes)]);
    return openTicket(readFiles(disk.root, entry, ticket.yaml));
  }

  #contextOf(entry: RootEntry, options: RequestOptions): ChangeContext {
    const { disk, now, language, readBlockers } = this.#options;
    const folder = TicketFolder.of(disk.root, entry);
    let names: PresentIds | undefined;
    return {
      at: timestamp(now()),
      language,
      readBlockers: () => readBlockers(entry.id, options),
      readArtifact: (name) => folder.readArtifact(name),
      hasArtifact: (name) => lookAt(`${folder.path}/artifacts/${name}`) !== undefined,
      wholeIdHint: (name) => wholeIdHint(disk.root, name),
      idsMeantBy: (id) => (names ??= namesOfTickets(disk.root)).meantBy(id),
    };
  }
}

/** A file beyond the bound would be written once and never read again. */
function assertFits(disk: Disk, write: Write): void {
  if (!("text" in write)) return;
  const path = disk.absolute(write.path);
  const present = write.action === "append" ? lookAt(path)?.size ?? 0 : 0;
  // A UTF-16 unit has three bytes at most.
  if (present + write.text.length * 3 <= MAX_FILE_BYTES) return;
  if (present + new TextEncoder().encode(write.text).length <= MAX_FILE_BYTES) return;
  const limit = MAX_FILE_BYTES / 1024 / 1024;
  const detail = `"${write.path}" would be larger than ${limit} MiB, the most that is read`;
  throw TicketError.conflict(`${detail}; continue in a new ticket`, { path });
}

/** An interrupted migration leaves two folders of a ticket, and will remove the old one. */
function assertNotMoved(root: string, entry: RootEntry): void {
  if (entry.generation === "v3") return;
  // A damaged map says nothing; a migration compares the old folder before it removes it.
  const to = madeOf(root, entry, recordIdsNamed(readIdMapTolerantly(root).map, entry.id));
  if (to === undefined) return;
  throw TicketError.conflict(
    `${entry.id} has become ${to} in a migration that was interrupted: change that one, and run ` +
      "`yoi ticket migrate` again",
    { path: `${root}/${entry.folder}` },
  );
}
