/**
 * Finds a ticket by what somebody calls it. Writers name exactly one id; readers may also use the
 * beginning of an id, a slug, or a name from before or after a migration.
 *
 * Source: tickets specification, sections 1.7, 1.8 and 7.1; section 3 of the ticket issue.
 *
 * @module
 */

import { lookAt } from "./_regular_file.ts";
import {
  type IdMap,
  PresentIds,
  readIdMapTolerantly,
  recordIdsNamed,
  recordIdsOf,
} from "./_id_map.ts";
import { isDatedId, v1IdParts } from "./_legacy_id.ts";
import { checkRecordId, isRecordId } from "./record_id.ts";
import { BUCKETS, hasItem, type RootEntry, scanRoot } from "./root_scan.ts";
import { slugsOfTickets } from "./_slugs.ts";
import { TicketError } from "./ticket_error.ts";
import { unlessRefused } from "./_unless_refused.ts";

/** Candidates that the message about an ambiguous name tells. */
const NAMED_CANDIDATES = 5;

/**
 * The ticket with exactly this id.
 *
 * @throws {TicketError} `invalid_component` for a text that can be no folder's name, `not_found`,
 * `escapes_root` when its folder is a link, `io`.
 *
 * @example
 * ```ts
 * import { assertStringIncludes, assertThrows } from "@std/assert";
 * import { findTicket } from "./_lookup.ts";
 *
 * const failure = (id: string) => assertThrows(() => findTicket("/nowhere", id)).message;
 * assertStringIncludes(failure("../secrets"), "invalid ticket filename component: ../secrets");
 * assertStringIncludes(failure("00001KT07NV00"), "ticket not found: 00001KT07NV00");
 * ```
 */
export function findTicket(root: string, id: string): RootEntry {
  const entry = findExactly(root, id);
  if (entry) return entry;
  const fault = v1IdParts(id) ? undefined : checkRecordId(id)?.message;
  throw TicketError.notFound(id, fault);
}

/** As {@linkcode findTicket}, `undefined` in place of `not_found`. */
export function findExactly(root: string, id: string): RootEntry | undefined {
  checkComponent(id);
  const generation = isRecordId(id) ? "v3" : isDatedId(id) ? "v2" : undefined;
  if (generation && isTicketFolder(root, id)) return { id, generation, folder: id };
  for (const bucket of BUCKETS) {
    const folder = `${bucket}/${id}`;
    if (!isTicketFolder(root, bucket, folder)) continue;
    return { id, generation: "v1", bucket, folder };
  }
  return undefined;
}

/** As {@linkcode findTicket}; who uses another of its names is told the id, or those it could be. */
export function findForWriting(root: string, id: string): RootEntry {
  try {
    return findTicket(root, id);
  } catch (error) {
    if (!(error instanceof TicketError) || error.code !== "not_found") throw error;
    const hint = wholeIdHint(root, id);
    throw hint === undefined ? error : TicketError.notFound(id, hint);
  }
}

/** What is said to a writer whose name for a ticket is nobody's id; `undefined` without a word to say. */
export function wholeIdHint(root: string, name: string): string | undefined {
  // Whoever asks has an error of their own already.
  const found = unlessRefused(() => ticketsMeantBy(root, name));
  const ids = found?.meant.map(({ id }) => id) ?? [];
  if (ids.length > 1) return ambiguityOf(ids);
  return ids.length === 1 ? `its whole id is ${ids[0]}` : found?.fault;
}

/**
 * The ticket that a reader means: in this order, the exact id, an id from before the migration, the
 * id that an older ticket will have after it, a slug, the beginning of one of these ids.
 *
 * @throws {TicketError} As {@linkcode findTicket}; `not_found` also for what means several tickets.
 */
export function resolveTicket(root: string, query: string): RootEntry {
  const exact = findExactly(root, query);
  if (exact) return exact;
  const { meant, fault } = ticketsMeantBy(root, query);
  if (meant.length === 1) return meant[0]!;
  const ids = meant.map(({ id }) => id);
  throw TicketError.notFound(query, ids.length > 1 ? ambiguityOf(ids) : fault);
}

/** The tickets that a name which is nobody's id could mean; `fault` of the map of old ids. */
function ticketsMeantBy(
  root: string,
  query: string,
): { meant: readonly RootEntry[]; fault: string | undefined } {
  const { entries } = scanRoot(root);
  const { map, fault } = readIdMapTolerantly(root);
  const names = new Names(entries, map, futureIds(root, entries, map));
  const byPrefix = names.byPrefix(query);
  // Slugs of v1 stand in the tickets: those are read only for what nothing else explains.
  const slugs = byPrefix.length === 0 ? slugsOfTickets(root, entries) : names.slugsInIds();
  const byName = [names.byOldId(query), names.bySlug(query, slugs), byPrefix];
  return { meant: byName.find((meant) => meant.length > 0) ?? [], fault };
}

/**
 * The names that the tickets of a root go by, as its files are at this moment.
 *
 * @param isPresent Whether a ticket has exactly this id. Default: as {@linkcode findExactly}.
 */
export function namesOfTickets(
  root: string,
  isPresent = (id: string) => findExactly(root, id) !== undefined,
): PresentIds {
  const { map } = readIdMapTolerantly(root);
  return new PresentIds(map, isPresent, () => slugsOfTickets(root, scanRoot(root).entries));
}

/** The id of the ticket that {@linkcode resolveTicket} finds. */
export function resolveId(root: string, query: string): string {
  return resolveTicket(root, query).id;
}

/** Throws where a text can be no name of a folder. */
function checkComponent(name: string): void {
  if (name === "" || name === "." || name === ".." || /[/\\\0]/.test(name)) {
    throw TicketError.invalidComponent(name);
  }
}

/** The names that the tickets of a root go by. */
class Names {
  readonly #entries: readonly RootEntry[];
  readonly #map: IdMap;
  readonly #byId: ReadonlyMap<string, RootEntry>;
  /** Every id beside the tickets' own: old ones, and those of after the migration. */
  readonly #otherIds: ReadonlyMap<string, readonly RootEntry[]>;

  constructor(
    entries: readonly RootEntry[],
    map: IdMap,
    recordIds: ReadonlyMap<string, string>,
  ) {
    this.#entries = entries;
    this.#map = map;
    this.#byId = new Map(entries.map((entry) => [entry.id, entry]));
    const otherIds = [
      ...[...map.ids.keys()].map((id) => [id, recordIdsNamed(map, id)] as const),
      ...[...recordIds].map(([id, recordId]) => [recordId, [id]] as const),
    ];
    this.#otherIds = new Map(otherIds.map(([name, ids]) => [name, this.#present(ids)]));
  }

  byOldId(query: string): readonly RootEntry[] {
    return this.#otherIds.get(query) ?? [];
  }

  /** @param own Ids of tickets that are not migrated yet, by slug. */
  bySlug(query: string, own: ReadonlyMap<string, readonly string[]>): RootEntry[] {
    const ids = [...own.get(query) ?? [], ...this.#map.slugs.get(query) ?? []];
    return [...new Set(this.#present(ids))];
  }

  /** Slugs as far as ids tell them. */
  slugsInIds(): ReadonlyMap<string, readonly string[]> {
    const old = this.#entries.filter(({ generation }) => generation === "v1");
    return Map.groupBy(old.map(({ id }) => id), (id) => v1IdParts(id)?.slug ?? "");
  }

  byPrefix(query: string): RootEntry[] {
    const own = this.#entries.filter(({ id }) => id.startsWith(query));
    const other = [...this.#otherIds].filter(([id]) => id.startsWith(query));
    return [...new Set([...own, ...other.flatMap(([, meant]) => meant)])];
  }

  #present(ids: readonly string[]): RootEntry[] {
    return ids.flatMap((id) => this.#byId.get(id) ?? []);
  }
}

/** The id that a ticket has after a migration; `null` where none can be computed. */
export function recordIdOf(
  root: string,
  entry: RootEntry,
  entries: readonly RootEntry[],
): string | null {
  return recordIdsIn(root, entries)(entry);
}

/** As {@linkcode recordIdOf}, for one ticket after the other: what decides is read once. */
export function recordIdsIn(
  root: string,
  entries: readonly RootEntry[],
): (entry: RootEntry) => string | null {
  let ids: ReadonlyMap<string, string> | undefined;
  return ({ id, generation }) => {
    if (generation === "v3") return id;
    ids ??= futureIds(root, entries, readIdMapTolerantly(root).map);
    return ids.get(id) ?? null;
  };
}

/** Record ids after a migration of this root, by id; empty where the root cannot be migrated. */
function futureIds(
  root: string,
  entries: readonly RootEntry[],
  map: IdMap,
): ReadonlyMap<string, string> {
  return unlessRefused(() => recordIdsOf(root, entries, map), "conflict") ?? new Map();
}

function isTicketFolder(root: string, ...steps: string[]): boolean {
  for (const step of steps) {
    const path = `${root}/${step}`;
    const info = lookAt(path);
    if (info?.isSymlink) throw TicketError.escapesRoot(path);
    if (!info?.isDirectory) return false;
  }
  return hasItem(`${root}/${steps.at(-1)}`);
}

/** What a refusal says of a name that could mean several tickets. */
export function ambiguityOf(ids: readonly string[]): string {
  const named = [...ids].sort().slice(0, NAMED_CANDIDATES).join(", ");
  const rest = ids.length - NAMED_CANDIDATES;
  return `it could be ${named}${rest > 0 ? ` and ${rest} more` : ""}`;
}
