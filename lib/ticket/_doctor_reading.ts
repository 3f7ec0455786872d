/** @module */

import { LEGACY_FILE, PLANS_FILE, RELATIONS_FILE } from "./_ticket_layout.ts";
import { type GrownText, readGrownText } from "./_grown_text.ts";
import { listFolder } from "./_list_folder.ts";
import { isNoUtf8, lookAt, readRegularText } from "./_regular_file.ts";
import {
  type FileKind,
  type FolderEntry,
  type Reading,
  type RootFacts,
  type TicketFacts,
  valueOf,
} from "./_doctor_facts.ts";
import type { YamlParser } from "./frontmatter.ts";
import { readIdMap, recordIdsNamed } from "./_id_map.ts";
import { itemPlaceOf } from "./_item_place.ts";
import { readItem, type TicketItem } from "./item.ts";
import { type Lags, lagsOf, NO_LAGS } from "./_lags.ts";
import { lastWritesIn } from "./_last_writes.ts";
import { type Origin, parseLegacy } from "./_legacy_ticket.ts";
import { madeOf } from "./_migrate_move.ts";
import { byPath } from "./_order.ts";
import { parsePlans } from "./plan_file.ts";
import { detailOf } from "./_problem.ts";
import { REQUIRED_KEYS } from "./_required_keys.ts";
import { parseRelations } from "./relations_file.ts";
import { endsInLineFeed, endsInSeparator } from "./_text_line.ts";
import { isBucket, type RootEntry } from "./root_scan.ts";
import { parseThread, type Thread } from "./thread.ts";
import { TicketError } from "./ticket_error.ts";

/**
 * Reads a ticket once: its folders are listed, and every file that rules look at is opened once,
 * if it is a regular file of a sane size. What cannot be read becomes a fault among the facts.
 *
 * @returns `undefined` when the folder has no `item.md`, and so is no ticket, or has gone.
 */
export function readTicketFacts(
  root: string,
  entry: RootEntry,
  yaml: YamlParser,
): TicketFacts | undefined;
/** The same before the general parser is loaded: `"needs_yaml"` for a ticket that asks for it. */
export function readTicketFacts(
  root: string,
  entry: RootEntry,
  yaml: YamlParser | undefined,
): TicketFacts | "needs_yaml" | undefined;
export function readTicketFacts(
  root: string,
  entry: RootEntry,
  yaml?: YamlParser,
): TicketFacts | "needs_yaml" | undefined {
  const folder = `${root}/${entry.folder}`;
  const listing = attempt(() => entriesOf(folder, ""));
  // Moved by a migration, or removed, since the root was listed.
  const hasGone = () => {
    const look = attempt(() => lookAt(folder));
    return "value" in look && look.value === undefined;
  };
  if ("fault" in listing) return hasGone() ? undefined : unlistable(entry, listing);
  const files = listing.value;
  const kinds = new Map(files.map(({ path, kind }) => [path, kind]));
  if ((kinds.get("item.md") ?? "folder") === "folder") return undefined;

  const itemText = attempt(() => readRegularText(`${folder}/item.md`) ?? "");
  const reading = then(itemText, (text) => readItem(text, itemPlaceOf(root, entry), yaml));
  if ("value" in reading && reading.value === "needs_yaml") return "needs_yaml";
  if ("fault" in reading && hasGone()) return undefined;
  const item = reading as TicketFacts["item"];

  const hasThread = kinds.has("thread.md") && isReadable(kinds.get("thread.md"));
  const thread = hasThread ? readThread(folder) : undefined;
  const { found: artifacts, unlisted } = kinds.get("artifacts") === "folder"
    ? listTree(folder, "artifacts")
    : { found: [], unlisted: [] };
  const history = thread && then(thread, ({ text }) => parseThread(text));
  return {
    entry,
    files,
    artifacts,
    unlisted,
    itemText: textOf(itemText),
    item,
    missingBefore: missingBefore(folder, valueOf(item), artifacts),
    threadText: thread && valueOf(thread)?.text,
    thread: history,
    resolution: readResolution(folder, kinds.get("resolution.md")),
    isThreadCut: thread !== undefined && valueOf(thread)?.isCut === true,
    lags: lagsBetween(folder, valueOf(item), history && valueOf(history)),
    ...linksIn(folder, artifacts, entry.id),
  };
}

/** The files that link a ticket to others, as far as they are there. */
function linksIn(
  folder: string,
  artifacts: readonly FolderEntry[],
  ticketId: string,
): Pick<TicketFacts, "relationsText" | "relations" | "plansText" | "plans"> {
  const place = (file: string) => ({ path: `${folder}/${file}`, ticketId });
  const relations = readIfListed(folder, artifacts, RELATIONS_FILE);
  const plans = artifacts.some(({ path }) => path === PLANS_FILE)
    ? attempt(() => readGrownText(`${folder}/${PLANS_FILE}`, endsInLineFeed)?.text ?? "")
    : undefined;
  return {
    relationsText: relations && textOf(relations),
    relations: relations && then(relations, (text) => parseRelations(text, place(RELATIONS_FILE))),
    plansText: plans && textOf(plans),
    plans: plans && then(plans, (text) => parsePlans(text, place(PLANS_FILE))),
  };
}

/** Looked for only where something is missing: hardly any ticket has a reason. */
function missingBefore(
  folder: string,
  item: TicketItem | undefined,
  artifacts: readonly FolderEntry[],
): readonly string[] {
  if (!item || REQUIRED_KEYS.every((key) => (item.frontmatter[key] ?? "") !== "")) return [];
  const text = readIfListed(folder, artifacts, LEGACY_FILE);
  const legacy = parseLegacy(text && valueOf(text) || "");
  if (legacy === undefined) return [];
  // Where it is not known, the ticket gets the benefit of the doubt; a state was always written.
  return legacy.missing ?? REQUIRED_KEYS.filter((key) => key !== "state");
}

function lagsBetween(
  folder: string,
  item: TicketItem | undefined,
  thread: Thread | undefined,
): Lags {
  if (item === undefined || thread === undefined) return NO_LAGS;
  return lagsOf(item, thread, () => lastWritesIn(folder));
}

/** What the map of old ids says, or what is wrong with it. */
export function readMigrationFacts(
  root: string,
  entries: readonly RootEntry[],
  strays: readonly string[],
): Pick<RootFacts, "idMapFault" | "unfinishedMoves" | "leftParts" | "twins"> {
  const reading = attempt(() => readIdMap(root));
  if ("fault" in reading) {
    return { idMapFault: reading.fault, unfinishedMoves: [], leftParts: [], twins: [] };
  }
  const madeAs = (origin: Origin, old: readonly RootEntry[]) =>
    old.flatMap((entry) => {
      const ids = recordIdsNamed(reading.value, entry.id);
      const to = valueOf(attempt(() => madeOf(root, entry, ids, origin)));
      return to === undefined ? [] : [{ folder: entry.folder, to }];
    });
  const old = entries.filter(({ generation, folder }) =>
    generation !== "v3" && !strays.includes(folder)
  );
  return {
    idMapFault: undefined,
    unfinishedMoves: madeAs("same", old),
    leftParts: madeAs("same", strays.map(oldEntryAt)),
    twins: madeAs("twin", old),
  };
}

/** The ticket of an older generation that a folder would be. */
function oldEntryAt(folder: string): RootEntry {
  const [bucket = "", id] = folder.split("/");
  return id !== undefined && isBucket(bucket)
    ? { id, generation: "v1", folder, bucket }
    : { id: folder, generation: "v2", folder };
}

function unlistable(entry: RootEntry, fault: Fault): TicketFacts {
  return {
    entry,
    files: [],
    artifacts: [],
    unlisted: [""],
    itemText: "",
    item: fault,
    missingBefore: [],
    threadText: undefined,
    thread: undefined,
    resolution: undefined,
    isThreadCut: false,
    lags: NO_LAGS,
    relationsText: undefined,
    relations: undefined,
    plansText: undefined,
    plans: undefined,
  };
}

type Fault = Extract<Reading<never>, { fault: string }>;

/** What reading gives, or why it fails; mistakes of the program are not caught. */
function attempt<Value>(work: () => Value): Reading<Value> {
  try {
    return { value: work() };
  } catch (error) {
    if (!(error instanceof TicketError)) throw error;
    return { fault: detailOf(error), line: error.line ?? null };
  }
}

function then<From, To>(reading: Reading<From>, work: (value: From) => To): Reading<To> {
  return "fault" in reading ? reading : attempt(() => work(reading.value));
}

/** A link has a rule of its own. */
function readResolution(folder: string, kind: FileKind | undefined): Reading<string> | undefined {
  return kind === undefined || kind === "link" ? undefined : read(`${folder}/resolution.md`);
}

function readThread(folder: string): Reading<GrownText> {
  return attempt(() =>
    readGrownText(`${folder}/thread.md`, endsInSeparator) ?? { text: "", isCut: false }
  );
}

function read(path: string): Reading<string> {
  return attempt(() => readRegularText(path) ?? "");
}

function readIfListed(
  folder: string,
  artifacts: readonly FolderEntry[],
  file: string,
): Reading<string> | undefined {
  return artifacts.some(({ path }) => path === file) ? read(`${folder}/${file}`) : undefined;
}

function textOf(reading: Reading<string>): string {
  return "value" in reading ? reading.value : "";
}

/** A folder in the place of a file is no file; a link or a FIFO is one that cannot be read. */
function isReadable(kind: FileKind | undefined): boolean {
  return kind !== undefined && kind !== "folder";
}

/** Names at any depth; links are named and not followed, so there is no way round in a circle. */
function listTree(folder: string, top: string): { found: FolderEntry[]; unlisted: string[] } {
  const found: FolderEntry[] = [];
  const unlisted: string[] = [];
  const open = [top];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const path = next;
    const listing = attempt(() => entriesOf(folder, path));
    if ("fault" in listing) unlisted.push(path);
    for (const entry of "value" in listing ? listing.value : []) {
      found.push(entry);
      if (entry.kind === "folder") open.push(entry.path);
    }
  }
  return { found, unlisted };
}

function entriesOf(folder: string, inside: string): FolderEntry[] {
  const path = inside === "" ? folder : `${folder}/${inside}`;
  const prefix = inside === "" ? "" : `${inside}/`;
  const entries = listFolder(path).map((entry): FolderEntry => ({
    path: prefix + entry.name,
    kind: isNoUtf8(path, entry.name) ? "not_utf8" : kindOf(entry),
  }));
  return entries.sort(byPath);
}

function kindOf(entry: Deno.DirEntry): FileKind {
  if (entry.isFile) return "file";
  if (entry.isDirectory) return "folder";
  return entry.isSymlink ? "link" : "other";
}
