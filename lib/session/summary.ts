/**
 * A segment in one line of a list.
 *
 * Source: sessions-and-pods specification, section F.1.
 *
 * @module
 */

import { flattenSegments } from "../protocol/segment.ts";
import { isUnsigned } from "./_guard.ts";
import { openLogFile, readLogEntries } from "./_log_file.ts";
import { isBlank } from "./_log_lines.ts";
import { type AnyEntry, isKnownEntry } from "./entry_codec.ts";
import { messageText } from "./item.ts";

/** What a list of Pods shows of a segment. */
export interface SegmentSummary {
  /** The latest `ts` in milliseconds since the Unix epoch; 0 when there is none. */
  updatedAt: number;
  /** `user: ...`, `assistant: ...`, `[empty]` or `[corrupt segment]`. */
  preview: string;
}

/** The preview of a log without a message. */
export const EMPTY_PREVIEW = "[empty]";
/** The preview of a log that is missing or cannot be read. */
export const CORRUPT_PREVIEW = "[corrupt segment]";

/** Characters of a message that are shown, the ellipsis included. */
const PREVIEW_CHARACTERS = 60;

/**
 * Sums a segment log up. Never rejects: a log that cannot be read is a row of the list, too.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { segmentSummary } from "./summary.ts";
 * const { preview } = await segmentSummary("/nowhere/at/all.jsonl");
 * assert(preview === "[corrupt segment]");
 * ```
 */
export async function segmentSummary(path: string): Promise<SegmentSummary> {
  let updatedAt = 0;
  let message = EMPTY_PREVIEW;
  try {
    using file = await openLogFile(path, { read: true });
    await readLogEntries(file, path, ({ entry }) => {
      if (isUnsigned(entry.ts)) updatedAt = Math.max(updatedAt, entry.ts);
      message = messageOf(entry) ?? message;
    }, () => {});
  } catch {
    // Why it cannot be read is said by whoever opens it; a list only shows that it is so.
    return { updatedAt: 0, preview: CORRUPT_PREVIEW };
  }
  return { updatedAt, preview: message };
}

function messageOf(entry: AnyEntry): string | undefined {
  if (!isKnownEntry(entry)) return undefined;
  if (entry.kind === "user_input") return labelled("user", flattenSegments(entry.segments));
  if (entry.kind !== "assistant_item" || entry.item.kind !== "message") return undefined;
  if (entry.item.role !== "assistant") return undefined;
  return labelled("assistant", messageText(entry.item));
}

function labelled(label: string, text: string): string | undefined {
  if (isBlank(text)) return undefined;
  return `${label}: ${shortened(text.replaceAll("\n", " "))}`;
}

function shortened(text: string): string {
  if (text.length <= PREVIEW_CHARACTERS) return text;
  const characters = [...text.slice(0, 2 * PREVIEW_CHARACTERS + 2)];
  if (characters.length <= PREVIEW_CHARACTERS) return text;
  return `${characters.slice(0, PREVIEW_CHARACTERS - 1).join("")}…`;
}
