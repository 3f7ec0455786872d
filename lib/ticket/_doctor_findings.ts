/** What the doctor's rules find, as it is told. @module */

import type { TicketFacts } from "./_doctor_facts.ts";
import { FIELD_RULES } from "./_doctor_field_rules.ts";
import { EXTRA_FOLDER_RULES, FOLDER_RULES, NO_MOMENT_REMEDY } from "./_doctor_folder_rules.ts";
import { EXTRA_ITEM_RULES, ITEM_RULES } from "./_doctor_item_rules.ts";
import { LINK_FILE_RULES } from "./_doctor_relation_rules.ts";
import { STATE_RULES } from "./_doctor_state_rules.ts";
import { EXTRA_THREAD_RULES, THREAD_RULES } from "./_doctor_thread_rules.ts";
import type { DoctorRule } from "./doctor_report.ts";
import { holdsMoment } from "./_legacy_id.ts";
import { checkRecordId } from "./record_id.ts";
import type { Diagnostic, Severity } from "./ticket.ts";

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
export class Findings {
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

  /** Takes over what is wrong with a ticket; who changes the list changes what is told. */
  add(group: Diagnostic[]): void {
    this.#groups.push(group);
  }

  /** What is wrong with a ticket; {@linkcode Findings.add} takes it over. */
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
    const message = `The folder's name is not a ticket id (${fault}): ${remedy}`;
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
