/** @module */

/** A text as searches compare it: whatever its case, and however its accents are put together. */
export function foldText(text: string): string {
  return foldableText(text).toLowerCase();
}

/** The same text, composed so that folding it moves none of its characters. */
export function foldableText(text: string): string {
  // The only letter that is longer in lower case: its dot becomes a sign of its own.
  return text.normalize("NFC").replaceAll("\u0130", "I\u0307");
}
