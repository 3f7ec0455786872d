/** @module */

import { eventsOf, type TicketFacts, valueOf } from "./_doctor_facts.ts";
import { atKey, hasResolution } from "./_doctor_item_rules.ts";
import type { DoctorRule } from "./doctor_report.ts";
import { meaningOfKind } from "./event_kinds.ts";
import { changesFor } from "./_lags.ts";
import { isTimestamp } from "./_timestamp.ts";
import { isStateChange } from "./_recovery.ts";
import { stateNamed, type TicketState, transitionBetween } from "./states.ts";
import type { ThreadEvent } from "./thread.ts";
import { RESOLUTION_FILE } from "./_ticket_layout.ts";

/** Rules about what item and thread say of the same thing; ours, so after all numbered ones. */
export const STATE_RULES: readonly DoctorRule<TicketFacts>[] = [
  {
    code: "state_lags_thread",
    severity: "warning",
    number: null,
    check(facts, report) {
      const lag = facts.lags.state;
      if (lag === undefined) return;
      report({
        ...atKey(facts, "state"),
        message: `The thread records (line ${lag.line}) that the ticket went from ${lag.from} to ` +
          `${lag.to}, but that was never written here: \`yoi ticket doctor --fix\` or the next` +
          " change of the ticket writes it",
      });
    },
  },
  {
    code: "state_differs_from_thread",
    severity: "warning",
    number: null,
    check(facts, report) {
      const fields = valueOf(facts.item)?.fields;
      if (fields === undefined || facts.lags.state !== undefined) return;
      const recorded = recordedState(eventsOf(facts));
      if (recorded === undefined || recorded.state === fields.state) return;
      report({
        ...atKey(facts, "state"),
        message: `\`state\` says ${fields.state}, but the thread's last change (line ` +
          `${recorded.line}) says ${recorded.word}: ${remedy(fields.state, recorded.state)}`,
      });
    },
  },
  {
    code: "closed_without_event",
    severity: "warning",
    number: null,
    check(facts, report) {
      if (valueOf(facts.item)?.fields.state !== "closed" || facts.thread === undefined) return;
      if ("fault" in facts.thread || eventsOf(facts).some(isClose)) return;
      report({
        ...atKey(facts, "state"),
        message: "The ticket is closed, but its thread does not say so: `yoi ticket close` with" +
          " the resolution records it",
      });
    },
  },
  {
    code: "resolution_on_open_ticket",
    severity: "warning",
    number: null,
    check(facts, report) {
      const state = valueOf(facts.item)?.fields.state;
      if (state === undefined || state === "closed" || !hasResolution(facts)) return;
      if (facts.lags.state?.to === "closed") return; // the same crash
      report({
        file: RESOLUTION_FILE,
        message: `The ticket has a resolution although it is ${state}: move the file into` +
          ' "artifacts", or close the ticket',
      });
    },
  },
  {
    code: "updated_before_created",
    severity: "warning",
    number: null,
    check(facts, report) {
      const fields = valueOf(facts.item)?.fields;
      if (fields === undefined || !isEarlier(fields.updatedAt, fields.createdAt)) return;
      report({
        ...atKey(facts, "updated_at"),
        message: "`updated_at` is earlier than `created_at`: `yoi ticket doctor --fix` corrects it",
      });
    },
  },
  {
    code: "updated_before_last_event",
    severity: "warning",
    number: null,
    check(facts, report) {
      const fields = valueOf(facts.item)?.fields;
      // What lags is the same crash: its repair sets the time as well, or it has to stay told.
      if (fields === undefined || facts.lags.edit !== undefined) return;
      if (changesFor(facts.lags) !== undefined) return;
      if (!isEarlier(fields.updatedAt, lastTimeOf(eventsOf(facts)))) return;
      report({
        ...atKey(facts, "updated_at"),
        message:
          "`updated_at` is earlier than the last event: `yoi ticket doctor --fix` corrects it",
      });
    },
  },
];

/** Latest well-formed time of events or other records; merged branches can leave them out of order. */
export function lastTimeOf(records: readonly { readonly at: string | null }[]): string | null {
  let last: string | null = null;
  for (const { at } of records) {
    if (at !== null && (last === null || at > last) && isTimestamp(at)) last = at;
  }
  return last;
}

/** Whether the first of two well-formed times is the earlier one. */
export function isEarlier(time: string | null, other: string | null): boolean {
  return time !== null && other !== null && time < other && isTimestamp(time) && isTimestamp(other);
}

function isClose({ kind }: ThreadEvent): boolean {
  return meaningOfKind(kind) === "close";
}

/** Where the thread says that the ticket stands; `word` is what it says literally. */
interface RecordedState {
  readonly state: TicketState | undefined;
  readonly word: string;
  readonly line: number;
}

/**
 * The last word of a thread on the state. Before June 2026 closing left a `close` event only, so
 * that counts as well.
 */
function recordedState(events: readonly ThreadEvent[]): RecordedState | undefined {
  const event = events.findLast((event) => isClose(event) || isStateChange(event));
  if (event === undefined) return undefined;
  const word = isClose(event) ? "closed" : event.attributes.to ?? "";
  if (word.trim() === "") return undefined; // rule 10
  return { state: stateNamed(word), word, line: event.line };
}

/** How a ticket gets from the state that it has to the recorded one, if that is any. */
function remedy(from: TicketState, to: TicketState | undefined): string {
  const next = "the next change of state records where it really is";
  return to === undefined ? next : `if that is right, ${wayBetween(from, to)}; if not, ${next}`;
}

function wayBetween(from: TicketState, to: TicketState): string {
  const operation = transitionBetween(from, to)?.operation;
  switch (operation) {
    case undefined:
      return `write ${to} there`;
    case "close":
    case "reopen":
      return `use \`yoi ticket ${operation}\``;
    default:
      return `use \`yoi ticket state ID ${to}\``;
  }
}
