/** @module */

import type { RootFacts, Surroundings } from "./_doctor_facts.ts";
import {
  LINK_MESSAGE,
  LOCKED_MESSAGE,
  NO_UTF8_MESSAGE,
  temporaryMessage,
} from "./_doctor_folder_rules.ts";
import type { DoctorRule } from "./doctor_report.ts";
import { ID_MAP_FILE } from "./_id_map.ts";
import type { OddityKind } from "./root_scan.ts";

/** Rule 1, about the names of v1 buckets in the root. */
export const BUCKET_RULES: readonly DoctorRule<readonly string[]>[] = [
  {
    code: "legacy_bucket",
    severity: "error",
    number: 1,
    check(buckets, report) {
      for (const bucket of buckets) {
        report({
          file: bucket,
          message:
            "A bucket of the first ticket generation remains: `yoi ticket migrate` moves its" +
            " tickets and removes it",
        });
      }
    },
  },
];

/** Rules 17 and 18: records from before there was a store. */
export const SURROUNDING_RULES: readonly DoctorRule<Surroundings>[] = [
  {
    code: "legacy_todo",
    severity: "error",
    number: 17,
    check({ todo }, report) {
      if (todo === undefined) return;
      report({
        ...todo,
        message: "A to-do list names old ticket files: make tickets of what is still to do, and" +
          " remove the mentions",
      });
    },
  },
  {
    code: "legacy_record",
    severity: "error",
    number: 18,
    check({ looseRecords }, report) {
      for (const path of looseRecords) {
        report({
          path,
          message: "A ticket file from before there was a store remains: make a ticket of it with" +
            " `yoi ticket create`, and remove it",
        });
      }
    },
  },
];

/** Ours, about the root; they come last. */
export const EXTRA_ROOT_RULES: readonly DoctorRule<RootFacts>[] = [
  oddityRule(
    "duplicate_id",
    "duplicate_id",
    "Another folder of this root has the same id, so this one is never read: move what only this" +
      " one holds into the other one, and remove it",
  ),
  oddityRule(
    "duplicate_id",
    "shared_id",
    "A ticket of another generation has the same id, so this one is never read: with" +
      " `yoi ticket migrate` each gets an id of its own",
  ),
  {
    code: "duplicate_id",
    severity: "warning",
    number: null,
    check({ twins }, report) {
      for (const { folder, to } of twins) {
        report({
          file: folder,
          message:
            `Another ticket with this id has become ${to}, so \`yoi ticket migrate\` leaves` +
            " this one where it is: move what only this one holds into that one and remove this" +
            " folder, or give it another name",
        });
      }
    },
  },
  oddityRule("symbolic_link", "link", LINK_MESSAGE),
  oddityRule("name_not_utf8", "not_utf8", NO_UTF8_MESSAGE),
  oddityRule("temporary_left", "temporary", temporaryMessage),
  oddityRule(
    "staging_left",
    "staging",
    "This is left of a ticket whose creation was interrupted, so that nobody was told its id:" +
      " `yoi ticket doctor --fix` removes it",
  ),
  oddityRule("folder_unreadable", "locked", LOCKED_MESSAGE),
  {
    code: "stray_folder",
    severity: "warning",
    number: null,
    check({ oddities, leftParts }, report) {
      for (const { kind, path } of oddities) {
        if (kind !== "stray_folder") continue;
        const to = leftParts.find(({ folder }) => folder === path)?.to;
        report({ file: path, message: strayMessage(to) });
      }
    },
  },
  oddityRule(
    "stray_file",
    "stray_file",
    "This file belongs to no ticket, and no program looks at it: move it away",
  ),
  {
    code: "id_map_unreadable",
    severity: "warning",
    number: null,
    check({ idMapFault }, report) {
      if (idMapFault === undefined) return;
      report({
        file: ID_MAP_FILE,
        message:
          `Cannot read the map of old ids: ${idMapFault}; restore the file, or remove it and` +
          " do without the ids from before the migration",
      });
    },
  },
  {
    code: "lock_unusable",
    severity: "warning",
    number: null,
    check({ lockFaults }, report) {
      for (const file of lockFaults) {
        report({
          file,
          message: "This is not a plain file, so nobody can take the lock and every change is" +
            " refused: remove it",
        });
      }
    },
  },
  {
    code: "migration_unfinished",
    severity: "warning",
    number: null,
    check({ unfinishedMoves }, report) {
      for (const { folder, to } of unfinishedMoves) {
        report({
          file: folder,
          message:
            `A migration has made ${to} of this ticket already, so it is listed twice: \`yoi ticket` +
            " migrate` finishes the move, or says that this folder has changed since and what to do then",
        });
      }
    },
  },
];

/** @param to The ticket that was made of the one with this folder's name, if any was. */
function strayMessage(to: string | undefined): string {
  return to === undefined
    ? 'This folder has no "item.md", so it is not a ticket, and no ticket inside it is read:' +
      " restore that file, move such tickets into the root itself, or remove the folder"
    : `A migration has made ${to} of the ticket that was here, and a merge has left files under` +
      " its old name: move what is not there yet to the same place there and merge the rest by" +
      " hand, then run `yoi ticket migrate`, which gives ids in them their new form";
}

function oddityRule(
  code: string,
  kind: OddityKind,
  message: string | ((path: string) => string),
): DoctorRule<RootFacts> {
  return {
    code,
    severity: "warning",
    number: null,
    check({ oddities }, report) {
      for (const oddity of oddities) {
        if (oddity.kind !== kind) continue;
        const { path } = oddity;
        report({ file: path, message: typeof message === "string" ? message : message(path) });
      }
    },
  };
}
