/** @module */

/** Orders names by their code points, as ripgrep orders their bytes; JavaScript orders UTF-16 units. */
export function compareNames(a: string, b: string): number {
  if (a === b) return 0;
  const rest = commonLength(a, b);
  return (a.codePointAt(rest) ?? -1) - (b.codePointAt(rest) ?? -1);
}

/** Orders paths component by component, so that a folder's files stay together. */
export function comparePaths(a: string, b: string): number {
  const left = a.split("/");
  const right = b.split("/");
  for (let at = 0; at < left.length && at < right.length; at++) {
    const order = compareNames(left[at]!, right[at]!);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function commonLength(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  // Never between the halves of one character.
  return at > 0 && (a.codePointAt(at - 1) ?? 0) > 0xffff ? at - 1 : at;
}
