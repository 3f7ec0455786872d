import { assertEquals } from "@std/assert";
import { readTexts, type TextSource } from "../../lib/ticket/_ticket_texts.ts";

/** A ticket whose `item.md` changes during each of the first readings. */
function changing(times: number): TextSource & { readings: number } {
  const source = {
    readings: 0,
    entry: { id: "00001KT07NV00", generation: "v3", folder: "00001KT07NV00" } as const,
    itemStamp: () => String(Math.min(source.readings, times)),
    readItemText: () => `item ${++source.readings}`,
    readThreadText: () => `thread ${source.readings}`,
    readResolution: () => null,
    scanArtifacts: () => ({ paths: [], problems: [] }),
  };
  return source;
}

Deno.test("readTexts() reads again what has changed meanwhile, three times at most", () => {
  for (const [changes, readings] of [[0, 1], [1, 2], [2, 3], [9, 3]] as const) {
    const { itemText, threadText } = readTexts(changing(changes), "/root");
    assertEquals([itemText, threadText], [`item ${readings}`, `thread ${readings}`]);
  }
});
