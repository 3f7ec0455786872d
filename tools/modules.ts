/** The library as single files that another project copies in. @module */

import { join } from "@std/path";
import config from "../deno.json" with { type: "json" };
import { writeWhole } from "../lib/file/write_whole.ts";
import { bundleFile } from "./_bundle_file.ts";
import { bundleDeclarations } from "./_declarations.ts";
import { ROOT, VERSION } from "./_project.ts";

/**
 * Writes each single-file export of `deno.json` as a pair of files, `./json-lines` as `json_lines.js`
 * and `json_lines.d.ts`. Each pair stands by itself: it imports no other file and needs no import
 * map. Two of them that hold the same class hold two classes, as far as `instanceof` is concerned.
 *
 * @param folder Where the files go; made when it is missing.
 * @param names The exports, by the names of their files; default all.
 * @returns The names of the files.
 */
export async function buildModules(
  folder: string,
  names: readonly string[] = [...moduleEntries().keys()],
): Promise<string[]> {
  await Deno.mkdir(folder, { recursive: true });
  const entries = moduleEntries();
  const paths = names.map((name) => {
    const path = entries.get(name);
    if (path === undefined) throw new TypeError(`Cannot build module "${name}": no such export`);
    return path;
  });
  const declarations = await bundleDeclarations(paths);
  // One after the other: the first one unpacks the bundler, and two at once get in each other's way.
  const programs: string[] = [];
  for (const path of paths) programs.push(await bundleFile(join(ROOT, path)));
  const files: string[] = [];
  const write = async (file: string, text: string) => {
    await writeWhole(join(folder, file), text);
    files.push(file);
  };
  for (const [index, name] of names.entries()) {
    const stamp = `// ${config.name}/${name.replaceAll("_", "-")} ${VERSION}, ${config.license}\n`;
    // The declarations first: a program without them would be used unchecked.
    await write(`${name}.d.ts`, stamp + ownExamples(declarations[index] ?? "", name));
    const pragma = `// @ts-self-types="./${name}.d.ts"\n`;
    await write(`${name}.js`, pragma + stamp + (programs[index] ?? ""));
  }
  return files;
}

/** The single-file exports: name of the file, without its ending, to the path of the module. */
export function moduleEntries(): Map<string, string> {
  return new Map(
    Object.entries(config.exports)
      .filter(([name]) => name !== ".")
      .map(([name, path]) => [name.slice("./".length).replaceAll("-", "_"), path]),
  );
}

/** Lets the examples in the comments import from the file they stand in, as a reader of it does. */
function ownExamples(declarations: string, name: string): string {
  return declarations.replace(/^(\s*\* .*\bfrom )"\.[^"]*\.ts"/gm, `$1"./${name}.js"`);
}
