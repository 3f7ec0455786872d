/** @module */

const STEPS: readonly (readonly [unit: string, milliseconds: number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
];

/**
 * How long ago something was, in one short word.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { age } from "./age.ts";
 *
 * assert(age(7_300_000) === "2 h ago");
 * assert(age(200) === "now");
 * ```
 */
export function age(milliseconds: number): string {
  const step = STEPS.find(([, length]) => milliseconds >= length);
  return step ? `${Math.floor(milliseconds / step[1])} ${step[0]} ago` : "now";
}
