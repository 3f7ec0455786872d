/**
 * Which old ids and slugs became which record ids, kept inside the root by the migration.
 *
 * Source: tickets specification, section 1.8; decision 32.
 *
 * @module
 */

import { v3IdsOf } from "./_legacy_id.ts";
import { originOf, readLegacy } from "./_legacy_ticket.ts";
import { compareTexts } from "./_order.ts";
import { lookAt, readRegularText } from "./_regular_file.ts";
import { isRecordId } from "./record_id.ts";
import type { RootEntry } from "./root_scan.ts";
import { TicketError } from "./ticket_error.ts";
import { unlessRefused } from "./_unless_refused.ts";

/** Name of the map's file in a ticket root. */
export const ID_MAP_FILE = ".ticket-ids.json";

/** Old names of tickets that were migrated. */
export interface IdMap {
  /** Record id of each old id: of the first ticket that was migrated under it. */
  readonly ids: ReadonlyMap<string, string>;
  /** All record ids of each old id that several tickets had: v1 ids can look like those of v2. */
  readonly shared?: ReadonlyMap<string, readonly string[]>;
  /** Record ids of each slug: tickets may share one. */
  readonly slugs: ReadonlyMap<string, readonly string[]>;
}

/**
 * Reads a map.
 *
 * @param path For messages.
 * @throws {TicketError} `parse` when the text is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseIdMap, renderIdMap } from "./_id_map.ts";
 *
 * const text = renderIdMap({
 *   ids: new Map([["20260529-010200-cache-index", "00001KSRM16T0"]]),
 *   slugs: new Map([["cache-index", ["00001KSRM16T0"]]]),
 * });
 * assertEquals(parseIdMap(text, ".ticket-ids.json").slugs.get("cache-index"), ["00001KSRM16T0"]);
 * ```
 */
export function parseIdMap(text: string, path: string): IdMap {
  const document = parseJson(text, path);
  if (!isObject(document) || document["version"] !== 1) {
    throw TicketError.parse(path, "no map of ticket ids of version 1");
  }
  const { ids, slugs, shared = {} } = document;
  if (!isObject(ids) || !Object.values(ids).every(isId)) {
    throw TicketError.parse(path, '"ids" has to give a record id for each old id');
  }
  if (!isObject(slugs) || !Object.values(slugs).every(isIdList)) {
    throw TicketError.parse(path, '"slugs" has to give a list of record ids for each slug');
  }
  if (!isObject(shared) || !Object.values(shared).every(isIdList)) {
    throw TicketError.parse(path, '"shared" has to give a list of record ids for each old id');
  }
  const several = Object.entries(shared as Record<string, string[]>);
  return {
    ids: new Map(Object.entries(ids as Record<string, string>)),
    ...(several.length === 0 ? {} : { shared: new Map(several) }),
    slugs: new Map(Object.entries(slugs as Record<string, string[]>)),
  };
}

/** The text of a map's file: sorted, two blanks of indentation, with a final LF. */
export function renderIdMap(map: IdMap): string {
  const ids = Object.fromEntries([...map.ids].sort(byName));
  const several = [...map.shared ?? []].sort(byName);
  const shared = several.length === 0 ? {} : { shared: Object.fromEntries(several) };
  const slugs = Object.fromEntries([...map.slugs].sort(byName));
  return `${JSON.stringify({ version: 1, ids, ...shared, slugs }, undefined, 2)}\n`;
}

/** The record ids of an old id; several where tickets had the same one. */
export function recordIdsNamed(map: IdMap, oldId: string): readonly string[] {
  const id = map.ids.get(oldId);
  return map.shared?.get(oldId) ?? (id === undefined ? [] : [id]);
}

/**
 * The map of a root; an empty one where there is no such file.
 *
 * @throws {TicketError} `parse` when the file is damaged, `escapes_root` when it is a link, `io`.
 */
export function readIdMap(root: string): IdMap {
  const path = `${root}/${ID_MAP_FILE}`;
  const text = readRegularText(path);
  return text === undefined ? { ids: new Map(), slugs: new Map() } : parseIdMap(text, path);
}

/** A damaged map must not keep tickets from being found that have no need of it. */
export function readIdMapTolerantly(root: string): { map: IdMap; fault?: string } {
  try {
    return { map: readIdMap(root) };
  } catch (error) {
    if (!(error instanceof TicketError)) throw error;
    const fault = "the map of old ids cannot be read, see ticket doctor";
    return { map: { ids: new Map(), slugs: new Map() }, fault };
  }
}

/** Finds tickets by ids from before or after a migration, and by slugs. */
export class PresentIds {
  readonly #map: IdMap;
  readonly #isPresent: (id: string) => boolean;
  readonly #readSlugs: () => ReadonlyMap<string, readonly string[]>;
  /** Ids of v1 tickets by slug, read when nothing else explains a name. */
  #slugs: ReadonlyMap<string, readonly string[]> | undefined;
  /** Old id of each record id, made when it is asked for first. */
  #oldIds: ReadonlyMap<string, string> | undefined;

  /** @param readSlugs Gives the ids of tickets that are not migrated yet, by slug. */
  constructor(
    map: IdMap,
    isPresent: (id: string) => boolean,
    readSlugs: () => ReadonlyMap<string, readonly string[]>,
  ) {
    this.#map = map;
    this.#isPresent = isPresent;
    this.#readSlugs = readSlugs;
  }

  /** The id that a ticket has now; `undefined` when no ticket is meant, or several could be. */
  of(name: string): string | undefined {
    const meant = this.meantBy(name);
    return meant.length === 1 ? meant[0] : undefined;
  }

  /** The ids that the tickets which could be meant have now. */
  meantBy(name: string): readonly string[] {
    if (this.#isPresent(name)) return [name];
    this.#oldIds ??= oldIdsOf(this.#map);
    const old = this.#oldIds.get(name);
    const byId = [...recordIdsNamed(this.#map, name), ...old === undefined ? [] : [old]]
      .filter((id) => this.#isPresent(id));
    return byId.length > 0 ? byId : this.#bySlug(name);
  }

  #bySlug(name: string): readonly string[] {
    this.#slugs ??= this.#readSlugs();
    const ids = [...this.#slugs.get(name) ?? [], ...this.#map.slugs.get(name) ?? []];
    return [...new Set(ids)].filter((id) => this.#isPresent(id));
  }
}

function oldIdsOf({ ids, shared = new Map() }: IdMap): ReadonlyMap<string, string> {
  const several = [...shared].flatMap(([old, records]) =>
    records.map((record) => [record, old] as const)
  );
  return new Map([...[...ids].map(([old, record]) => [record, old] as const), ...several]);
}

/**
 * The record id of each older ticket: the one that a migration has given it, else the one that it
 * will get. That is the first free one; whatever lies in the root under such a name has it.
 *
 * @param entries All tickets of the root.
 * @throws {TicketError} `conflict` when no id is free.
 */
export function recordIdsOf(
  root: string,
  entries: readonly RootEntry[],
  known: IdMap,
): ReadonlyMap<string, string> {
  const old = entries.filter(({ generation }) => generation !== "v3");
  if (old.length === 0) return new Map();
  const given = new Set([...known.ids.values(), ...[...known.shared?.values() ?? []].flat()]);
  const kept = new Map(old.flatMap((entry) => {
    const recordId = recordIdsNamed(known, entry.id).find((id) => mayBecome(root, entry, id));
    return recordId === undefined ? [] : [[entry.id, recordId] as const];
  }));
  const fresh = old.filter(({ id }) => !kept.has(id));
  const computed = v3IdsOf(fresh, (id) => given.has(id) || lookAt(`${root}/${id}`) !== undefined);
  const pairs = old.flatMap(({ id }) => {
    const recordId = kept.get(id) ?? computed.get(id);
    return recordId === undefined ? [] : [[id, recordId] as const];
  });
  return new Map(pairs);
}

/** Whether an id that the map gives an old ticket is not that of another one with the same old id. */
function mayBecome(root: string, entry: RootEntry, recordId: string): boolean {
  // What cannot be read says nothing; a move looks there again, and tells why.
  const legacy = unlessRefused(() => readLegacy(root, recordId));
  return legacy?.id !== entry.id || originOf(legacy, entry) !== "other";
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw TicketError.parse(path, "not valid JSON", { cause });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isId(value: unknown): value is string {
  return typeof value === "string" && isRecordId(value);
}

function isIdList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isId);
}

function byName(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return compareTexts(a[0], b[0]);
}
