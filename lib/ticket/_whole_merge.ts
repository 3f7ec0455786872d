/** @module */

import type { TextMerge, ThreeVersions } from "./merge_lines.ts";
import { chooseThreeWay } from "./_three_way.ts";

/**
 * Merges a text that makes sense only as a whole, such as a resolution: where both sides wrote one,
 * both stand between git's markers, for lines of the two together would be what nobody said.
 *
 * Source: decision 30.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { mergeWholes } from "./_whole_merge.ts";
 *
 * assertEquals(mergeWholes({ base: "", ours: "Done.\n", theirs: "Dropped." }), {
 *   text: "<<<<<<< ours\nDone.\n=======\nDropped.\n>>>>>>> theirs\n",
 *   conflict: true,
 * });
 * ```
 */
export function mergeWholes(versions: ThreeVersions): TextMerge {
  const choice = chooseThreeWay(versions, Object.is);
  if (choice.kind === "value") return { text: choice.value, conflict: false };
  const [ours, theirs] = [versions.ours, versions.theirs].map(ended);
  return { text: `<<<<<<< ours\n${ours}=======\n${theirs}>>>>>>> theirs\n`, conflict: true };
}

function ended(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}
