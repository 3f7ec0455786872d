/** @module */

import { loadYaml, type YamlParser } from "./frontmatter.ts";
import { readItem, type TicketItem } from "./item.ts";
import { itemPlaceOf } from "./_item_place.ts";
import type { RootEntry } from "./root_scan.ts";

/** Reads items of one root, and loads the general parser when the first of them needs it. */
export class ItemReader {
  readonly #root: string;
  #yaml: YamlParser | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * What an item says, or `"needs_yaml"`: then {@linkcode readWithYaml} it.
   *
   * @throws {TicketError} `parse`.
   */
  read(text: string, entry: RootEntry): TicketItem | "needs_yaml" {
    return readItem(text, itemPlaceOf(this.#root, entry), this.#yaml);
  }

  /**
   * What an item says.
   *
   * @throws {TicketError} `parse`.
   */
  async readWithYaml(text: string, entry: RootEntry): Promise<TicketItem> {
    const item = this.read(text, entry);
    if (item !== "needs_yaml") return item;
    this.#yaml ??= await loadYaml();
    return readItem(text, itemPlaceOf(this.#root, entry), this.#yaml);
  }
}
