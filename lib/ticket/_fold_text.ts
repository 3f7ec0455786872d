/** @module */

/** A text as searches compare it: whatever its case, and however its accents are put together. */
export function foldText(text: string): string {
  return text.normalize("NFC").toLowerCase();
}
