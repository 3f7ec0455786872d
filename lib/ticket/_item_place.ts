/** @module */

import type { ItemPlace } from "./item.ts";
import type { RootEntry } from "./root_scan.ts";

/** Where the `item.md` of a ticket lies. */
export function itemPlaceOf(root: string, { folder, generation, bucket }: RootEntry): ItemPlace {
  const path = `${root}/${folder}/item.md`;
  return bucket === undefined ? { path, generation } : { path, generation, bucket };
}
