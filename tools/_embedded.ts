/** @module */

/**
 * The files that `deno compile` says it has embedded, as paths below the folder that holds them all.
 * A folder embedded whole is one path that ends in `/*`.
 *
 * @param output What `deno compile` wrote, without colours.
 */
export function parseEmbedded(output: string): string[] {
  const paths: string[] = [];
  const folders: string[] = [];
  for (const line of output.split("\n")) {
    // One step of indentation for each folder, a corner, then the name and maybe its size.
    const match = /^((?:[│ ] )*)[├└]─[─┬] (.+?)(?: \([^()]*\))?$/.exec(line);
    if (match === null) continue;
    const [, indent = "", name = ""] = match;
    folders.length = indent.length / 2;
    if (line.includes("┬ ")) folders.push(name);
    else paths.push([...folders, name].join("/"));
  }
  return paths;
}

/** Whether the file at `path` is among the embedded ones, by itself or with its folder. */
export function isEmbedded(embedded: readonly string[], path: string): boolean {
  return embedded.some((found) =>
    found === path || (found.endsWith("/*") && path.startsWith(found.slice(0, -1)))
  );
}
