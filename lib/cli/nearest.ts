/** @module */

import { closestString, levenshteinDistance } from "@std/text";

/**
 * The word of `words` that a misspelt one probably means; `undefined` when none is near.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { nearest } from "./nearest.ts";
 *
 * assert(nearest("lsit", ["list", "stop"]) === "list");
 * assert(nearest("frobnicate", ["list", "stop"]) === undefined);
 * ```
 */
export function nearest(word: string, words: readonly string[]): string | undefined {
  if (word === "" || words.length === 0) return undefined;
  const longer = words.filter((candidate) => candidate.startsWith(word));
  if (longer.length === 1) return longer[0];
  const closest = closestString(word, words);
  const distance = levenshteinDistance(word, closest);
  return distance <= Math.max(2, Math.floor(closest.length / 3)) ? closest : undefined;
}
