/**
 * The objectives of a workspace on disk: `.yoi/objectives/<record id>/item.md`.
 *
 * Source: tickets specification, section 10.1.
 *
 * @module
 */

import { recordClock, timestamp } from "./_timestamp.ts";
import { dirname, join } from "@std/path";
import { listFolder } from "./_list_folder.ts";
import { findObjective } from "./_objective_lookup.ts";
import { type ObjectiveFinding, objectiveFindings } from "./_objective_rules.ts";
import { Disk } from "./disk.ts";
import { checkTitle } from "./_field_limits.ts";
import { loadYaml } from "./frontmatter.ts";
import { newRecordId } from "./_free_record_id.ts";
import type { PresentIds } from "./_id_map.ts";
import { ambiguityOf, findExactly, namesOfTickets } from "./_lookup.ts";
import {
  newObjectiveText,
  type Objective,
  type ObjectiveRow,
  type ObjectiveState,
  readObjective,
} from "./objective.ts";
import { compareTexts } from "./_order.ts";
import { detailOf } from "./_problem.ts";
import { checkRecordId, isRecordId } from "./record_id.ts";
import { lookAt } from "./_regular_file.ts";
import { rootPath } from "./_root_path.ts";
import { TicketFolder } from "./_ticket_files.ts";
import type { Diagnostic, TicketProblem } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";
import { unlessRefused } from "./_unless_refused.ts";

/** Options of an `ObjectiveStore`. */
export interface ObjectiveStoreOptions {
  /** Root of the linked tickets. Default: the folder `tickets` beside the objectives. */
  readonly ticketRoot?: string | undefined;
  /** Milliseconds since 1970. Default: the clock. */
  readonly now?: (() => number) | undefined;
  /** Whether a change has reached the disk when its call returns. Default `true`. */
  readonly durable?: boolean | undefined;
}

/** A list of objectives. */
export interface ObjectiveList {
  /** The last changed first, then by id. */
  readonly objectives: readonly ObjectiveRow[];
  /** Every record that could not be read, whatever the filter. */
  readonly problems: readonly TicketProblem[];
}

/** The doctor's report on a folder of objectives. */
export interface ObjectiveReport {
  /** Whether there is no error; warnings do not count. */
  readonly ok: boolean;
  /** Sorted by folder name. */
  readonly diagnostics: readonly ObjectiveDiagnostic[];
}

/** A finding about an objective: `ticket` is always `null`. */
export interface ObjectiveDiagnostic extends Diagnostic {
  /** Folder name. */
  readonly objective: string;
}

/**
 * The objectives of a workspace. Opening reads nothing; every call reads the files anew.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ObjectiveStore } from "@yoi/yoi/tickets";
 *
 * const workspace = await Deno.makeTempDir();
 * const store = ObjectiveStore.open(`${workspace}/.yoi/objectives`);
 * const id = await store.create({ title: "Faster search" });
 * assertEquals((await store.show(id)).state, "active");
 * assertEquals(await store.doctor(), { ok: true, diagnostics: [] });
 * await Deno.remove(workspace, { recursive: true });
 * ```
 */
export class ObjectiveStore {
  /** Folder of the objectives, absolute. */
  readonly root: string;
  readonly #ticketRoot: string;
  readonly #now: () => number;
  readonly #disk: Disk;

  private constructor(root: string, options: ObjectiveStoreOptions) {
    this.root = root;
    this.#ticketRoot = rootPath(options.ticketRoot ?? join(dirname(root), "tickets"));
    this.#now = recordClock(options.now ?? Date.now);
    this.#disk = new Disk(root, { durable: options.durable ?? true });
  }

  /**
   * The objectives in a folder, which need not exist.
   *
   * @param root As for `TicketStore.open()`; throws the same errors.
   */
  static open(root: string | URL, options: ObjectiveStoreOptions = {}): ObjectiveStore {
    return new ObjectiveStore(rootPath(root), options);
  }

  /**
   * Creates an active objective and returns its id.
   *
   * @param input Its title, and the tickets to link, in this order; repeats are allowed. An old id
   * or a slug is stored as the present id of its ticket.
   * @throws {TicketError} `conflict` for a title or a link that cannot be stored; `not_found` for a
   * ticket that does not exist; `io`.
   * @throws {TypeError} For a link that is not a string.
   */
  async create(
    input: { readonly title: string; readonly tickets?: readonly string[] | undefined },
  ): Promise<string> {
    const title = checkTitle(input.title.trim());
    const tickets = linkNames(this.#ticketRoot);
    const links = (input.tickets ?? []).map((link) => idOfLink(link, tickets));
    const now = this.#now();
    const text = newObjectiveText(title, links, timestamp(now));
    await this.#disk.makeRoot();
    // Complete under a name that nobody reads, then renamed: there is no half-made objective.
    const staging = `.${crypto.randomUUID()}${STAGING_SUFFIX}`;
    try {
      await this.#disk.makeFolder(staging);
      await this.#disk.createFile(`${staging}/item.md`, text);
      return await this.#publish(staging, now);
    } catch (error) {
      await this.#disk.remove(staging);
      throw error;
    }
  }

  /** Lists objectives: all, or those in one state. Unreadable ones are reported, never thrown. */
  async list(
    options: { readonly state?: ObjectiveState | "all" | undefined } = {},
  ): Promise<ObjectiveList> {
    const { state = "all" } = options;
    const objectives: ObjectiveRow[] = [];
    const problems: TicketProblem[] = [];
    for (const name of this.#names().folders) {
      try {
        const { id, title, state: own, updatedAt, linkedTickets } = await this.#read(name);
        if (state !== "all" && own !== state) continue;
        objectives.push({ id, title, state: own, updatedAt, linkedTickets });
      } catch (error) {
        if (!(error instanceof TicketError)) throw error;
        problems.push({ path: name, reason: detailOf(error) });
      }
    }
    objectives.sort((a, b) => compareTexts(b.updatedAt, a.updatedAt) || compareTexts(a.id, b.id));
    return { objectives, problems };
  }

  /**
   * One objective.
   *
   * @param query Its id, or a unique prefix of it.
   * @throws {TicketError} `invalid_component`, `not_found`, `parse`, `escapes_root`, `io`.
   */
  async show(query: string): Promise<Objective> {
    const names = listFolder(this.root).map(({ name }) => name);
    return await this.#read(findObjective(query, names));
  }

  /** Checks every objective; changes nothing. A folder that does not exist has no problems. */
  async doctor(): Promise<ObjectiveReport> {
    const { folders, strays, leftovers } = this.#names();
    const tickets = linkNames(this.#ticketRoot);
    const diagnostics = [
      ...await Promise.all(folders.map((name) => this.#diagnose(name, tickets))),
      ...strays.map((name) => [this.#diagnostic(name, name, STRAY)]),
      ...leftovers.map((name) => [this.#diagnostic(name, name, LEFTOVER)]),
    ].flat().sort((a, b) => compareTexts(a.objective, b.objective));
    return { ok: diagnostics.every(({ severity }) => severity !== "error"), diagnostics };
  }

  async #diagnose(name: string, tickets: PresentIds): Promise<ObjectiveDiagnostic[]> {
    try {
      const objective = await this.#read(name);
      const findings = objectiveFindings(objective, (link) => tickets.of(link));
      return findings.map((finding) => this.#diagnostic(name, `${name}/item.md`, finding));
    } catch (error) {
      if (!(error instanceof TicketError)) throw error;
      const message = detailOf(error);
      const line = error.line ?? null;
      const finding = { code: "unreadable_objective", severity: "error", message } as const;
      const path = isRecordId(name) ? `${name}/item.md` : name;
      return [{ ...this.#diagnostic(name, path, finding), line }];
    }
  }

  #diagnostic(objective: string, path: string, finding: ObjectiveFinding): ObjectiveDiagnostic {
    return { ...finding, path: join(this.root, path), line: null, ticket: null, objective };
  }

  /** Names in the folder, sorted; what else begins with a dot is nobody's business. */
  #names(): { folders: string[]; strays: string[]; leftovers: string[] } {
    const entries = listFolder(this.root).sort((a, b) => compareTexts(a.name, b.name));
    const shown = entries.filter(({ name }) => !name.startsWith("."));
    const namesOf = (some: readonly Deno.DirEntry[]) => some.map(({ name }) => name);
    return {
      folders: namesOf(shown.filter(({ isFile }) => !isFile)),
      strays: namesOf(shown.filter(({ isFile }) => isFile)),
      leftovers: namesOf(entries.filter(({ name }) => LEFTOVER_NAME.test(name))),
    };
  }

  /**
   * Reads one objective.
   *
   * @throws {TicketError} Also for a name that is no record id, and for links in the place of folders
   * and files: what they point to belongs to someone else.
   */
  async #read(name: string): Promise<Objective> {
    const fault = checkRecordId(name);
    if (fault) throw TicketError.parse(`${this.root}/${name}`, fault.message);
    const folder = TicketFolder.atTop(this.root, name);
    const place = { id: name, path: `${folder.path}/item.md` };
    const text = folder.readText("item.md");
    if (text === undefined) throw TicketError.parse(place.path, "the file is missing");
    const objective = readObjective(text, place);
    return objective === "needs_yaml" ? readObjective(text, place, await loadYaml()) : objective;
  }

  /** Gives a folder the first id from `now` on that nobody has. */
  async #publish(staging: string, now: number): Promise<string> {
    for (;;) {
      const id = newRecordId(this.root, now);
      try {
        await this.#disk.rename(staging, id);
        return id;
      } catch (error) {
        // Another process may have taken the id since we looked.
        if (lookAt(`${this.root}/${id}`) === undefined) throw error;
      }
    }
  }
}

/** The names that links may use; what can be no folder's name, or is one of a link, is none. */
function linkNames(ticketRoot: string): PresentIds {
  const isPresent = (id: string) => unlessRefused(() => findExactly(ticketRoot, id)) !== undefined;
  return namesOfTickets(ticketRoot, isPresent);
}

/** The id that a new link stores. */
function idOfLink(link: string, tickets: PresentIds): string {
  // A list of one id would be found like the id, and be written as a list.
  if (typeof link !== "string") throw new TypeError("Cannot link to a value that is not a string");
  const [id, ...others] = tickets.meantBy(link);
  if (others.length > 0) throw TicketError.notFound(link, ambiguityOf(tickets.meantBy(link)));
  const fault = checkRecordId(id ?? link);
  if (fault === undefined && id !== undefined) return id;
  if (fault === undefined) throw TicketError.notFound(link);
  const detail = id === undefined
    ? fault.message
    : "run `yoi ticket migrate` before you link to it";
  throw TicketError.conflict(`linked ticket ${JSON.stringify(link)}: ${detail}`);
}

const STAGING_SUFFIX = ".new";

const STRAY: ObjectiveFinding = {
  code: "stray_entry",
  severity: "warning",
  message: "not a folder, so no objective: move it elsewhere",
};

const LEFTOVER: ObjectiveFinding = {
  code: "leftover_staging",
  severity: "warning",
  message: "left by a creation that was interrupted: remove it unless one is running",
};

const LEFTOVER_NAME = /^\.[0-9a-f-]{36}\.new$/;
