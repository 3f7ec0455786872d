/** @module */

import { loadYaml, type YamlParser } from "./frontmatter.ts";
import { readItem, type TicketItem } from "./item.ts";
import type { RootEntry } from "./root_scan.ts";

/** Reads items of one root, and loads the general parser when the first of them needs it. */
export class ItemReader {
  readonly #root: string;
  #yaml: YamlParser | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  /** Where the item of an entry lies. */
  pathOf(entry: RootEntry): string {
    return `${this.#root}/${entry.folder}/item.md`;
  }

  /**
   * What an item says, or `"needs_yaml"`: then {@linkcode readWithYaml} it.
   *
   * @throws {TicketError} `parse`.
   */
  read(text: string, entry: RootEntry): TicketItem | "needs_yaml" {
    const { generation, bucket } = entry;
    const path = this.pathOf(entry);
    const place = bucket === undefined ? { path, generation } : { path, generation, bucket };
    return readItem(text, place, this.#yaml);
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
    const again = this.read(text, entry);
    if (again === "needs_yaml") throw new Error("Cannot read item: the YAML parser was not used");
    return again;
  }
}
