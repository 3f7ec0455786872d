/** @module */

/** A text as searches compare it: whatever its case, and however its accents are put together. */
export function foldText(text: string): string {
  return foldableText(text).toLowerCase();
}

/** The same text, put together so that folding it moves none of its characters. */
export function foldableText(text: string): string {
  // The one letter that is longer in lower case, which keeps its dot beside it.
  return text.normalize("NFC").replaceAll("\u0130", "I\u0307");
}
