/**
 * `deno task bundle`: `dist/yoi.js`, the whole program in one file, and `dist/modules/`, the library
 * in files that can be copied into another project.
 */

import { relative } from "@std/path";
import { BUNDLE, bundleProgram } from "./_bundle_program.ts";
import { DIST, ROOT, say } from "./_project.ts";
import { buildModules } from "./modules.ts";

await bundleProgram(BUNDLE);
await announce(BUNDLE);
for (const file of await buildModules(`${DIST}/modules`)) await announce(`${DIST}/modules/${file}`);

async function announce(path: string): Promise<void> {
  const { size } = await Deno.stat(path);
  await say(`${relative(ROOT, path)} (${Math.ceil(size / 1000)} kB)`);
}
