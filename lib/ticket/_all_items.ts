/** @module */

import { ItemReader } from "./_item_reader.ts";
import { type HeadOptions, readHeads } from "./_item_heads.ts";
import { problemOf } from "./_problem.ts";
import type { TicketItem } from "./item.ts";
import { type RootEntry, scanNames } from "./root_scan.ts";
import { TicketFolder } from "./_ticket_files.ts";
import type { TicketProblem } from "./ticket.ts";

/** A ticket whose `item.md` was understood. */
export interface ReadTicket {
  readonly entry: RootEntry;
  readonly item: TicketItem;
}

/** All tickets of a root. */
export interface AllItems {
  /** Every ticket, readable or not, sorted by id; some may turn out to have no `item.md`. */
  readonly entries: readonly RootEntry[];
  /** Sorted by id. */
  readonly tickets: readonly ReadTicket[];
  /** Sorted by path. */
  readonly problems: readonly TicketProblem[];
}

/**
 * Reads what the frontmatter of every ticket says.
 *
 * @throws {TicketError} `io` when the root cannot be listed; the signal's reason.
 */
export async function readAllItems(root: string, options: HeadOptions = {}): Promise<AllItems> {
  const scan = scanNames(root);
  const reader = new ItemReader(root);
  const items: (TicketItem | undefined)[] = new Array(scan.entries.length);
  const problems = [...scan.problems];
  // The text of what the quick way could not read, `null` where not even its head came out.
  const leftOver: { index: number; head: string | null }[] = [];
  const paths = scan.entries.map((entry) => `${root}/${entry.folder}/item.md`);
  await readHeads(paths, (index, head) => {
    const entry = scan.entries[index]!;
    if (head === null) {
      leftOver.push({ index, head });
      return;
    }
    try {
      const item = reader.read(head, entry);
      if (item === "needs_yaml") leftOver.push({ index, head });
      else items[index] = item;
    } catch (error) {
      problems.push(problemOf(error, root, `${entry.folder}/item.md`));
    }
  }, options);
  for (const { index, head } of leftOver) {
    const entry = scan.entries[index]!;
    try {
      const text = head ?? TicketFolder.of(root, entry).readText("item.md");
      if (text !== undefined) items[index] = await reader.readWithYaml(text, entry);
    } catch (error) {
      problems.push(problemOf(error, root, `${entry.folder}/item.md`));
    }
  }
  const tickets = scan.entries.flatMap((entry, index) => {
    const item = items[index];
    return item === undefined ? [] : [{ entry, item }];
  });
  return {
    entries: scan.entries,
    tickets,
    problems: problems.sort((a, b) => a.path < b.path ? -1 : 1),
  };
}
