/** @module */

import { OBSOLETE_KEYS } from "./_obsolete_keys.ts";
import { type TicketFacts, valueOf } from "./_doctor_facts.ts";
import type { DoctorRule, Finding } from "./doctor_report.ts";
import { conflictLine, lineOf } from "./_doctor_text.ts";
import type { TicketItem } from "./item.ts";
import { locateParts } from "./item_file.ts";
import { REQUIRED_KEYS } from "./_required_keys.ts";
import { isTimestamp } from "./_timestamp.ts";
import { ITEM_FILE, RESOLUTION_FILE, THREAD_FILE } from "./_ticket_layout.ts";

/** Rules 6 to 9: what `item.md` holds. */
export const ITEM_RULES: readonly DoctorRule<TicketFacts>[] = [
  {
    code: "item_unreadable",
    severity: "error",
    number: 6,
    looksAtOldTickets: true,
    check(facts, report) {
      const { item } = facts;
      if ("value" in item) return;
      report({
        file: ITEM_FILE,
        line: item.line ?? lineOfFault(facts, item.fault),
        message: `Cannot read the ticket: ${item.fault}; ${
          isFaultOfMerge(facts) ? `${ITEM_MERGE_ADVICE} and remove the markers` : "correct the file"
        }`,
      });
    },
  },
  {
    code: "required_key_missing",
    severity: "error",
    number: 7,
    looksAtOldTickets: true,
    check(facts, report) {
      const keys = valueOf(facts.item)?.frontmatter;
      if (keys === undefined) return;
      for (const key of REQUIRED_KEYS) {
        // The state of an old ticket can stand elsewhere: in its bucket, or under another key.
        if (key === "state" && facts.entry.generation !== "v3") continue;
        const value = Object.hasOwn(keys, key) ? keys[key] : undefined;
        // A migration makes nothing up, so what was only worth a warning before it still is.
        const isMild = facts.missingBefore.includes(key);
        if (value === undefined) {
          const message = `The frontmatter has no \`${key}\`: add it`;
          report({ file: ITEM_FILE, line: 1, message, isMild });
        } else if (value === "" || (value === null && key === "state")) {
          const message = `\`${key}\` has no value: give it one`;
          report({ ...atKey(facts, key), message, isMild });
        }
      }
    },
  },
  {
    code: "obsolete_key",
    severity: "error",
    number: 8,
    check(facts, report) {
      const item = valueOf(facts.item);
      if (item === undefined) return;
      for (const key of OBSOLETE_KEYS) {
        if (!Object.hasOwn(item.frontmatter, key)) continue;
        const remedy = key === "status" || key === "workflow_state"
          ? remedyOfOldState(item)
          : "remove the line";
        report({ ...atKey(facts, key), message: `The key \`${key}\` is obsolete: ${remedy}` });
      }
    },
  },
  {
    code: "resolution_missing",
    severity: "warning",
    number: 9,
    check(facts, report) {
      if (valueOf(facts.item)?.fields.state !== "closed" || hasResolution(facts)) return;
      // What is there and cannot be read, its own rule tells.
      if (facts.resolution !== undefined && "fault" in facts.resolution) return;
      const earlier = facts.artifacts.findLast(({ path }) => EARLIER_RESOLUTION.test(path))?.path;
      report({
        file: RESOLUTION_FILE,
        message: earlier === undefined
          ? "The ticket is closed, but nothing says how it was resolved: `yoi ticket close` records it"
          : `The ticket is closed without this file; its last one is "${earlier}": to reopen the` +
            " ticket, move that back and use `yoi ticket reopen`, else `yoi ticket close` records how" +
            " it was resolved",
      });
    },
  },
];

/** Rules about the item that are ours; they come after all numbered ones. */
export const EXTRA_ITEM_RULES: readonly DoctorRule<TicketFacts>[] = [
  {
    code: "required_key_null",
    severity: "warning",
    number: null,
    check(facts, report) {
      const keys = valueOf(facts.item)?.frontmatter ?? {};
      for (const key of REQUIRED_KEYS) {
        if (key === "state" || keys[key] !== null) continue;
        report({ ...atKey(facts, key), message: `\`${key}\` is null: give it a value` });
      }
    },
  },
  {
    code: "bucket_differs",
    severity: "warning",
    number: null,
    looksAtOldTickets: true,
    check(facts, report) {
      if (!valueOf(facts.item)?.notes.includes("status_differs")) return;
      report({
        ...atKey(facts, "status"),
        message: `\`status\` names another bucket than "${facts.entry.bucket}", where the ticket` +
          " lies; the bucket counts: correct the line or move the folder",
      });
    },
  },
  {
    code: "timestamp_malformed",
    severity: "warning",
    number: null,
    check(facts, report) {
      const keys = valueOf(facts.item)?.frontmatter ?? {};
      for (const key of TIME_KEYS) {
        const value = keys[key];
        if (typeof value !== "string" || value === "" || isTimestamp(value)) continue;
        report({
          ...atKey(facts, key),
          message: `\`${key}\` is not a time of the form 2026-06-01T00:00:00Z: correct it`,
        });
      }
    },
  },
  {
    code: "byte_order_mark",
    severity: "warning",
    number: null,
    looksAtOldTickets: true,
    check({ itemText, threadText }, report) {
      for (const [file, text] of [[ITEM_FILE, itemText], [THREAD_FILE, threadText]] as const) {
        if (!text?.startsWith("\ufeff")) continue;
        report({
          file,
          line: 1,
          message: "The file begins with a byte order mark, which older programs stumble over:" +
            " `yoi ticket doctor --fix` removes it",
        });
      }
    },
  },
  {
    code: "merge_conflict",
    severity: "warning",
    number: null,
    looksAtOldTickets: true,
    check(facts, report) {
      const { itemText, threadText, resolution } = facts;
      const resolutionText = resolution && valueOf(resolution);
      const files = [
        [ITEM_FILE, isFaultOfMerge(facts) ? undefined : itemText, ITEM_MERGE_ADVICE],
        [THREAD_FILE, threadText, "keep every event of both sides whole"],
        [RESOLUTION_FILE, resolutionText, "keep the right text"],
      ] as const;
      for (const [file, text, advice] of files) {
        const line = conflictLine(text ?? "");
        if (line === undefined) continue;
        const message = `The file holds the markers of an unfinished merge: ${advice} and remove` +
          " the markers";
        report({ file, line, message });
      }
    },
  },
];

/** An older key holds the state as long as nothing else does: who removes it would change the state. */
function remedyOfOldState({ frontmatter, fields }: TicketItem): string {
  return frontmatter.state
    ? "remove the line; `state` says it now"
    : `write \`state: ${fields.state}\`, which the ticket is read as, then remove the line`;
}

/** Where a key of the frontmatter stands; the frontmatter itself where it is absent. */
export function atKey({ itemText }: TicketFacts, key: string): Pick<Finding, "file" | "line"> {
  // The body may hold a line that looks the same.
  const frontmatter = itemText.slice(0, locateParts(itemText, ITEM_FILE).frontmatterEnd);
  const name = key.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const line = lineOf(frontmatter, new RegExp(`^["']?${name}["']?[ \\t]*:`, "m"));
  return { file: ITEM_FILE, line: line ?? 1 };
}

/** Whether a merge is why the item cannot be read; what that is told with says all there is. */
function isFaultOfMerge({ item, itemText }: TicketFacts): boolean {
  return "fault" in item && item.line !== undefined && item.line === conflictLine(itemText);
}

/** Line of a fault that says what it is about; `null` where the file as a whole cannot be read. */
function lineOfFault(facts: TicketFacts, fault: string): number | null {
  const key = /\bfield ("(?:[^"\\]|\\.)*")/.exec(fault)?.[1];
  if (key !== undefined) return atKey(facts, JSON.parse(key)).line ?? null;
  return fault.startsWith("the frontmatter ") ? 1 : null;
}

/** Whether there is a `resolution.md`; one behind a link counts, the link is another rule's. */
export function hasResolution({ files }: TicketFacts): boolean {
  return files.some(({ path, kind }) =>
    path === RESOLUTION_FILE && (kind === "file" || kind === "link")
  );
}

const ITEM_MERGE_ADVICE = "decide between the sides, with one line for each key,";

/** Where closing again and reopening keep the resolution that was there. */
const EARLIER_RESOLUTION = /^artifacts\/resolution-[^/]*\.md$/;
const TIME_KEYS = ["created_at", "updated_at", "queued_at"] as const;
