/** Opens a ticket for a change: operations and repairs see the same. @module */

import type { OpenTicket, UnreadTicket } from "./_change.ts";
import type { YamlParser } from "./frontmatter.ts";
import { escapeInvalidBytes } from "./_escaped_bytes.ts";
import { readItem } from "./item.ts";
import { splitItem } from "./item_file.ts";
import { itemPlaceOf } from "./_item_place.ts";
import { type Lags, lagsOf } from "./_lags.ts";
import { lastWritesIn } from "./_last_writes.ts";
import { decodeText } from "./_regular_file.ts";
import type { RootEntry } from "./root_scan.ts";
import { parseThread } from "./thread.ts";
import { TicketFolder } from "./_ticket_files.ts";
import { TicketError } from "./ticket_error.ts";
import { unlessRefused } from "./_unless_refused.ts";

/** The files of a ticket, before anything but the thread is understood. */
export function readFiles(root: string, entry: RootEntry, yaml: YamlParser): UnreadTicket {
  const folder = TicketFolder.of(root, entry);
  const { id, generation } = entry;
  const place = itemPlaceOf(root, entry);
  const bytes = folder.readItemBytes();
  const thread = folder.readThread();
  return {
    id,
    generation,
    folder: entry.folder,
    place,
    ...itemTextOf(bytes, place.path),
    thread: parseThread(thread?.text ?? ""),
    canAppend: thread?.isCut === false,
    readResolution: () => folder.readResolution(),
    yaml,
  };
}

function itemTextOf(bytes: Uint8Array, path: string): Pick<UnreadTicket, "text" | "noText"> {
  try {
    return { text: decodeText(bytes, path), noText: undefined };
  } catch (error) {
    if (!(error instanceof TicketError)) throw error;
    return { text: escapeInvalidBytes(bytes), noText: error };
  }
}

/**
 * A ticket whose `item.md` is understood.
 *
 * @throws {TicketError} `parse`.
 */
export function openTicket({ text, noText, ...ticket }: UnreadTicket): OpenTicket {
  if (noText !== undefined) throw noText;
  const { place, yaml } = ticket;
  const item = readItem(text, place, yaml);
  return { ...ticket, file: splitItem(text, place.path), item };
}

/** Whether {@linkcode openTicket} would fail. */
export function isDamaged({ text, noText, place, yaml }: UnreadTicket): boolean {
  return noText !== undefined ||
    unlessRefused(() => readItem(text, place, yaml), "parse") === undefined;
}

/** What crashes kept from an open ticket's item. */
export function lagsOfTicket(root: string, { item, thread, folder }: OpenTicket): Lags {
  return lagsOf(item, thread, () => lastWritesIn(`${root}/${folder}`));
}
