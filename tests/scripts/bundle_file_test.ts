import { assertEquals } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import type * as matching from "../../lib/tools/_line_matcher.ts";
import { bundleFile } from "../../tools/_bundle_file.ts";
import { ROOT } from "../../tools/_project.ts";

Deno.test("bundleFile() keeps a worker that is started from the text of a function", async () => {
  const { LineMatcher } = await importBundle<typeof matching>("lib/tools/_line_matcher.ts");
  using matcher = new LineMatcher();
  const { lines } = await matcher.match({
    bytes: new TextEncoder().encode("apple\nquince\n"),
    source: "^q",
    flags: "u",
    multiline: false,
    before: 0,
    after: 0,
    maxMatches: 10,
  }, { signal: new AbortController().signal });
  assertEquals(lines.map(({ number, text }) => [number, text.trimEnd()]), [[2, "quince"]]);
});

Deno.test("bundleFile() takes npm packages in and leaves no import at the top", async () => {
  const text = await bundleFile(`${ROOT}/lib/tools/mod.ts`);
  assertEquals([...text.matchAll(/^import\b.*/gm)].map(([line]) => line), []);
  assertEquals(text.includes("\n// npm:zod/"), true);
});

/** Bundles a module into a folder of its own and loads it from there. */
async function importBundle<T>(path: string): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    const file = join(folder, "bundle.js");
    await Deno.writeTextFile(file, await bundleFile(`${ROOT}/${path}`));
    return await import(toFileUrl(file).href) as T;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
