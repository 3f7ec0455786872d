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
import { type LinkedTicket, type TicketFacts, valueOf } from "./_doctor_facts.ts";
import { EXTRA_FOLDER_RULES, FOLDER_RULES, NO_MOMENT_REMEDY } from "./_doctor_folder_rules.ts";
import { EXTRA_ITEM_RULES, ITEM_RULES } from "./_doctor_item_rules.ts";
import { readMigrationFacts, readTicketFacts } from "./_doctor_reading.ts";
import {
  EXTRA_LINK_RULES,
  LINK_FILE_RULES,
  LINK_RULES,
  storeFactsOf,
} from "./_doctor_relation_rules.ts";
import { type DoctorReport, type DoctorRule, reportOf } from "./doctor_report.ts";
import { BUCKET_RULES, EXTRA_ROOT_RULES, SURROUNDING_RULES } from "./_doctor_root_rules.ts";
import { FIELD_RULES } from "./_doctor_field_rules.ts";
import { STATE_RULES } from "./_doctor_state_rules.ts";
import { readGitFacts } from "./_doctor_git.ts";
import { MIXUP_RULES, threadEndOf } from "./_doctor_mixup_rules.ts";
import { GIT_RULES } from "./_doctor_git_rules.ts";
import { findLockFaults, lookAround } from "./_doctor_surroundings.ts";
import { EXTRA_THREAD_RULES, THREAD_RULES } from "./_doctor_thread_rules.ts";
import { loadYaml, type YamlParser } from "./frontmatter.ts";
import { readIdMapTolerantly, recordIdsNamed } from "./_id_map.ts";
import { holdsMoment } from "./_legacy_id.ts";
import { byPath } from "./_order.ts";
import { checkRecordId } from "./record_id.ts";
import {
  confirmed,
  isFresh,
  mayPass,
  MOST_DOUBTFUL,
  SECOND_LOOK_MS,
  waitFor,
} from "./_second_look.ts";
import { BUCKETS, type RootEntry, type RootOddity, type RootScan, scanNames } from "./root_scan.ts";
import { slugOf } from "./_slugs.ts";
import type { Diagnostic, Severity } from "./ticket.ts";

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
  /** Lets a writer at work come to its end, before its traces are looked at again; default 50 ms. */
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
  const { letWritersEnd = (ending) => waitFor(SECOND_LOOK_MS, ending) } = options;
  signal?.throwIfAborted();
  const scan = scanNames(root);
  let oddities = [...scan.oddities];
  const tickets = new Map<string, LinkedTicket>();
  const findings = new Findings(root);
  const doubtful: { entry: RootEntry; found: Diagnostic[] }[] = [];
  let yaml: YamlParser | undefined;
  const read = async (entry: RootEntry): Promise<TicketFacts | undefined> => {
    const facts = readTicketFacts(root, entry, yaml);
    return facts === "needs_yaml" ? readTicketFacts(root, entry, yaml = await loadYaml()) : facts;
  };

  findings.check(BUCKET_RULES, bucketsIn(scan));
  for await (const visit of inTurns(visitsOf(scan), { signal })) {
    if (!("generation" in visit)) {
      findings.addMisnamed(visit.path, visit.reason, "rename or remove the folder");
      continue;
    }
    const facts = await read(visit);
    if (facts === undefined) {
      // Unless it has gone since the root was listed.
      if (lookAt(`${root}/${visit.folder}`)) {
        oddities.push({ path: visit.folder, kind: "stray_folder", reason: "no item.md" });
      }
      continue;
    }
    const found = findings.addTicket(facts);
    const folder = `${root}/${visit.folder}`;
    if (found.some(mayPass) && isFresh(folder, `${folder}/thread.md`)) {
      doubtful.push({ entry: visit, found });
    }
    tickets.set(visit.id, linkedTicket(facts));
  }

  const isWriters = ({ kind }: RootOddity) => kind === "temporary" || kind === "staging";
  const mayGo = (oddity: RootOddity) => isWriters(oddity) && isFresh(`${root}/${oddity.path}`);
  const lookedAtAgain = doubtful.length > MOST_DOUBTFUL ? [] : doubtful;
  if (!isAlone && (lookedAtAgain.length > 0 || oddities.some(mayGo))) {
    await letWritersEnd(signal);
    for await (const { entry, found } of inTurns(lookedAtAgain, { signal })) {
      const facts = await read(entry);
      const again = facts === undefined ? [] : findings.about(facts);
      found.splice(0, found.length, ...confirmed(found, again));
      if (facts === undefined) tickets.delete(entry.id);
      else tickets.set(entry.id, linkedTicket(facts));
    }
    const isThere = ({ path }: RootOddity) => lookAt(`${root}/${path}`) !== undefined;
    oddities = oddities.filter((oddity) => !isWriters(oddity) || isThere(oddity));
  }

  const { map } = readIdMapTolerantly(root);
  const links = storeFactsOf(tickets, map);
  const surroundings = lookAround(root);
  const loose = new Set(surroundings.looseRecords);
  findings.check(LINK_RULES, links);
  findings.check(SURROUNDING_RULES, surroundings);
  findings.check(EXTRA_LINK_RULES, links);
  findings.check(MIXUP_RULES, links);
  const strays = oddities.filter(({ kind }) => kind === "stray_folder").map(({ path }) => path);
  findings.check(EXTRA_ROOT_RULES, {
    // A loose record in the root has its own rule.
    oddities: oddities
      .filter(({ path }) => !loose.has(`${root}/${path}`))
      .sort(byPath),
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

/** Rules for each ticket, in the order of their findings: numbered ones, then ours. */
export const TICKET_RULES: readonly DoctorRule<TicketFacts>[] = [
  ...FOLDER_RULES,
  ...ITEM_RULES,
  ...THREAD_RULES,
  ...LINK_FILE_RULES,
  ...EXTRA_ITEM_RULES,
  ...STATE_RULES,
  ...FIELD_RULES,
  ...EXTRA_THREAD_RULES,
  ...EXTRA_FOLDER_RULES,
];

const OLD_TICKET_RULES = TICKET_RULES.filter(({ looksAtOldTickets }) => looksAtOldTickets);

/** Rule 2, about a name: it is found without looking inside. */
const MISNAMED = { code: "invalid_record_id", severity: "error" } as const;

/** Number of the rule whose breach leaves the rules after it without anything to look at. */
const UNREADABLE_ITEM = 6;

/** Makes diagnostics of what rules find. */
class Findings {
  /** One group for each ticket and each set of other rules. */
  readonly #groups: Diagnostic[][] = [];
  readonly #root: string;
  readonly #oldTickets = new Set<string>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Rules that are not about one ticket; what they find in an old one is a warning as well. */
  check<Facts>(rules: readonly DoctorRule<Facts>[], facts: Facts): void {
    const group: Diagnostic[] = [];
    for (const rule of rules) {
      rule.check(facts, (finding) => {
        const { ticket = null, file = "", path = this.#pathOf(file) } = finding;
        const severity = this.#severityOf(rule, ticket);
        group.push(diagnostic(rule.code, severity, { ...finding, path, ticket }));
      });
    }
    this.#groups.push(group);
  }

  /** Adds what is wrong with a ticket; the list stays the one that counts. */
  addTicket(facts: TicketFacts): Diagnostic[] {
    const group = this.about(facts);
    this.#groups.push(group);
    return group;
  }

  /** What is wrong with a ticket; nothing is added. */
  about(facts: TicketFacts): Diagnostic[] {
    const { entry: { id, generation, folder } } = facts;
    const group: Diagnostic[] = [];
    const isOld = generation !== "v3";
    if (isOld) this.#oldTickets.add(id);
    if (generation === "v2") {
      const fault = checkRecordId(id)?.message ?? "it is a date";
      const remedy = holdsMoment(id) ? "`yoi ticket migrate` renames it" : NO_MOMENT_REMEDY;
      group.push(this.#misnamed(id, fault, remedy));
    }
    const isUnreadable = "fault" in facts.item;
    for (const rule of isOld ? OLD_TICKET_RULES : TICKET_RULES) {
      if (isUnreadable && rule.number !== null && rule.number > UNREADABLE_ITEM) continue;
      rule.check(facts, (finding) => {
        const path = this.#pathOf(finding.file ? `${folder}/${finding.file}` : folder);
        const severity = finding.isMild ? "warning" : this.#severityOf(rule, id);
        group.push(diagnostic(rule.code, severity, { ...finding, path, ticket: id }));
      });
    }
    return group;
  }

  addMisnamed(name: string, fault: string, remedy: string): void {
    this.#groups.push([this.#misnamed(name, fault, remedy)]);
  }

  /** Everything that was added, in order. */
  all(): Diagnostic[] {
    return this.#groups.flat();
  }

  #misnamed(name: string, fault: string, remedy: string): Diagnostic {
    const message = `The folder's name is no ticket id (${fault}): ${remedy}`;
    const path = this.#pathOf(name);
    return diagnostic(MISNAMED.code, MISNAMED.severity, { message, path, ticket: name });
  }

  #severityOf(rule: { readonly severity: Severity }, ticket: string | null): Severity {
    return ticket !== null && this.#oldTickets.has(ticket) ? "warning" : rule.severity;
  }

  #pathOf(file: string): string {
    return file === "" ? this.#root : `${this.#root}/${file}`;
  }
}

function diagnostic(
  code: string,
  severity: Severity,
  { message, path, line = null, ticket }: Omit<Diagnostic, "code" | "severity" | "line"> & {
    readonly line?: number | null;
  },
): Diagnostic {
  return { code, severity, message, path, line, ticket };
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

/** What is kept of a ticket when its own rules are through. */
function linkedTicket(facts: TicketFacts): LinkedTicket {
  const { entry, item, relations, plans, relationsText = "", plansText = "" } = facts;
  return {
    folder: entry.folder,
    isReadable: "value" in item,
    slug: entry.generation === "v1" ? slugOf(entry.id, valueOf(item)?.fields.slug) : undefined,
    relations: relations && valueOf(relations) || [],
    relationsText,
    plans: plans && valueOf(plans) || [],
    plansText,
    threadEnd: threadEndOf(facts),
  };
}
