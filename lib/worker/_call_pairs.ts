/** Which tool call was answered by which result. @module */

import type { Item, ToolCallItem, ToolResultItem } from "../session/item.ts";

/**
 * The result of every answered call. A result belongs to the oldest open call with its id, so ids
 * that come again in a later response do no harm.
 */
export function pairCalls(history: readonly Item[]): Map<ToolCallItem, ToolResultItem> {
  const pairs = new Map<ToolCallItem, ToolResultItem>();
  const open = new Map<string, ToolCallItem[]>();
  for (const item of history) {
    if (item.kind === "tool_call") {
      const waiting = open.get(item.call_id);
      if (waiting) waiting.push(item);
      else open.set(item.call_id, [item]);
    } else if (item.kind === "tool_result") {
      const call = open.get(item.call_id)?.shift();
      if (call) pairs.set(call, item);
    }
  }
  return pairs;
}

/** The calls without a result, in history order. */
export function pendingCalls(history: readonly Item[]): ToolCallItem[] {
  const pairs = pairCalls(history);
  return history.filter((item): item is ToolCallItem =>
    item.kind === "tool_call" && !pairs.has(item)
  );
}
