/** @module */

/**
 * Two texts as one with git's conflict markers around the lines in which they differ. Both are empty
 * or end with LF.
 */
export function conflictText(ours: string, theirs: string): string {
  const one = linesOf(ours);
  const other = linesOf(theirs);
  const shorter = Math.min(one.length, other.length);
  let head = 0;
  while (head < shorter && one[head] === other[head]) head++;
  let tail = 0;
  while (tail < shorter - head && one.at(-1 - tail) === other.at(-1 - tail)) tail++;
  return [
    ...one.slice(0, head),
    "<<<<<<< ours\n",
    ...one.slice(head, one.length - tail),
    "=======\n",
    ...other.slice(head, other.length - tail),
    ">>>>>>> theirs\n",
    ...one.slice(one.length - tail),
  ].join("");
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n/g) ?? [];
}
