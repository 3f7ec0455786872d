/** Orders of lists, by UTF-16 units: for ASCII that is the order of bytes. @module */

/** Orders two texts. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Orders what has a path. */
export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return compareTexts(a.path, b.path);
}
