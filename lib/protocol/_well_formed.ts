/** The last step of writing a line. @module */

/**
 * The JSON text `text` with U+FFFD for every lone surrogate, which older readers refuse together
 * with the whole line.
 *
 * `JSON.stringify` writes a lone surrogate, and nothing else, as an escape that begins with `\ud`;
 * so one search settles the matter for nearly every line.
 */
export function wellFormedJson(text: string): string {
  if (!text.includes("\\ud")) return text;
  // Escapes are taken one by one, for `\\ud800` is a backslash and four letters.
  return text.replace(
    /\\(?:ud[89a-f][0-9a-f]{2}|.)/g,
    (escape) => escape.length > 2 ? "\ufffd" : escape,
  );
}
