/** @module */

import type { TicketItem } from "./item.ts";
import type { PlanRecord } from "./plan_file.ts";
import type { Lags } from "./_lags.ts";
import type { Relation } from "./relation_view.ts";
import type { RootEntry, RootOddity } from "./root_scan.ts";
import type { Thread, ThreadEvent } from "./thread.ts";

/** What lies at a place, without following a link; `not_utf8` if its name is not UTF-8. */
export type FileKind = "file" | "folder" | "link" | "other" | "not_utf8";

/** A name below a ticket's folder. */
export interface FolderEntry {
  /** Relative to the ticket's folder. */
  readonly path: string;
  /** What lies there. */
  readonly kind: FileKind;
}

/** A file that was read, or why it could not be. */
export type Reading<Value> =
  | { readonly value: Value }
  | { readonly fault: string; readonly line: number | null };

/** What was read, `undefined` when it could not be. */
export function valueOf<Value>(reading: Reading<Value>): Value | undefined {
  return "value" in reading ? reading.value : undefined;
}

/** Everything about one ticket that rules look at; read once, dropped when the rules are through. */
export interface TicketFacts {
  /** Where the ticket lies. */
  readonly entry: RootEntry;
  /** Names in the ticket's folder. */
  readonly files: readonly FolderEntry[];
  /** Names at any depth below `artifacts/`; empty when there is no such folder. */
  readonly artifacts: readonly FolderEntry[];
  /** Folders that could not be listed; the ticket's own is empty text. */
  readonly unlisted: readonly string[];
  /** Text of `item.md`, empty when it could not be read. */
  readonly itemText: string;
  /** What `item.md` says. */
  readonly item: Reading<TicketItem>;
  /** Keys that the ticket of an older generation did without which this one was made of. */
  readonly missingBefore: readonly string[];
  /** `undefined` when there is no such file, or it could not be read. */
  readonly threadText: string | undefined;
  /** `undefined` when there is no such file. */
  readonly thread: Reading<Thread> | undefined;
  /** Text of `resolution.md`; `undefined` when there is none, or a link in its place. */
  readonly resolution: Reading<string> | undefined;
  /** Whether the thread ends inside a letter. */
  readonly isThreadCut: boolean;
  /** What crashes kept from the item. */
  readonly lags: Lags;
  /** `undefined` when there is no such file, empty when it cannot be read. */
  readonly relationsText: string | undefined;
  /** `undefined` when there is no such file. */
  readonly relations: Reading<readonly Relation[]> | undefined;
  /** `undefined` when there is no such file, empty when it cannot be read. */
  readonly plansText: string | undefined;
  /** `undefined` when there is no such file. */
  readonly plans: Reading<readonly PlanRecord[]> | undefined;
}

/** The events of a ticket's thread; none where it is missing or cannot be read. */
export function eventsOf({ thread }: Pick<TicketFacts, "thread">): readonly ThreadEvent[] {
  return thread && valueOf(thread)?.events || [];
}

/** What rules about the links between tickets look at: the part of each ticket's facts that is kept. */
export interface StoreFacts {
  /** Ids of the tickets that a name could mean: an id, one from before a migration, or a slug. */
  readonly idsMeantBy: (name: string) => readonly string[];
  /** Every ticket by id, also those that cannot be read. */
  readonly tickets: ReadonlyMap<string, LinkedTicket>;
  /** Tickets that wait for each other; the first id of each is its smallest and ends it as well. */
  readonly cycles: readonly (readonly string[])[];
}

/** A ticket as others may name it. */
export interface LinkedTicket {
  /** Relative to the root. */
  readonly folder: string;
  /** Whether `item.md` was understood. */
  readonly isReadable: boolean;
  /** Only of the first generation. */
  readonly slug?: string | undefined;
  /** Empty when they could not be read. */
  readonly relations: readonly Relation[];
  /** The file of the relations, for line numbers. */
  readonly relationsText: string;
  /** Empty when they could not be read. */
  readonly plans: readonly PlanRecord[];
  /** The file of the plans, for line numbers. */
  readonly plansText: string;
  /** `undefined` where the ticket does not say when it was changed. */
  readonly threadEnd: ThreadEnd | undefined;
}

/** Where a thread begins and ends, beside what the item says. */
export interface ThreadEnd {
  /** The first event, to compare. */
  readonly begin: string;
  /** Whether there is another event, which may be one of another ticket. */
  readonly isGrown: boolean;
  /** Time of the last event. */
  readonly lastAt: string;
  /** 1-based line of the last event. */
  readonly line: number;
  /** The `updated_at` of the item, where no record of the ticket is of that time. */
  readonly untoldAt: string | undefined;
}

/** What our rules about the root look at. */
export interface RootFacts {
  /** What lies in the root and is no ticket. */
  readonly oddities: readonly RootOddity[];
  /** What is wrong with the map of old ids; `undefined` when nothing is, or there is none. */
  readonly idMapFault: string | undefined;
  /** Names in the place of the lock or of its holder that keep everybody from writing. */
  readonly lockFaults: readonly string[];
  /** Old folders of tickets that an interrupted migration has made anew. */
  readonly unfinishedMoves: readonly { readonly folder: string; readonly to: string }[];
  /** Folders without `item.md` that have the old names of tickets which were migrated. */
  readonly leftParts: readonly { readonly folder: string; readonly to: string }[];
  /** Old folders whose ids were those of tickets in other buckets that were migrated. */
  readonly twins: readonly { readonly folder: string; readonly to: string }[];
}

/** What git says about the clone that a root lies in. */
export type GitFacts = GitRefusal | CloneFacts;

/** Git answers nothing. */
export interface GitRefusal {
  /** Top of the work tree. */
  readonly top: string;
  /** Why, in the words of git. */
  readonly refusal: string;
}

/** How a clone merges tickets. */
export interface CloneFacts {
  /** Top of the work tree. */
  readonly top: string;
  /** Files below the root whose merge has not been finished. */
  readonly unmerged: readonly UnmergedFile[];
  /** What its setting of the merge driver says; `undefined` without one. */
  readonly driver: DriverFacts | undefined;
  /** Files that git merges otherwise. */
  readonly strays: readonly StrayAttribute[];
  /** What git leaves out of commits. */
  readonly ignored: readonly IgnoredFiles[];
}

/** A file with more than one version in git's index. */
export interface UnmergedFile {
  /** Relative to the root. */
  readonly file: string;
  /** Relative to the top of the work tree. */
  readonly path: string;
  /** What of it is left to a person. */
  readonly kind: UnmergedKind;
}

/**
 * What git has left of a file:
 * - `merged`: a text of both sides, with markers or without;
 * - `by_git`: the same of a ticket's record, with markers that git set without the merge driver;
 * - `ours_alone`: our version to the byte, although there is another one;
 * - `we_deleted`, `they_deleted`: the version of the side that changed it;
 * - `moved`: the same, where that side has migrated the ticket, and git did not find out where it went;
 * - `renamed`: nothing, as git took it for a file that each side renamed in its own way.
 */
export type UnmergedKind =
  | "merged"
  | "by_git"
  | "ours_alone"
  | "we_deleted"
  | "they_deleted"
  | "moved"
  | "renamed";

/** The setting of the merge driver. */
export interface DriverFacts {
  /** The program and the files that it names and that are not there. */
  readonly missing: readonly string[];
}

/** Files that git does not merge with our driver, all for the same reason. */
export interface StrayAttribute {
  /** Relative to the root: the file itself, or the root's attributes when it is about every ticket. */
  readonly file: string;
  /** Names of the files. */
  readonly names: readonly string[];
  /** The merge attribute as git tells it, `unspecified` when there is none. */
  readonly value: string;
}

/** What lies beside a root and belongs to times before it. */
export interface Surroundings {
  /** A `TODO.md` that mentions ticket files, with the line; `undefined` without one. */
  readonly todo: { readonly path: string; readonly line: number } | undefined;
  /** Paths of `*.md` files directly in the folder `tickets` beside the root, which the root may be. */
  readonly looseRecords: readonly string[];
}

/** Files of new tickets that git ignores, all because of the same line. */
export interface IgnoredFiles {
  /** Where the line stands. */
  readonly source: string;
  /** 1-based. */
  readonly line: number;
  /** What the line says. */
  readonly pattern: string;
  /** The files, relative to a ticket's folder. */
  readonly files: readonly string[];
}
