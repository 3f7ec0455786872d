/**
 * Versions that git hands to the merge driver as those of one file, and that are of two tickets.
 *
 * Git takes a file that one branch deleted for a new one that is much like it, and merges what the
 * other branch did to the deleted one into the new one. Tickets are alike when they are new.
 *
 * @module
 */

import type { ThreeVersions } from "./merge_lines.ts";
import { parseThread } from "./thread.ts";
import { TicketError } from "./ticket_error.ts";
import { isTimestamp } from "./_timestamp.ts";

/**
 * Makes sure that `item.md`, or `thread.md`, is of one ticket in all three versions: the time of its
 * creation never changes. A version that does not say it may be of any.
 *
 * @param name Name of the file.
 * @throws {TicketError} `conflict` when a side is of another ticket than the common ancestor.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { assertOneTicket } from "./_two_tickets.ts";
 *
 * const item = (time: string) => `---\ntitle: 'Cache'\ncreated_at: '${time}'\n---\n`;
 * const [base, theirs] = [item("2026-06-01T00:00:00Z"), item("2026-06-02T00:00:00Z")];
 * const ours = `${base}More.\n`;
 * assertOneTicket("item.md", { base, ours, theirs: ours });
 * assertThrows(() => assertOneTicket("item.md", { base, ours, theirs }));
 * ```
 */
export function assertOneTicket(name: "item.md" | "thread.md", versions: ThreeVersions): void {
  const timeOf = name === "item.md" ? creationOfItem : creationOfThread;
  const base = timeOf(versions.base);
  if (base === undefined) return;
  for (const time of [versions.ours, versions.theirs].map(timeOf)) {
    if (time === undefined || time === base) continue;
    const [one, other] = [base, time].sort();
    throw TicketError.conflict(
      `its versions are of two tickets, created at ${one} and at ${other}: a branch deleted one of` +
        " them, and git took the other, a new one, for the same file with another name; keep here" +
        " only what is of this folder's ticket, and restore the other one if it is to stay",
    );
  }
}

function creationOfItem(text: string): string | undefined {
  return timeIn(/^created_at[ \t]*:[ \t]*["']?([^\s"'#]+)/m.exec(text)?.[1]);
}

function creationOfThread(text: string): string | undefined {
  const first = parseThread(text).events[0];
  return first?.kind === "create" ? timeIn(first.at ?? undefined) : undefined;
}

function timeIn(text: string | undefined): string | undefined {
  return text !== undefined && isTimestamp(text) ? text : undefined;
}
