/** @module */

import { FenceScan } from "./_fence_scan.ts";

/** 1-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let feed = text.indexOf("\n"); feed >= 0 && feed < offset; line++) {
    feed = text.indexOf("\n", feed + 1);
  }
  return line;
}

/** 1-based line of the first place where an expression matches, `null` when it does not. */
export function lineOf(text: string, pattern: RegExp): number | null {
  const offset = text.search(pattern);
  return offset < 0 ? null : lineAt(text, offset);
}

/**
 * 1-based line where an unfinished merge begins, `undefined` when there is none: both outer markers
 * have to be there, in order, and outside of code, since a body may show one as a sample.
 */
export function conflictLine(text: string): number | undefined {
  if (!text.includes("<<<<<<< ") || !text.includes(">>>>>>> ")) return undefined;
  const fences = new FenceScan();
  let opener: number | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    fences.line(line, 0, line.length);
    if (fences.holdsMargin) continue;
    if (line.startsWith("<<<<<<< ")) opener ??= index + 1;
    else if (line.startsWith(">>>>>>> ") && opener !== undefined) return opener;
  }
  return undefined;
}
