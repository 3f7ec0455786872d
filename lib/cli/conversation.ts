/** A session's entries as lines for people. @module */

import { flattenSegments } from "../protocol/segment.ts";
import { type AnyEntry, decodeEntry, isKnownEntry } from "../session/entry_codec.ts";
import { type Item, messageText } from "../session/item.ts";
import {
  saidLines,
  systemItemLines,
  toolCallLine,
  ToolNames,
  toolResultLine,
} from "./event_lines.ts";
import { type Line, line } from "./line.ts";
import { firstLines, oneLine } from "./short_text.ts";

/** Lines of one answer. */
const ANSWER_LINES = 20;

/**
 * The conversation so far, shortened: at most `limit` lines, the latest, and a word about the others.
 *
 * @param entries Of a `snapshot`; what is no entry is left out.
 */
export function conversationLines(entries: readonly unknown[], limit = 60): Line[] {
  const tools = new ToolNames();
  const lines = entries.flatMap((entry) => entryLines(entry, tools));
  if (lines.length <= limit) return lines;
  const hidden = lines.length - limit + 1;
  return [line("note", `… ${hidden} earlier lines`), ...lines.slice(1 - limit)];
}

/** The text of the last submission; `undefined` when there is none. */
export function lastSaid(entries: readonly unknown[]): string | undefined {
  for (const value of entries.toReversed()) {
    const entry = tryDecode(value);
    if (entry && isKnownEntry(entry) && entry.kind === "user_input") {
      return flattenSegments(entry.segments);
    }
  }
  return undefined;
}

/** The texts of the answer since the last submission, oldest first. */
export function answerBlocks(entries: readonly unknown[]): string[] {
  const known = entries.map(tryDecode).filter((entry) => entry !== undefined);
  const start = known.findLastIndex(({ kind }) => kind === "user_input");
  if (start < 0) return [];
  return known.slice(start).flatMap((entry) =>
    isKnownEntry(entry) && entry.kind === "assistant_item" && entry.item.kind === "message"
      ? [messageText(entry.item)].filter((text) => text !== "")
      : []
  );
}

function entryLines(value: unknown, tools: ToolNames): Line[] {
  const entry = tryDecode(value);
  if (entry === undefined || !isKnownEntry(entry)) return [];
  switch (entry.kind) {
    case "segment_start":
      return entry.history.flatMap((item) => itemLines(item, tools));
    case "user_input":
      return saidLines(flattenSegments(entry.segments));
    case "assistant_item":
    case "tool_result":
      return itemLines(entry.item, tools);
    case "system_item":
      return systemItemLines(entry.item);
    case "run_errored":
      return [line("error", oneLine(entry.message, 400))];
    default:
      return [];
  }
}

function itemLines(item: Item, tools: ToolNames): Line[] {
  switch (item.kind) {
    case "message": {
      const text = messageText(item);
      if (item.role === "user") return saidLines(text);
      if (item.role === "system") return [line("note", oneLine(text, 120))];
      return firstLines(text, ANSWER_LINES).map((words) => line("answer", words));
    }
    case "tool_call":
      tools.begin(item.call_id, item.name);
      return [toolCallLine(item.name, item.arguments)];
    case "tool_result":
      return [toolResultLine(tools.end(item.call_id), item.summary, item.is_error ?? false)];
    case "reasoning":
      return [];
  }
}

function tryDecode(value: unknown): AnyEntry | undefined {
  try {
    return decodeEntry(value);
  } catch {
    // A newer Pod's entry, or a damaged one: the Pod that sent it has said so itself.
    return undefined;
  }
}
