/** @module */

import { ItemReader } from "./_item_reader.ts";
import { type HeadOptions, readHeads } from "./_item_heads.ts";
import { byPath } from "./_order.ts";
import { problemOf } from "./_problem.ts";
import type { TicketItem } from "./item.ts";
import { lookAt } from "./_regular_file.ts";
import { type RootEntry, scanNames } from "./root_scan.ts";
import { TicketFolder } from "./_ticket_files.ts";
import type { TicketProblem } from "./ticket.ts";

/** A ticket whose `item.md` was understood. */
export interface ReadTicket {
  readonly entry: RootEntry;
  readonly item: TicketItem;
}

/** What was read of all tickets of a root. */
export interface ItemReadings<Taken> {
  /** Every ticket, readable or not, sorted by id; some may turn out to have no `item.md`. */
  readonly entries: readonly RootEntry[];
  /** What was taken of the tickets, sorted by id. */
  readonly taken: readonly Taken[];
  /** Sorted by path. */
  readonly problems: readonly TicketProblem[];
}

/** All tickets of a root. */
export interface AllItems extends Omit<ItemReadings<ReadTicket>, "taken"> {
  /** Those whose `item.md` was understood, sorted by id. */
  readonly tickets: readonly ReadTicket[];
}

/**
 * Reads what the frontmatter of every ticket says.
 *
 * @throws {TicketError} `io` when the root cannot be listed; the signal's reason.
 */
export async function readAllItems(root: string, options: HeadOptions = {}): Promise<AllItems> {
  const { taken: tickets, ...rest } = await takeItems(root, (ticket) => ticket, options);
  return { ...rest, tickets };
}

/**
 * As {@linkcode readAllItems}, for callers who need a part of each ticket: what they do not take is
 * given up at once. To keep 10,000 whole items through a reading costs more than to parse them,
 * since the collector of young objects copies each of them twice.
 *
 * @param take Is called once for each ticket, in any order; `undefined` leaves it out.
 * @throws {TicketError} As {@linkcode readAllItems}.
 */
export async function takeItems<Taken>(
  root: string,
  take: (ticket: ReadTicket) => Taken | undefined,
  options: HeadOptions = {},
): Promise<ItemReadings<Taken>> {
  const reader = new ItemReader(root);
  const scan = scanNames(root);
  const reading = await readEntries(reader, { root, entries: scan.entries }, take, options);
  const problems = [...scan.problems, ...reading.problems];
  if (!reading.haveVanished) {
    const taken = reading.taken.filter((value) => value !== undefined);
    return { entries: scan.entries, taken, problems: problems.sort(byPath) };
  }
  // A migration beside us gives tickets new ids: a new folder is there before the old one goes.
  const known = new Set(scan.entries.map(({ id }) => id));
  const others = scanNames(root).entries.filter(({ id }) => !known.has(id));
  const more = await readEntries(reader, { root, entries: others }, take, options);
  const all = [...reading.taken, ...more.taken];
  const rows = [...scan.entries, ...others]
    .map((entry, index) => ({ entry, value: all[index] }))
    .sort((a, b) => a.entry.id < b.entry.id ? -1 : 1);
  return {
    entries: rows.map(({ entry }) => entry),
    taken: rows.flatMap(({ value }) => value === undefined ? [] : [value]),
    problems: [...problems, ...more.problems].sort(byPath),
  };
}

/** What was read of some entries. */
interface EntryReadings<Taken> {
  /** One for each entry, `undefined` for those that nothing was taken of. */
  readonly taken: readonly (Taken | undefined)[];
  readonly problems: readonly TicketProblem[];
  /** Whether folders that were listed have gone since. */
  readonly haveVanished: boolean;
}

async function readEntries<Taken>(
  reader: ItemReader,
  { root, entries }: { readonly root: string; readonly entries: readonly RootEntry[] },
  take: (ticket: ReadTicket) => Taken | undefined,
  options: HeadOptions,
): Promise<EntryReadings<Taken>> {
  const taken: (Taken | undefined)[] = new Array(entries.length).fill(undefined);
  const problems: TicketProblem[] = [];
  let haveVanished = false;
  // The text of what the quick way could not read, `null` where not even its head came out.
  const leftOver: { index: number; head: string | null }[] = [];
  const folders = entries.map((entry) => entry.folder);
  await readHeads({ root, folders }, (index, head) => {
    const entry = entries[index]!;
    if (head === null) {
      leftOver.push({ index, head });
      return;
    }
    try {
      const item = reader.read(head, entry);
      if (item === "needs_yaml") leftOver.push({ index, head });
      else taken[index] = take({ entry, item });
    } catch (error) {
      problems.push(problemOf(error, root, `${entry.folder}/item.md`));
    }
  }, options);
  for (const { index, head } of leftOver) {
    const entry = entries[index]!;
    try {
      const text = head ?? TicketFolder.of(root, entry).readText("item.md");
      if (text !== undefined) {
        taken[index] = take({ entry, item: await reader.readWithYaml(text, entry) });
      } else if (lookAt(`${root}/${entry.folder}`) === undefined) haveVanished = true;
    } catch (error) {
      problems.push(problemOf(error, root, `${entry.folder}/item.md`));
    }
  }
  return { taken, problems, haveVanished };
}
