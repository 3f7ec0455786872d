/**
 * Looks through a whole ticket root and says what is wrong in it, and what to do about that. Nothing
 * is ever changed, no link followed, and no record is bad enough to stop it.
 *
 * Source: tickets specification, section 8; decisions 31 and 37.
 *
 * @module
 */

import { inTurns } from "./_in_turns.ts";
import { lookAt } from "./_regular_file.ts";
import { Findings } from "./_doctor_findings.ts";
import { readMigrationFacts } from "./_doctor_reading.ts";
import { EXTRA_LINK_RULES, LINK_RULES, storeFactsOf } from "./_doctor_relation_rules.ts";
import { type DoctorReport, reportOf } from "./doctor_report.ts";
import { BUCKET_RULES, EXTRA_ROOT_RULES, SURROUNDING_RULES } from "./_doctor_root_rules.ts";
import { readGitFacts } from "./_doctor_git.ts";
import { MIXUP_RULES } from "./_doctor_mixup_rules.ts";
import { GIT_RULES } from "./_doctor_git_rules.ts";
import { TicketRound } from "./_doctor_round.ts";
import { findLockFaults, lookAround } from "./_doctor_surroundings.ts";
import { readIdMapTolerantly, recordIdsNamed } from "./_id_map.ts";
import { byPath } from "./_order.ts";
import { isFresh, letWriterEnd } from "./_second_look.ts";
import {
  BUCKETS,
  hasItem,
  type RootEntry,
  type RootOddity,
  type RootScan,
  scanNames,
} from "./root_scan.ts";

/** How the doctor looks. */
export interface DoctorOptions {
  /**
   * Whether to ask git about merges and their driver when the root lies in a git work tree; default
   * `true`. Without a `.git` in a folder above, git is never started.
   */
  readonly checkMergeDriver?: boolean | undefined;
  /** Ends the run with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Whether nobody can be writing meanwhile, since the caller holds the lock. Default `false`. */
  readonly isAlone?: boolean | undefined;
  /** Lets a writer at work come to its end, before its traces are looked at again. */
  readonly letWritersEnd?: ((signal: AbortSignal | undefined) => Promise<void>) | undefined;
}

/**
 * Every finding about a root: rule 1, then the tickets by id with rules 2 to 13 and ours, then rules
 * 14 to 18 and ours about links and the root. Rules of ours are warnings. A missing root is empty.
 *
 * Tickets of v1 and v2 get one error that asks for the migration, as in the reference: v1 one for
 * each bucket, v2 one for each ticket. What else is wrong with them is told as warnings, and only
 * as far as it keeps a ticket from being read or migrated whole. Keys that those had no need of are
 * not an error afterwards either: see `isMildAfterMigration`.
 *
 * @throws {TicketError} `io` when the root is there and cannot be listed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { runDoctor } from "./_doctor.ts";
 *
 * const root = await Deno.makeTempDir();
 * await Deno.mkdir(`${root}/00001KT07NV00/artifacts`, { recursive: true });
 * await Deno.writeTextFile(
 *   `${root}/00001KT07NV00/item.md`,
 *   "---\ntitle: 'Cache the index'\nstate: 'planning'\ncreated_at: '2026-06-01T00:00:00Z'\n" +
 *     "updated_at: '2026-06-01T00:00:00Z'\nassignee: null\n---\n",
 * );
 * const { ok, diagnostics } = await runDoctor(root);
 * assertEquals(ok, false);
 * assertEquals(diagnostics.map(({ code, ticket }) => [code, ticket]), [
 *   ["thread_missing", "00001KT07NV00"],
 * ]);
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export async function runDoctor(root: string, options: DoctorOptions = {}): Promise<DoctorReport> {
  const { checkMergeDriver = true, signal, isAlone = false } = options;
  const { letWritersEnd = (ending) => letWriterEnd(root, ending) } = options;
  signal?.throwIfAborted();
  const scan = scanNames(root);
  let oddities = [...scan.oddities];
  const findings = new Findings(root);
  const round = new TicketRound(root, findings);

  findings.check(BUCKET_RULES, bucketsIn(scan));
  for await (const visit of inTurns(visitsOf(scan), { signal })) {
    if (!("generation" in visit)) {
      findings.addMisnamed(visit.path, visit.reason, "rename or remove the folder");
    } else if (!await round.visit(visit)) {
      oddities.push({ path: visit.folder, kind: "stray_folder", reason: "no item.md" });
    }
  }
  if (!isAlone && (round.isInDoubt || oddities.some((oddity) => isWriterAt(root, oddity)))) {
    await letWritersEnd(signal);
    await round.lookAgain(signal);
    oddities = oddities.filter((oddity) => !isOfWriter(oddity) || isStillSo(root, oddity));
  }
  await round.visitNewTargets(signal);

  const { tickets } = round;
  const { map } = readIdMapTolerantly(root);
  const links = storeFactsOf(tickets, map);
  const surroundings = lookAround(root);
  findings.check(LINK_RULES, links);
  findings.check(SURROUNDING_RULES, surroundings);
  findings.check(EXTRA_LINK_RULES, links);
  findings.check(MIXUP_RULES, links);
  // A loose record in the root has its own rule.
  const loose = new Set(surroundings.looseRecords);
  const others = oddities.filter(({ path }) => !loose.has(`${root}/${path}`)).sort(byPath);
  const strays = oddities.filter(({ kind }) => kind === "stray_folder").map(({ path }) => path);
  findings.check(EXTRA_ROOT_RULES, {
    oddities: others,
    lockFaults: findLockFaults(root),
    ...readMigrationFacts(root, scan.entries, strays),
  });
  if (checkMergeDriver) {
    const folders = Array.from(tickets.values(), ({ folder }) => folder);
    const isOldId = (name: string) => recordIdsNamed(map, name).length > 0;
    const git = await readGitFacts(root, folders, { isOldId, signal });
    if (git !== undefined) findings.check(GIT_RULES, git);
  }
  return reportOf(findings.all());
}

/** Buckets of v1 that are there, in the order in which the reference names them. */
function bucketsIn({ oddities }: RootScan): readonly string[] {
  const found = oddities.filter(({ kind }) => kind === "legacy_bucket").map(({ path }) => path);
  return BUCKETS.filter((bucket) => found.includes(bucket));
}

/** Tickets, and folders that only look like one, by name. */
function visitsOf({ entries, oddities }: RootScan): readonly (RootEntry | RootOddity)[] {
  const misnamed = oddities.filter(({ kind }) => kind === "invalid_record");
  if (misnamed.length === 0) return entries;
  const nameOf = (visit: RootEntry | RootOddity) => "id" in visit ? visit.id : visit.path;
  return [...entries, ...misnamed].sort((a, b) => nameOf(a) < nameOf(b) ? -1 : 1);
}

/** Whether writers leave it for a moment: the reference makes a ticket's folder before its files. */
function isOfWriter({ kind }: RootOddity): boolean {
  return kind === "temporary" || kind === "staging" || kind === "stray_folder";
}

function isWriterAt(root: string, oddity: RootOddity): boolean {
  return isOfWriter(oddity) && isFresh(`${root}/${oddity.path}`);
}

function isStillSo(root: string, { kind, path }: RootOddity): boolean {
  const place = `${root}/${path}`;
  return lookAt(place) !== undefined && (kind !== "stray_folder" || !hasItem(place));
}
