/**
 * The merge driver that git calls when two branches changed the same file of a ticket.
 *
 * Source: decision 30; `gitattributes`, "Defining a custom merge driver".
 *
 * @module
 */

import {
  ITEM_FILE,
  LEGACY_NAME,
  PLANS_NAME,
  RELATIONS_NAME,
  RESOLUTION_FILE,
  THREAD_FILE,
} from "./_ticket_layout.ts";
import { writeWhole } from "../file/write_whole.ts";
import { mergeItems } from "./_item_merge.ts";
import {
  type DivergedState,
  mergeLines,
  type TextMerge,
  type ThreeVersions,
} from "./merge_lines.ts";
import { ID_MAP_FILE } from "./_id_map.ts";
import { mergeIdMaps, mergeLegacy } from "./_migration_merge.ts";
import { decodeGrownText } from "./_grown_text.ts";
import { decodeText, MAX_FILE_BYTES } from "./_regular_file.ts";
import { mergePlans } from "./_plan_merge.ts";
import { mergeRelations } from "./_relations_merge.ts";
import { mergeThreads } from "./_thread_merge.ts";
import { TicketError } from "./ticket_error.ts";
import { assertOneTicket } from "./_two_tickets.ts";
import { mergeWholes } from "./_whole_merge.ts";

/** What git hands to a merge driver. */
export interface MergeDriverInput {
  /** `%O`: file with the common ancestor's version; empty when there is none. */
  readonly base: string;
  /** `%A`: file with our version; the result replaces it. */
  readonly ours: string;
  /** `%B`: file with their version. */
  readonly theirs: string;
  /** `%P`: where the file lies in the repository. */
  readonly path: string;
}

/** The outcome of a merge. */
export interface MergeOutcome {
  /** Whether a person has to decide something: between conflict markers, or between `states`. */
  readonly conflict: boolean;
  /** The states to decide between in `item.md`, even if that file merged without a conflict. */
  readonly states?: DivergedState;
  /** Why the file could not be merged: it then holds both versions whole, between markers. */
  readonly failure?: TicketError;
}

/**
 * Merges the files and leaves the result in `ours`. If they cannot be merged, the result is a
 * conflict that holds both versions: when a driver fails, git believes that it has left a conflict
 * in the file, so that must never be our version alone.
 *
 * @throws {TicketError} `io` when a file cannot be read or written.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { runMergeDriver } from "@yoi/yoi/tickets";
 *
 * const folder = await Deno.makeTempDir();
 * const [base, ours, theirs] = ["base", "ours", "theirs"].map((name) => `${folder}/${name}`);
 * const item = (state: string) => `---\ntitle: 'Cache'\nstate: '${state}'\n---\n`;
 * await Deno.writeTextFile(base!, item("planning"));
 * await Deno.writeTextFile(ours!, item("planning"));
 * await Deno.writeTextFile(theirs!, item("ready"));
 *
 * const path = ".yoi/tickets/00001KT07NV00/item.md";
 * const outcome = await runMergeDriver({ base: base!, ours: ours!, theirs: theirs!, path });
 * assertEquals(outcome, { conflict: false });
 * assertEquals(await Deno.readTextFile(ours!), item("ready"));
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function runMergeDriver(input: MergeDriverInput): Promise<MergeOutcome> {
  const [base, ours, theirs] = await Promise.all(
    [input.base, input.ours, input.theirs].map(readBytes),
  );
  try {
    const { text, ...outcome } = await mergeTicketFile(input.path, {
      base: decode(base!, input.path),
      ours: decode(ours!, input.path),
      theirs: decode(theirs!, input.path),
    });
    const merged = new TextEncoder().encode(text);
    if (merged.length > MAX_FILE_BYTES) {
      throw TicketError.conflict(
        `the merged file would have ${merged.length} bytes, too many to read`,
      );
    }
    await writeWhole(input.ours, merged);
    return outcome;
  } catch (failure) {
    await writeWhole(input.ours, await bothWhole(ours!, theirs!));
    if (failure instanceof TicketError) return { conflict: true, failure };
    throw failure;
  }
}

/**
 * Merges two descendants of a ticket's file.
 *
 * @param path Where the file lies; its last parts tell what kind of file it is.
 * @throws {TicketError} `conflict` for versions of two tickets that git took for one.
 */
export async function mergeTicketFile(path: string, versions: ThreeVersions): Promise<TextMerge> {
  const parts = path.split("/");
  const name = parts.at(-1);
  if (name === ITEM_FILE || name === THREAD_FILE) assertOneTicket(name, versions);
  switch (name) {
    case THREAD_FILE:
      return mergeThreads(versions);
    case ITEM_FILE:
      return await mergeItems(versions);
    case RELATIONS_NAME:
      return await mergeRelations(versions, parts.at(-3) ?? "");
    case PLANS_NAME:
      return await mergePlans(versions);
    case RESOLUTION_FILE:
      return mergeWholes(versions);
    case LEGACY_NAME:
      return await mergeLegacy(versions);
    case ID_MAP_FILE:
      return await mergeIdMaps(versions);
    default:
      return await mergeLines(versions);
  }
}

async function readBytes(path: string): Promise<FileBytes> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    throw TicketError.io(path, error);
  }
}

/** A thread that ends inside a letter is read up to there, as everywhere. */
function decode(bytes: Uint8Array, path: string): string {
  return path.endsWith(THREAD_FILE) ? decodeGrownText(bytes, path).text : decodeText(bytes, path);
}

/** Both versions to the byte, between git's markers. */
async function bothWhole(ours: FileBytes, theirs: FileBytes): Promise<FileBytes> {
  return await new Blob([
    ...["<<<<<<< ours\n", ours, missingEnd(ours)],
    ...["=======\n", theirs, missingEnd(theirs)],
    ">>>>>>> theirs\n",
  ]).bytes();
}

type FileBytes = Uint8Array<ArrayBuffer>;

/** The line feed that the last line of a file lacks. */
function missingEnd(bytes: FileBytes): string {
  return bytes.length === 0 || bytes.at(-1) === LINE_FEED ? "" : "\n";
}

const LINE_FEED = 0x0a;
