import { assert, assertEquals } from "@std/assert";
import { readGrownText } from "../../lib/ticket/_grown_text.ts";
import { withRoot } from "./_ticket_root.ts";

const endsInSeparator = (text: string) => text.endsWith("---\n");

/** How often a reading waits for a writer. */
function waitsOf(read: () => void): number {
  const { wait } = Atomics;
  let waits = 0;
  Atomics.wait = () => {
    waits++;
    return "timed-out";
  };
  try {
    read();
  } finally {
    Atomics.wait = wait;
  }
  return waits;
}

Deno.test("readGrownText() waits for a writer only where a part of an append can end", async () => {
  await withRoot(async (root) => {
    const path = `${root}/thread.md`;
    const page = `${"x".repeat(4095)}\n`;
    const texts: [string, number][] = [
      ["", 0],
      ["An end as older programs write it\n", 0],
      ["no line feed", 0],
      [page, 3],
      [page + page, 3],
      [`${page}more\n`, 0],
      [`${page.slice(4)}---\n`, 0],
    ];
    for (const [text, waits] of texts) {
      await Deno.writeTextFile(path, text);
      const read = () => assertEquals(readGrownText(path, endsInSeparator)?.text, text);
      assertEquals(waitsOf(read), waits, `${text.length} bytes`);
    }
    await Deno.writeTextFile(path, page);
    await Deno.utime(path, new Date(0), new Date(0));
    assertEquals(waitsOf(() => assert(readGrownText(path, endsInSeparator))), 0, "long ago");
    assertEquals(readGrownText(`${root}/none`, endsInSeparator), undefined);
  });
});
