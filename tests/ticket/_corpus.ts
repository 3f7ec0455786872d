/** The corpus of real tickets, which lies beside the project where it is tested fully. */

import type { Generation } from "../../lib/ticket/ticket.ts";

/** Where it lies. */
export const CORPUS = new URL("../../../shared/corpus/", import.meta.url);

/** Whether it is there. */
export const hasCorpus = exists(new URL("tickets-facts.json", CORPUS));

/** Path of its root of one generation. */
export function corpusRoot(generation: string): string {
  return new URL(`tickets/${generation}`, CORPUS).pathname;
}

/** What the corpus says about one of its tickets, as far as `item.md` goes. */
export interface CorpusFacts {
  readonly title: string;
  readonly state: string;
  readonly v3_id: string;
  readonly frontmatter_yaml_valid: boolean;
}

/** One `item.md`. */
export interface CorpusItem {
  readonly path: string;
  readonly id: string;
  readonly generation: Generation;
  readonly bucket?: "open" | "pending" | "closed";
  readonly text: string;
  readonly facts: CorpusFacts;
}

/** Every `item.md` of the corpus. */
export async function corpusItems(): Promise<CorpusItem[]> {
  const facts: Record<Generation, Record<string, CorpusFacts>> = JSON.parse(
    await Deno.readTextFile(new URL("tickets-facts.json", CORPUS)),
  );
  const items: CorpusItem[] = [];
  for (const generation of ["v1", "v2", "v3"] as const) {
    for (const [folder, fact] of Object.entries(facts[generation])) {
      const path = `tickets/${generation}/${folder}/item.md`;
      const bytes = await Deno.readFile(new URL(path, CORPUS));
      const [id, bucket] = folder.split("/").reverse();
      items.push({
        path,
        id: id!,
        generation,
        ...(bucket === "open" || bucket === "pending" || bucket === "closed" ? { bucket } : {}),
        text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes),
        facts: fact,
      });
    }
  }
  return items;
}

function exists(url: URL): boolean {
  try {
    return Deno.statSync(url).isFile;
  } catch {
    return false;
  }
}
