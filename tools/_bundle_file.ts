/** @module */

import { join, relative } from "@std/path";
import { ROOT, runDeno, withTempDir } from "./_project.ts";

/**
 * Bundles a module and everything it imports into one JavaScript text that stands by itself: npm
 * packages are in it, no import map is needed. Only an import whose specifier is put together at run
 * time stays outside.
 */
export async function bundleFile(entry: string): Promise<string> {
  return await withTempDir(async (folder) => {
    const file = join(folder, "bundle.js");
    const options = ["--quiet", "--platform", "deno", "--packages", "bundle", "--output", file];
    await runDeno(["bundle", ...options, entry]);
    return withoutCachePaths(await Deno.readTextFile(file), await npmCache());
  });
}

/**
 * The bundler names each source by its path from here. For packages that is a path into the cache of
 * this machine, which nobody else needs to see and which would make every machine's bundle another.
 */
function withoutCachePaths(text: string, cache: string): string {
  const prefix = relative(ROOT, cache).replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return text.replace(new RegExp(`${prefix}/[^/\\s]+/`, "g"), "npm:");
}

async function npmCache(): Promise<string> {
  const { stdout } = await runDeno(["info", "--json"]);
  return (JSON.parse(stdout) as { npmCache: string }).npmCache;
}
