/** @module */

/** What a three-way merge of one value says. */
export type Choice<Value> =
  | { readonly kind: "value"; readonly value: Value }
  /** Both sides changed it, each in its own way. */
  | { readonly kind: "conflict" };

/**
 * Chooses between two descendants of a value: the side that changed it wins, and two sides that made
 * the same of it agree.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { chooseThreeWay } from "./_three_way.ts";
 *
 * const choice = chooseThreeWay({ base: "P2", ours: "P2", theirs: "P0" }, Object.is);
 * assert(choice.kind === "value" && choice.value === "P0");
 * ```
 */
export function chooseThreeWay<Value>(
  { base, ours, theirs }: { base: Value; ours: Value; theirs: Value },
  isEqual: (one: Value, other: Value) => boolean,
): Choice<Value> {
  if (isEqual(ours, theirs) || isEqual(theirs, base)) return { kind: "value", value: ours };
  if (isEqual(ours, base)) return { kind: "value", value: theirs };
  return { kind: "conflict" };
}
