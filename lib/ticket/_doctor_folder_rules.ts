/** @module */

import {
  ARTIFACTS,
  ITEM_FILE,
  PLANS_FILE,
  RELATIONS_FILE,
  RESOLUTION_FILE,
  THREAD_FILE,
} from "./_ticket_layout.ts";
import type { FileKind, FolderEntry, TicketFacts } from "./_doctor_facts.ts";
import type { DoctorRule } from "./doctor_report.ts";
import { holdsMoment } from "./_legacy_id.ts";
import { isLeftover, isWriterLeftover } from "./root_scan.ts";

/** Rules 3 and 4: what a ticket's folder has to hold. */
export const FOLDER_RULES: readonly DoctorRule<TicketFacts>[] = [
  {
    code: "thread_missing",
    severity: "error",
    number: 3,
    looksAtOldTickets: true,
    check({ files, thread, unlisted }, report) {
      if (thread !== undefined || unlisted.includes("")) return;
      const isThere = files.some(({ path }) => path === THREAD_FILE);
      report({
        message: isThere
          ? '"thread.md" is not a file: move it away and restore the file from version control'
          : 'The ticket has no "thread.md": restore it from version control; if it never had one,' +
            " any `yoi ticket comment` starts one",
      });
    },
  },
  {
    code: "thread_unreadable",
    severity: "error",
    number: 3,
    looksAtOldTickets: true,
    check({ thread }, report) {
      if (thread === undefined || "value" in thread) return;
      report({
        file: THREAD_FILE,
        line: thread.line,
        message: `Cannot read the thread: ${thread.fault}; repair the file`,
      });
    },
  },
  {
    code: "artifacts_missing",
    severity: "error",
    number: 4,
    looksAtOldTickets: true,
    check({ files, unlisted }, report) {
      if (unlisted.includes("")) return;
      const found = files.find(({ path }) => path === ARTIFACTS);
      if (found?.kind === "folder" || found?.kind === "link") return; // links have their own rule
      report({
        message: found === undefined
          ? 'The ticket has no folder "artifacts": `yoi ticket doctor --fix` creates it'
          : '"artifacts" is not a folder: move it away, then run `yoi ticket doctor --fix`',
      });
    },
  },
];

/** Rules about names in a ticket's folder that are ours; they come after all numbered ones. */
export const EXTRA_FOLDER_RULES: readonly DoctorRule<TicketFacts>[] = [
  {
    code: "temporary_left",
    severity: "warning",
    number: null,
    looksAtOldTickets: true,
    check({ files, artifacts }, report) {
      // Writers work at the top of "artifacts" only; deeper names are the users' own.
      for (const entry of [...files, ...artifacts.filter(isAtTop)]) {
        if (!isTemporary(entry)) continue;
        report({ file: entry.path, message: temporaryMessage(entry.path) });
      }
    },
  },
  {
    code: "symbolic_link",
    severity: "warning",
    number: null,
    looksAtOldTickets: true,
    check({ files, artifacts }, report) {
      for (const { path, kind } of [...files, ...artifacts]) {
        if (kind !== "link" || READ_FILES.has(path)) continue;
        report({ file: path, message: LINK_MESSAGE });
      }
    },
  },
  {
    code: "id_without_time",
    severity: "warning",
    number: null,
    looksAtOldTickets: true,
    check({ entry: { id, generation } }, report) {
      // A name of v2 has a finding already, which says the same.
      if (generation !== "v1" || holdsMoment(id)) return;
      report({ message: `The folder's name holds no time: ${NO_MOMENT_REMEDY}` });
    },
  },
  {
    code: "name_not_utf8",
    severity: "warning",
    number: null,
    looksAtOldTickets: true,
    check({ files, artifacts }, report) {
      for (const { path, kind } of [...files, ...artifacts]) {
        if (kind === "not_utf8") report({ file: path, message: NO_UTF8_MESSAGE });
      }
    },
  },
  {
    code: "folder_unreadable",
    severity: "warning",
    number: null,
    looksAtOldTickets: true,
    check({ unlisted }, report) {
      for (const path of unlisted) {
        report({ ...(path === "" ? {} : { file: path }), message: LOCKED_MESSAGE });
      }
    },
  },
  {
    code: "resolution_unreadable",
    severity: "warning",
    number: null,
    looksAtOldTickets: true,
    check({ resolution }, report) {
      if (resolution === undefined || "value" in resolution) return;
      report({
        file: RESOLUTION_FILE,
        line: resolution.line,
        message: `Cannot read the resolution: ${resolution.fault}; repair it, or move it into` +
          ' "artifacts": until then the ticket can be neither closed nor reopened',
      });
    },
  },
  {
    code: "stray_file",
    severity: "warning",
    number: null,
    check({ files, artifacts }, report) {
      for (const entry of files) {
        if (KNOWN_NAMES.has(entry.path) || HAVE_OTHER_RULES.has(entry.kind)) continue;
        if (entry.path.startsWith(".")) continue;
        report({
          file: entry.path,
          message: 'No program looks at this file: move it into "artifacts", or remove it',
        });
      }
      for (const { path, kind } of artifacts) {
        if (kind !== "other" || READ_FILES.has(path)) continue;
        report({
          file: path,
          message: "This is neither a file nor a folder, and nothing reads it: remove it",
        });
      }
    },
  },
  {
    code: "stray_folder",
    severity: "warning",
    number: null,
    check({ files }, report) {
      for (const { path, kind } of files) {
        if (kind !== "folder" || KNOWN_NAMES.has(path) || path.startsWith(".")) continue;
        report({
          file: path,
          message: 'No program looks into this folder: move it into "artifacts", or remove it',
        });
      }
    },
  },
];

/** What to do about a folder that cannot be listed, wherever it is. */
export const LOCKED_MESSAGE =
  "This folder may not be listed, so nothing in it is read: change its permissions";

/** What to do about an older ticket of whose name no record id can be made. */
export const NO_MOMENT_REMEDY =
  "`yoi ticket migrate` cannot derive an id from it; rename the folder so that it begins with a valid" +
  " date and time, such as 20260601-093000-, and then migrate";

/** What to do about a name that is no UTF-8, wherever it is. */
export const NO_UTF8_MESSAGE =
  "This name is not UTF-8 (its invalid bytes are shown as U+FFFD), so no program here can open it, " +
  "and a migration leaves it where it is: rename it in a shell";

/** What to do about a link, wherever it is. */
export const LINK_MESSAGE =
  "This is a symbolic link, which is never followed: put the file itself in its place, or remove it";

/** What to do about a temporary file, wherever it is: a repair removes only what is a writer's. */
export function temporaryMessage(path: string): string {
  return isWriterLeftover(nameOf(path))
    ? "A writer that was interrupted left this behind: `yoi ticket doctor --fix` removes it"
    : "This looks like a temporary file, but not like one of a ticket program: remove or rename it";
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function isAtTop({ path }: FolderEntry): boolean {
  return path.lastIndexOf("/") === ARTIFACTS.length;
}

/** Whether an entry is a temporary file of ours or of the reference. */
function isTemporary({ path, kind }: FolderEntry): boolean {
  return kind === "file" && isLeftover(nameOf(path));
}

/** Kinds of unknown names that other rules report. */
const HAVE_OTHER_RULES: ReadonlySet<FileKind> = new Set(["folder", "link", "not_utf8"]);

/** Names in a ticket's folder that have a meaning. */
const KNOWN_NAMES = new Set([ITEM_FILE, THREAD_FILE, RESOLUTION_FILE, ARTIFACTS]);

/** Files whose own rules say so when they are not plain files. */
const READ_FILES: ReadonlySet<string> = new Set([
  ITEM_FILE,
  THREAD_FILE,
  RELATIONS_FILE,
  PLANS_FILE,
]);
