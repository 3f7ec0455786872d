/**
 * What lies in a ticket root, of whichever generations.
 *
 * Source: tickets specification, sections 1.2 and 1.3; rows 3 and 10 of section 12.
 *
 * @module
 */

import { isTemporarySibling } from "../file/write_whole.ts";
import { listFolder } from "./_list_folder.ts";
import { byPath } from "./_order.ts";
import { isNoUtf8, lookAt } from "./_regular_file.ts";
import { isDatedId, v1IdParts } from "./_legacy_id.ts";
import { checkRecordId, isRecordId } from "./record_id.ts";
import type { Generation, TicketProblem } from "./ticket.ts";
import { TicketError } from "./ticket_error.ts";

/** Folders of generation v1 that hold the tickets of one status, in the order of lookups. */
export const BUCKETS = ["open", "pending", "closed"] as const;

/** Name of a v1 folder, which is the status of the tickets in it. */
export type Bucket = typeof BUCKETS[number];

/** Where a ticket lies. */
export interface RootEntry {
  /** Name of its folder. */
  readonly id: string;
  /** How it lies on disk. */
  readonly generation: Generation;
  /** Only of v1. */
  readonly bucket?: Bucket;
  /** Its folder, relative to the root. */
  readonly folder: string;
}

/**
 * What an entry of a root is, if it is not the folder of a ticket:
 * - `stray_file`, `stray_folder`: nothing known (the folder has no `item.md`);
 * - `temporary`: left behind by a write that was cut off;
 * - `staging`: a ticket that was being made;
 * - `link`: a symbolic link, which is not followed;
 * - `invalid_record`: a folder with an `item.md` and a name that is no id;
 * - `legacy_bucket`: a folder of generation v1;
 * - `duplicate_id`: a second ticket with the same id;
 * - `shared_id`: the same of another generation: v1 ids can look like those of v2;
 * - `not_utf8`: a name that is no UTF-8, and so cannot be looked at;
 * - `locked`: a folder that the system lets nobody look into.
 */
export type OddityKind =
  | "stray_file"
  | "stray_folder"
  | "temporary"
  | "staging"
  | "link"
  | "invalid_record"
  | "legacy_bucket"
  | "duplicate_id"
  | "shared_id"
  | "not_utf8"
  | "locked";

/** Something in a root that is no readable ticket. */
export interface RootOddity {
  /** Relative to the root. */
  readonly path: string;
  /** Of what kind. */
  readonly kind: OddityKind;
  /** In words, for people. */
  readonly reason: string;
}

/** What lies in a root. */
export interface RootScan {
  /** Every ticket, sorted by id bytewise. */
  readonly entries: readonly RootEntry[];
  /** Records that are not among `entries`, since their place or name keeps them from being read. */
  readonly problems: readonly TicketProblem[];
  /** For the doctor. */
  readonly oddities: readonly RootOddity[];
}

/**
 * Looks through a root. Links are not followed, a missing root is empty.
 *
 * @throws {TicketError} `io` when the root is there and cannot be listed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { scanRoot } from "./root_scan.ts";
 *
 * const root = Deno.makeTempDirSync();
 * Deno.mkdirSync(`${root}/00001KT07NV00`);
 * Deno.writeTextFileSync(`${root}/00001KT07NV00/item.md`, "");
 * assertEquals(scanRoot(root).entries.map(({ id, generation }) => [id, generation]), [
 *   ["00001KT07NV00", "v3"],
 * ]);
 * Deno.removeSync(root, { recursive: true });
 * ```
 */
export function scanRoot(root: string): RootScan {
  const { entries, problems, oddities } = scanNames(root);
  const strays: RootOddity[] = [];
  const tickets = entries.filter((entry) => {
    if (hasItem(`${root}/${entry.folder}`)) return true;
    strays.push(strayFolder(entry.folder));
    return false;
  });
  return { entries: tickets, problems, oddities: [...oddities, ...strays].sort(byPath) };
}

/**
 * As {@linkcode scanRoot}, by names alone where they say enough: some of the entries may turn out to
 * have no `item.md`. Whoever reads that file next saves a look at each of 10,000.
 */
export function scanNames(root: string): RootScan {
  const found = new Findings();
  for (const item of listFolder(root)) {
    const { name, isDirectory } = item;
    if (isDirectory && isRecordId(name)) found.recordIds.push(name);
    else if (isNoUtf8(root, name)) found.refuse(name, "not_utf8", NO_UTF8);
    else if (isDirectory && isBucket(name)) scanBucket(root, name, found);
    else if (name.startsWith(".")) lookAtHidden(name, found);
    else if (isDirectory) sortFolder(root, name, found);
    else passOver(name, item, found);
  }
  return found.toScan();
}

/** Whether a name in a root is one of the three buckets of v1. */
export function isBucket(name: string): name is Bucket {
  return (BUCKETS as readonly string[]).includes(name);
}

/**
 * Whether a file called `item.md` lies in a folder. A link or FIFO counts, and so does one that
 * nobody may look at: its reader refuses it.
 */
export function hasItem(folder: string): boolean {
  return lookForItem(folder) !== "no";
}

/** What a look for an `item.md` finds; `"locked"` when the system refuses to say. */
function lookForItem(folder: string): "yes" | "no" | "locked" {
  try {
    const info = lookAt(`${folder}/item.md`);
    return info !== undefined && !info.isDirectory ? "yes" : "no";
  } catch (error) {
    if (error instanceof TicketError && error.code === "io") return "locked";
    throw error;
  }
}

/** Collects what a scan finds. */
class Findings {
  /** Folders of v3: names alone, which engines sort in half the time that entries take. */
  readonly recordIds: string[] = [];
  /** Those of older generations. */
  readonly olderEntries: RootEntry[] = [];
  readonly problems: TicketProblem[] = [];
  readonly oddities: RootOddity[] = [];

  /** Notes something that is a record but cannot be read. */
  refuse(path: string, kind: OddityKind, reason: string): void {
    this.problems.push({ path, reason });
    this.oddities.push({ path, kind, reason });
  }

  toScan(): RootScan {
    const newest: readonly RootEntry[] = this.recordIds.sort()
      .map((id) => ({ id, generation: "v3", folder: id }));
    // Names in one folder are different, so that only older ones can bring an id a second time.
    const entries = this.olderEntries.length === 0
      ? newest
      : this.#withoutDoubles([...newest, ...this.olderEntries]);
    this.problems.sort(byPath);
    this.oddities.sort(byPath);
    return { entries, problems: this.problems, oddities: this.oddities };
  }

  #withoutDoubles(entries: readonly RootEntry[]): RootEntry[] {
    const sorted = entries.toSorted((a, b) => a.id < b.id ? -1 : a.id > b.id ? 1 : byBucket(a, b));
    return sorted.filter((entry, index) => {
      const first = sorted[index - 1];
      if (first?.id !== entry.id) return true;
      const kind = first.generation === entry.generation ? "duplicate_id" : "shared_id";
      this.refuse(entry.folder, kind, kind === "shared_id" ? SHARED_ID : DUPLICATE_ID);
      return false;
    });
  }
}

function sortFolder(root: string, name: string, found: Findings): void {
  if (isDatedId(name)) found.olderEntries.push({ id: name, generation: "v2", folder: name });
  else sortMisnamed(name, lookForItem(`${root}/${name}`), found);
}

function sortMisnamed(name: string, item: ReturnType<typeof lookForItem>, found: Findings): void {
  if (item === "yes") found.refuse(name, "invalid_record", faultOfName(name));
  else if (item === "locked") found.refuse(name, "locked", LOCKED);
  else found.oddities.push(strayFolder(name));
}

function scanBucket(root: string, bucket: Bucket, found: Findings): void {
  found.oddities.push({
    path: bucket,
    kind: "legacy_bucket",
    reason: "a folder of the first generation of ticket roots",
  });
  for (const item of listTolerantly(root, bucket, found)) {
    const folder = `${bucket}/${item.name}`;
    if (isNoUtf8(`${root}/${bucket}`, item.name)) {
      found.refuse(folder, "not_utf8", NO_UTF8);
    } else if (item.name.startsWith(".")) {
      lookAtHidden(folder, found);
    } else if (item.name === "item.md") {
      found.refuse(bucket, "invalid_record", "a folder of old tickets holds an item.md itself");
    } else if (!item.isDirectory) {
      passOver(folder, item, found);
    } else if (!hasItem(`${root}/${folder}`)) {
      found.oddities.push(strayFolder(folder));
    } else {
      // Whatever the name: in a bucket, a folder with an item is a ticket.
      found.olderEntries.push({ id: item.name, generation: "v1", bucket, folder });
    }
  }
}

/** A bucket that cannot be listed keeps nobody from the rest of the root. */
function listTolerantly(root: string, bucket: string, found: Findings): Deno.DirEntry[] {
  try {
    return listFolder(`${root}/${bucket}`);
  } catch (error) {
    if (!(error instanceof TicketError)) throw error;
    found.refuse(bucket, "locked", LOCKED);
    return [];
  }
}

const DUPLICATE_ID = "another folder of this root has the same id";
const SHARED_ID = "a ticket of another generation has the same id: " +
  "with a migration each gets an id of its own";

const NO_UTF8 = "its name is not UTF-8";

const LOCKED = "a folder that may not be looked into";

/** Names that begin with a point are nobody's tickets; leftovers among them are worth a word. */
function lookAtHidden(path: string, found: Findings): void {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (isLeftover(name)) {
    found.oddities.push({ path, kind: "temporary", reason: "left behind by a write" });
  } else if (/^\..+\.new$/s.test(name)) {
    found.oddities.push({ path, kind: "staging", reason: "a ticket that was not finished" });
  }
}

/** Whether a name looks like that of a temporary file, our own or the reference's. */
export function isLeftover(name: string): boolean {
  return isTemporarySibling(name) || /^\..+\.tmp\.\d+$/s.test(name);
}

/**
 * Whether a name can only be that of a temporary file: our own are unmistakable, of the reference's
 * those of files that it writes.
 */
export function isWriterLeftover(name: string): boolean {
  return isTemporarySibling(name) ||
    /^\.(?:item\.md|thread\.md|resolution\.md|\.gitkeep)\.tmp\.\d+$/.test(name);
}

function passOver(path: string, item: Deno.DirEntry, found: Findings): void {
  if (item.isSymlink) {
    found.refuse(path, "link", "a symbolic link, and links are not followed");
  } else {
    const reason = item.isFile ? "a file that belongs to no ticket" : "neither a file nor a folder";
    found.oddities.push({ path, kind: "stray_file", reason });
  }
}

function strayFolder(path: string): RootOddity {
  return { path, kind: "stray_folder", reason: "a folder without item.md" };
}

function faultOfName(name: string): string {
  if (v1IdParts(name)) return "an id of the first generation outside open, pending and closed";
  return checkRecordId(name)?.message ?? "the name is not a ticket id";
}

function byBucket(a: RootEntry, b: RootEntry): number {
  const rank = ({ bucket }: RootEntry) => bucket === undefined ? -1 : BUCKETS.indexOf(bucket);
  return rank(a) - rank(b);
}
