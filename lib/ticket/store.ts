/** @module */

import { comment, review } from "./_append_event.ts";
import { bareIntakeSummary, bareStateChange } from "./_bare_event.ts";
import type { BlockerReading, Operation, Repair } from "./_change.ts";
import { assign, changeField, setPriority } from "./_change_field.ts";
import { intakeReady, queue, setState, transition } from "./_change_state.ts";
import type {
  CloseRequest,
  CommentRequest,
  EditRequest,
  IntakeReadyRequest,
  IntakeSummaryRecord,
  NewTicket,
  QueueRequest,
  RelateRequest,
  ReopenRequest,
  ReplaceItemRequest,
  ReviewRequest,
  SetFieldRequest,
  SetStateRequest,
  StateChangeRecord,
  TransitionRequest,
  UnrelateRequest,
} from "./change_requests.ts";
import { close, reopen } from "./_close.ts";
import { editItem } from "./_edit_item.ts";
import { recordPlan } from "./_record_plan.ts";
import { lookAt } from "./_regular_file.ts";
import { relate, unrelate } from "./_relate.ts";
import { itemText, itemTextOfDamaged, repairItem, replaceItem } from "./_replace_item.ts";
import type { DependencyCheck } from "./dependency_check.ts";
import { Disk } from "./disk.ts";
import type { DoctorReport } from "./doctor_report.ts";
import { recordLanguage } from "./event_kinds.ts";
import type { MigrateOptions, MigrationReport } from "./migrate.ts";
import type { NewPlan, PlanRecord } from "./plan_file.ts";
import type { ReadyList } from "./ready_tickets.ts";
import type { RelationList } from "./relation_index.ts";
import type { Relation } from "./relation_view.ts";
import type { Priority } from "./request_words.ts";
import { rootPath } from "./_root_path.ts";
import type { TicketState } from "./states.ts";
import type { ChangeOptions, RequestOptions, TicketStoreOptions } from "./store_options.ts";
import type { TicketDetail, TicketEvent, TicketList } from "./ticket.ts";
import type { ListOptions } from "./ticket_list.ts";
import type { LogOptions, TicketLog } from "./ticket_log.ts";
import {
  type PlanList,
  type PlanListOptions,
  type RelationListOptions,
  TicketReader,
} from "./ticket_reader.ts";
import type { SearchOptions, SearchResult } from "./ticket_search.ts";
import type { ShowAllOptions, ShowOptions } from "./ticket_show.ts";
import { TicketWriter } from "./_ticket_writer.ts";
import { recordClock } from "./_timestamp.ts";
import { userName } from "./_user_name.ts";
import { WriteLock } from "./_write_lock.ts";

/**
 * A folder of tickets: the one object through which programs read and change them.
 *
 * Every change is checked as a whole before its first byte is written, runs under the same lock
 * that the reference takes, and writes `item.md` last, so that the next change can complete what a
 * crash left undone. Reading takes no lock.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { TicketStore } from "@yoi/yoi/tickets";
 * const root = await Deno.makeTempDir();
 * const store = TicketStore.open(root, { author: "alice" });
 * const id = await store.create({ title: "Cache the index" });
 * await store.intakeReady(id, { summary: "The index is read too often." });
 * await store.comment(id, { body: "See the profile." });
 * const { state, events } = await store.show(id);
 * assertEquals([state, events.length], ["ready", 4]);
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export class TicketStore {
  /** The folder of tickets, absolute. */
  readonly root: string;
  readonly #options: TicketStoreOptions;
  readonly #disk: Disk;
  readonly #reader: TicketReader;
  readonly #writer: TicketWriter;

  private constructor(root: string, options: TicketStoreOptions) {
    const { language, backendName = "LocalTicketBackend" } = options;
    const { objectivesRoot, onWait, lockTimeoutMs: timeoutMs } = options;
    const now = recordClock(options.now ?? Date.now);
    this.root = root;
    this.#options = {
      ...options,
      objectivesRoot: objectivesRoot === undefined ? undefined : rootPath(objectivesRoot),
    };
    this.#disk = new Disk(root, options);
    this.#reader = new TicketReader(root);
    this.#writer = new TicketWriter({
      disk: this.#disk,
      lock: new WriteLock(root, { now, timeoutMs, onWait }),
      now,
      language: recordLanguage(language),
      backendName,
      readBlockers: (id, request) => this.#blockersOf(id, request),
    });
  }

  /**
   * The store in a folder, which need not exist: nothing is read or written until a method is
   * called, and only a change creates the folder.
   *
   * @param root A path, resolved now against the working directory if it is relative, or a `file:`
   * URL.
   * @throws {TicketError} `escapes_root` for an empty path, which would mean the working directory;
   * `io` for a relative path when there is no working directory any more.
   * @throws {TypeError} For a URL that does not name a file on this computer.
   */
  static open(root: string | URL, options: TicketStoreOptions = {}): TicketStore {
    return new TicketStore(rootPath(root), options);
  }

  /**
   * Lists tickets, filtered, sorted and paged. Only frontmatter is read; unreadable records are
   * reported in `problems`, never thrown.
   *
   * @param options Default: all states, sorted by id, 50 rows; `limit: Infinity` for all.
   * @throws {TicketError} `io` when the root cannot be listed; `not_found` when `after` names
   * nothing that the list could continue after.
   * @throws {RangeError} For a limit or offset that is negative or not whole, and for an unknown
   * state or sort key.
   *
   * @example Pages of active tickets, the latest change first
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { TicketStore } from "@yoi/yoi/tickets";
   *
   * const root = await Deno.makeTempDir();
   * const store = TicketStore.open(root);
   * for (const title of ["one", "two", "three"]) await store.create({ title });
   * const page = { states: "active", sort: "updated", reverse: true, limit: 2 } as const;
   * const first = await store.list(page);
   * const second = await store.list({ ...page, after: first.tickets.at(-1)!.id });
   * assertEquals([first.tickets.length, second.tickets.length, first.total], [2, 1, 3]);
   * await Deno.remove(root, { recursive: true });
   * ```
   */
  async list(options: ListOptions = {}): Promise<TicketList> {
    return await this.#reader.list(this.#bounded(options));
  }

  /**
   * One ticket with everything that belongs to it.
   *
   * @param query Its id, a unique prefix of it, an id from before or after a migration, or a v1 slug.
   * @throws {TicketError} `not_found`, also for an ambiguous query; `invalid_component` for a query
   * that can name no folder, such as `../x`; `parse` when its `item.md` cannot be read;
   * `escapes_root` for a link in its place; `io`.
   */
  async show(query: string, options: ShowOptions = {}): Promise<TicketDetail> {
    return await this.#reader.show(query, this.#bounded(options));
  }

  /**
   * Every ticket with everything that belongs to it, sorted by id, for exports and static sites.
   * Relations are read once, at the beginning. Each ticket is read when its turn comes and is not
   * kept, so that neither memory nor the time for one ticket grows with their number.
   *
   * @param options `onProblem` is called for each record that cannot be read and is left out.
   * @throws {TicketError} `io` when the root cannot be listed.
   *
   * @example Tickets as JSON lines
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { TicketStore } from "@yoi/yoi/tickets";
   *
   * const root = await Deno.makeTempDir();
   * const store = TicketStore.open(root);
   * for (const title of ["one", "two"]) await store.create({ title });
   * let lines = "";
   * for await (const { id, title } of store.showAll()) lines += `${JSON.stringify({ id, title })}\n`;
   * assertEquals(lines.split("\n").length, 3);
   * await Deno.remove(root, { recursive: true });
   * ```
   */
  showAll(options: ShowAllOptions = {}): AsyncGenerator<TicketDetail, void> {
    return this.#reader.showAll(this.#bounded(options));
  }

  /**
   * The bytes of an artifact.
   *
   * @param query The ticket, as for {@linkcode TicketStore.show}.
   * @param path One of the `artifacts` that `show` lists.
   * @throws {TicketError} `not_found` for the ticket or the artifact; `invalid_component` for a
   * query that can name no folder; `escapes_root` for a path that leaves the artifacts, or a link on
   * the way; `parse` for more than 16 MiB; `io`.
   */
  async readArtifact(query: string, path: string): Promise<Uint8Array<ArrayBuffer>> {
    return await this.#reader.readArtifact(query, path);
  }

  /**
   * Tickets that contain every one of these words, with the first occurrence of each.
   *
   * @throws {TicketError} `conflict` when there is no word; `io` when the root cannot be listed.
   * @throws {RangeError} For a limit that is negative or not whole, and for an unknown state.
   */
  async search(words: readonly string[], options: SearchOptions = {}): Promise<SearchResult> {
    return await this.#reader.search(words, this.#bounded(options));
  }

  /**
   * Events of all tickets, the newest first.
   *
   * @throws {TicketError} `io` when the root cannot be listed.
   * @throws {RangeError} For a limit that is negative or not whole, and a `since` of another form.
   */
  async log(options: LogOptions = {}): Promise<TicketLog> {
    return await this.#reader.log(this.#bounded(options));
  }

  /**
   * Tickets in state `ready` without unresolved blockers: by priority, then by age.
   *
   * @throws {TicketError} `io` when the root cannot be listed.
   */
  async ready(options: RequestOptions = {}): Promise<ReadyList> {
    return await this.#reader.ready(this.#bounded(options));
  }

  /**
   * The whole id of the ticket that a query means: methods that change a ticket take no other name.
   *
   * @param query As for {@linkcode TicketStore.show}.
   * @throws {TicketError} `not_found`, also for an ambiguous query; `invalid_component`,
   * `escapes_root`, `io`.
   */
  async resolveId(query: string): Promise<string> {
    return await this.#reader.resolveId(query);
  }

  /**
   * Stored relations: all, or those to and from one ticket.
   *
   * @param id The ticket's whole id.
   * @throws {TicketError} `not_found`, `invalid_component`, `escapes_root`; `io` when the root cannot
   * be listed.
   */
  async relations(id?: string, options: RelationListOptions = {}): Promise<RelationList> {
    return await this.#reader.relations(id, this.#bounded(options));
  }

  /**
   * Records of orchestration plans: all, or those of one ticket, by time.
   *
   * @param id The ticket's whole id.
   * @throws {TicketError} `not_found`, `invalid_component`, `escapes_root`; `io` when the root cannot
   * be listed.
   */
  async plans(id?: string, options: PlanListOptions = {}): Promise<PlanList> {
    return await this.#reader.plans(id, this.#bounded(options));
  }

  /**
   * Whether a ticket can be queued, why not, and what to do next. Changes nothing.
   *
   * @param id The ticket's whole id.
   * @throws {TicketError} `not_found`, `invalid_component`, `escapes_root`; `parse` when its
   * `item.md` cannot be read; `io`.
   */
  async dependencyCheck(id: string, options: RequestOptions = {}): Promise<DependencyCheck> {
    return await this.#reader.dependencyCheck(id, this.#bounded(options));
  }

  /**
   * Checks the tickets for problems. With `fix`, it also makes the repairs that need no decision.
   *
   * @returns Findings, each with a code, a severity, a file and line, and what to do about it; `ok`
   * when none of them is an error.
   * @throws {TicketError} `io` when the root cannot be listed; with `fix` also `locked`.
   */
  async doctor(
    options: RequestOptions & { readonly fix?: boolean | undefined } = {},
  ): Promise<DoctorReport> {
    const look = this.#bounded({ signal: options.signal });
    if (!options.fix || lookAt(this.root) === undefined) {
      // Loaded when it is needed: it is larger than all the rest.
      const { runDoctor } = await import("./_doctor.ts");
      return await runDoctor(this.root, look);
    }
    const { fixStore } = await import("./_doctor_fix.ts");
    const lock = () => this.#writer.lock(look);
    return await fixStore(this.root, { ...look, disk: this.#disk, lock });
  }

  /**
   * Converts tickets of older generations to the newest one, in place. A migration that was
   * interrupted, at whatever point, is finished by the next call. Tickets that cannot be converted
   * stay as they are and are reported in `problems`.
   *
   * @param options `dryRun` writes nothing; `onProgress` is called after each ticket.
   * @throws {TicketError} `locked`; `parse` or `escapes_root` when the map of old ids, which it adds
   * to, cannot be read; `io` when the disk refuses; the signal's reason.
   */
  async migrate(
    options: Pick<MigrateOptions, "dryRun" | "onProgress" | "signal"> = {},
  ): Promise<MigrationReport> {
    // Loaded when it is needed: hardly any program migrates.
    const { migrateRoot } = await import("./migrate.ts");
    const { objectivesRoot } = this.#options;
    const wanted = this.#bounded({ ...options, objectivesRoot });
    // Where there is no root, there is nothing to migrate and no place for a lock.
    if (options.dryRun || lookAt(this.root) === undefined) {
      return await migrateRoot(this.#disk, wanted);
    }
    using _held = await this.#writer.lock(wanted);
    return await migrateRoot(this.#disk, wanted);
  }

  /**
   * Creates a ticket and returns its id, which is that of the current millisecond or of the next
   * free one.
   *
   * @param request Its title and whatever else is known. `state` may be `planning` or, with a
   * `summary`, `ready`.
   * @throws {TicketError} `conflict` naming the field that is blank, too long or not one line, or
   * when no id is free within a second of the clock; `locked` when another writer holds the store
   * for too long; `io`.
   */
  async create(request: NewTicket & ChangeOptions): Promise<string> {
    const named = { ...request, author: this.#author(request) };
    return await this.#writer.create(named, this.#bounded({ signal: request.signal }));
  }

  /**
   * Adds a comment, a plan, a decision or an implementation report to the thread, in any state.
   *
   * @param id The ticket's whole id, as for all methods below.
   * @throws {TicketError} `not_found` (naming the whole id if the ticket was given by another
   * name), `invalid_component`, `escapes_root`, `conflict`, `parse` when the ticket cannot be read,
   * `locked`, `io`; so do all methods below.
   */
  comment(id: string, request: CommentRequest): Promise<TicketEvent> {
    return this.#change(id, request, (author) => comment({ ...request, author }));
  }

  /** Adds a review to the thread, in any state. */
  review(id: string, request: ReviewRequest): Promise<TicketEvent> {
    return this.#change(id, request, (author) => review({ ...request, author }));
  }

  /**
   * Adds only a `state_changed` event, for a change made elsewhere: no field of the ticket changes.
   */
  recordStateChange(id: string, request: StateChangeRecord): Promise<TicketEvent> {
    return this.#change(id, request, (author) => bareStateChange({ ...request, author }));
  }

  /** Adds only an `intake_summary` event: the state stays as it is. */
  recordIntakeSummary(id: string, request: IntakeSummaryRecord): Promise<TicketEvent> {
    return this.#change(id, request, (author) => bareIntakeSummary({ ...request, author }));
  }

  /** Moves a ticket from `planning` to `ready` and records the summary of its intake. */
  intakeReady(id: string, request: IntakeReadyRequest): Promise<TicketEvent> {
    return this.#change(id, request, (author) => intakeReady({ ...request, author }));
  }

  /**
   * Moves a ticket from `ready` to `queued`. Throws `conflict`, naming the blockers, while any of
   * them is unresolved.
   */
  async queue(id: string, request: QueueRequest = {}): Promise<TicketEvent> {
    const named = { author: request.queuedBy, signal: request.signal };
    return await this.#change(id, named, (author) => queue({ ...request, author }));
  }

  /**
   * Makes a transition that has no method of its own. Throws `conflict` when the ticket is not in
   * state `from`.
   */
  transition(id: string, request: TransitionRequest): Promise<TicketEvent> {
    return this.#change(id, request, (author) => transition({ ...request, author }));
  }

  /** Moves the ticket from its current state to `state`, through the gate of that transition. */
  setState(id: string, state: TicketState, request: SetStateRequest = {}): Promise<TicketEvent> {
    return this.#change(id, request, (author) => setState(state, { ...request, author }));
  }

  /** Closes a ticket from any state; closing again keeps the earlier resolution as an artifact. */
  close(id: string, request: CloseRequest): Promise<TicketEvent> {
    return this.#change(id, request, (author) => close({ ...request, author }));
  }

  /**
   * Moves a closed ticket back to `planning`, and its resolution to
   * `artifacts/resolution-<time>.md`.
   */
  reopen(id: string, request: ReopenRequest): Promise<TicketEvent> {
    return this.#change(id, request, (author) => reopen({ ...request, author }));
  }

  /** Adds a relation to another ticket. The thread does not record it. */
  relate(id: string, request: RelateRequest): Promise<Relation> {
    return this.#change(id, request, (author) => relate({ ...request, author }));
  }

  /** Removes a relation and returns what it was. */
  unrelate(id: string, request: UnrelateRequest): Promise<Relation> {
    return this.#change(id, request, () => unrelate(request));
  }

  /** Appends a record to the ticket's orchestration plan. */
  plan(id: string, request: NewPlan & ChangeOptions): Promise<PlanRecord> {
    return this.#change(id, request, (author) => recordPlan({ ...request, author }));
  }

  /**
   * Changes a field that has no method of its own, such as `readiness`. If `from` is given, it
   * throws `conflict` unless the field holds that value.
   */
  setField(id: string, request: SetFieldRequest): Promise<TicketEvent> {
    return this.#change(id, request, (author) => changeField({ ...request, author }));
  }

  /**
   * Sets the priority, `P0` to `P3`; `null` for none. Throws `conflict` if that changes nothing.
   */
  setPriority(
    id: string,
    priority: Priority | null,
    request: ChangeOptions = {},
  ): Promise<TicketEvent> {
    return this.#change(id, request, (author) => setPriority(priority, author));
  }

  /** Assigns the ticket; `null` unassigns it. Throws `conflict` if that changes nothing. */
  assign(id: string, assignee: string | null, request: ChangeOptions = {}): Promise<TicketEvent> {
    return this.#change(id, request, (author) => assign(assignee, author));
  }

  /** Replaces the title, the body, or both. */
  editItem(id: string, request: EditRequest): Promise<TicketEvent> {
    return this.#change(id, request, (author) => editItem({ ...request, author }));
  }

  /**
   * The text of the whole `item.md`, for an edit that ends with {@linkcode
   * TicketStore.replaceItem}. Like every change, it first completes what a crash left undone, and
   * it fails for an author or an id with which that call would fail. A byte that is not UTF-8
   * appears as `\x` and two digits, for a person to replace with the character that was meant.
   */
  itemText(id: string, request: ChangeOptions = {}): Promise<string> {
    return this.#change(id, request, itemText, itemTextOfDamaged);
  }

  /**
   * Replaces the whole `item.md`, even one that cannot be read. Throws `conflict` when the file is
   * no longer `expected`, or when the new text changes what has a method of its own, such as the
   * state; `parse` when the new text is not valid.
   *
   * @returns `null` when the new text says the same, so that nothing was written.
   */
  replaceItem(
    id: string,
    newText: string,
    request: ReplaceItemRequest,
  ): Promise<TicketEvent | null> {
    const named = (author: string) => ({ text: newText, expected: request.expected, author });
    return this.#change<TicketEvent | null>(
      id,
      request,
      (author) => replaceItem(named(author)),
      (author) => repairItem(named(author)),
    );
  }

  /** Checks the request, then does it. Both failures come out of the promise. */
  async #change<Result>(
    id: string,
    request: ChangeOptions,
    makeOperation: (author: string) => Operation<Result>,
    makeRepair?: (author: string) => Repair<Result>,
  ): Promise<Result> {
    const author = this.#author(request);
    const operation = makeOperation(author);
    const repair = makeRepair?.(author);
    return await this.#writer.change(
      id,
      operation,
      this.#bounded({ signal: request.signal, repair }),
    );
  }

  async #blockersOf(id: string, request: RequestOptions): Promise<BlockerReading> {
    const { view, problems } = await this.#reader.relationView(id, request);
    return { blockers: view.blockers, problems };
  }

  #author(request: ChangeOptions): string {
    return request.author ?? this.#options.author ?? userName() ?? "unknown";
  }

  /** The same options, ended by the store's signal as well. */
  #bounded<Options extends RequestOptions>(options: Options): Options {
    const signals = [options.signal, this.#options.signal].filter((it) => it !== undefined);
    const signal = signals.length > 1 ? AbortSignal.any(signals) : signals[0];
    return { ...options, signal };
  }
}
