/** Tokens by rule of thumb: a token is about four bytes of UTF-8. @module */

import type { Item } from "../session/item.ts";

const BYTES_PER_TOKEN = 4;

/** The tokens that some texts come to together, rounded up. */
export function estimateTokens(texts: Iterable<string>): number {
  let bytes = 0;
  for (const text of texts) bytes += utf8Length(text);
  return Math.ceil(bytes / BYTES_PER_TOKEN);
}

/** The tokens of a whole history. */
export function estimateHistoryTokens(history: readonly Item[]): number {
  return estimateTokens(history.flatMap(itemTexts));
}

function itemTexts(item: Item): string[] {
  switch (item.kind) {
    case "message":
      return item.content.map((part) => part.kind === "text" ? part.text : part.refusal);
    case "reasoning":
      return [item.text];
    case "tool_call":
      return [item.name, item.arguments];
    case "tool_result":
      return [item.summary, item.content ?? ""];
  }
}

function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    // Each half of a surrogate pair counts two of the pair's four bytes.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2;
  }
  return bytes;
}
