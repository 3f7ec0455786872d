/** @module */

import { type LinkedTicket, type TicketFacts, valueOf } from "./_doctor_facts.ts";
import type { Findings } from "./_doctor_findings.ts";
import { threadEndOf } from "./_doctor_mixup_rules.ts";
import { readTicketFacts } from "./_doctor_reading.ts";
import { loadYaml, type YamlParser } from "./frontmatter.ts";
import { inTurns } from "./_in_turns.ts";
import { listFolder } from "./_list_folder.ts";
import { isRecordId } from "./record_id.ts";
import { lookAt } from "./_regular_file.ts";
import type { RootEntry } from "./root_scan.ts";
import { confirmed, isFresh, mayPass, MOST_DOUBTFUL } from "./_second_look.ts";
import { slugOf } from "./_slugs.ts";
import { ARTIFACTS, THREAD_FILE } from "./_ticket_layout.ts";
import type { Diagnostic } from "./ticket.ts";

/** What a change may touch without touching the ticket's folder. */
const WRITTEN = [THREAD_FILE, ARTIFACTS];

/** The doctor's round: one ticket after the other, then again those that a writer may be at. */
export class TicketRound {
  /** What is kept of each ticket, by id. */
  readonly tickets = new Map<string, LinkedTicket>();
  readonly #root: string;
  readonly #findings: Findings;
  readonly #doubtful: { readonly entry: RootEntry; readonly found: Diagnostic[] }[] = [];
  #yaml: YamlParser | undefined;

  /** @param findings Gets what is wrong with each ticket. */
  constructor(root: string, findings: Findings) {
    this.#root = root;
    this.#findings = findings;
  }

  /** Looks at a ticket; `false` for a folder that is none. One that has gone needs no word. */
  async visit(entry: RootEntry): Promise<boolean> {
    const folder = `${this.#root}/${entry.folder}`;
    const facts = await this.#read(entry);
    if (facts === undefined) return lookAt(folder) === undefined;
    const found = this.#findings.about(facts);
    this.#take(facts, found);
    if (found.some(mayPass) && isFresh(folder, ...WRITTEN.map((name) => `${folder}/${name}`))) {
      this.#doubtful.push({ entry, found });
    }
    return true;
  }

  /**
   * Visits tickets that were made since the root was listed, as far as relations and plans lead to
   * them: else each of those would be told as one to nothing. A writer has been at them a moment ago.
   */
  async visitNewTargets(signal: AbortSignal | undefined): Promise<void> {
    let folders: Set<string> | undefined;
    // Tickets that come along on the way have their turn, too.
    for await (const ticket of inTurns(this.tickets.values(), { signal })) {
      for (const id of namesIn(ticket)) {
        if (this.tickets.has(id) || !isRecordId(id)) continue;
        // Listed, not looked for one by one: a file can name very many that are not there.
        folders ??= foldersIn(this.#root);
        if (!folders.delete(id)) continue;
        const facts = await this.#read({ id, generation: "v3", folder: id });
        if (facts === undefined) continue;
        this.#take(facts, this.#findings.about(facts).filter((finding) => !mayPass(finding)));
        // It may name a ticket that is newer still.
        folders = undefined;
      }
    }
  }

  /** Whether some of the findings may be those of a writer at work. */
  get isInDoubt(): boolean {
    return this.#doubtful.length > 0 && this.#doubtful.length <= MOST_DOUBTFUL;
  }

  /** Drops findings of writers that have come to their end meanwhile. */
  async lookAgain(signal: AbortSignal | undefined): Promise<void> {
    if (!this.isInDoubt) return;
    for await (const { entry, found } of inTurns(this.#doubtful, { signal })) {
      const facts = await this.#read(entry);
      const again = facts === undefined ? [] : this.#findings.about(facts);
      const left = confirmed(found, again);
      // One by one: a hostile thread has more of them than a call takes arguments.
      found.length = 0;
      for (const finding of left) found.push(finding);
      if (facts === undefined) this.tickets.delete(entry.id);
      else this.tickets.set(entry.id, linkedTicket(facts));
    }
  }

  #take(facts: TicketFacts, found: Diagnostic[]): void {
    this.#findings.add(found);
    this.tickets.set(facts.entry.id, linkedTicket(facts));
  }

  async #read(entry: RootEntry): Promise<TicketFacts | undefined> {
    const facts = readTicketFacts(this.#root, entry, this.#yaml);
    if (facts !== "needs_yaml") return facts;
    this.#yaml = await loadYaml();
    return readTicketFacts(this.#root, entry, this.#yaml);
  }
}

function foldersIn(root: string): Set<string> {
  const folders = listFolder(root).filter(({ isDirectory }) => isDirectory);
  return new Set(folders.map(({ name }) => name));
}

/** What a ticket's links lead to. */
function* namesIn({ relations, plans }: LinkedTicket): Generator<string> {
  for (const { target } of relations) yield target;
  for (const { relatedTicket } of plans) if (relatedTicket !== null) yield relatedTicket;
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
