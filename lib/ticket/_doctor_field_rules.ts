/** @module */

import { eventsOf, type TicketFacts, valueOf } from "./_doctor_facts.ts";
import { atKey } from "./_doctor_item_rules.ts";
import { isEarlier, lastTimeOf } from "./_doctor_state_rules.ts";
import type { DoctorRule } from "./doctor_report.ts";
import { fieldDifferences } from "./_field_recovery.ts";

/**
 * Rules about fields that are no state, and about edits, that the thread tells of; ours, so after all
 * numbered ones.
 */
export const FIELD_RULES: readonly DoctorRule<TicketFacts>[] = [
  {
    code: "field_lags_thread",
    severity: "warning",
    number: null,
    check(facts, report) {
      for (const { field, line, to } of facts.lags.fields) {
        report({
          ...atKey(facts, field),
          message:
            `The thread records (line ${line}) that \`${field}\` became ${to ?? "empty"}, but` +
            " that was never written here: `yoi ticket doctor --fix` or the next change of the" +
            " ticket writes it",
        });
      }
    },
  },
  {
    code: "field_differs_from_thread",
    severity: "warning",
    number: null,
    check(facts, report) {
      const item = valueOf(facts.item);
      const thread = facts.thread && valueOf(facts.thread);
      if (item === undefined || thread === undefined) return;
      // Only a hand sets a time at which nothing is recorded: it has set the field as well.
      if (isEarlier(lastRecordAt(facts), item.fields.updatedAt)) return;
      const lagging = new Set(facts.lags.fields.map(({ field }) => field));
      for (const { field, held, recorded, line } of fieldDifferences(item, thread)) {
        if (lagging.has(field)) continue;
        report({
          ...atKey(facts, field),
          message: `\`${field}\` is ${held ?? "empty"}, but the thread's last change of it (line ` +
            `${line}) says ${recorded ?? "empty"}: if the thread is right, ` +
            `${wayToSet(field)}; if not, do that and change it back, so that the thread records it`,
        });
      }
    },
  },
  {
    code: "edit_lags_thread",
    severity: "warning",
    number: null,
    check(facts, report) {
      const { edit } = facts.lags;
      if (edit === undefined) return;
      report({
        ...atKey(facts, "updated_at"),
        message: `The thread's last event (line ${edit.line}) records an edit, but this file was` +
          " not written after it: check whether the edit is there, and repeat it with" +
          " `yoi ticket edit` if not; the next change of the ticket ends this warning",
      });
    },
  },
];

/** Latest time of all that operations record; they give it to the item as well. */
function lastRecordAt(facts: TicketFacts): string | null {
  const { relations, plans } = facts;
  return lastTimeOf([
    ...eventsOf(facts),
    ...relations && valueOf(relations) || [],
    ...plans && valueOf(plans) || [],
  ]);
}

function wayToSet(field: string): string {
  switch (field) {
    case "priority":
      return "set it with `yoi ticket priority`";
    case "assignee":
      return "set it with `yoi ticket assign`";
    default:
      return "write it with `yoi ticket edit`";
  }
}
