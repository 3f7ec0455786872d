/** @module */

import { join } from "@std/path";
// Named before the bundler, which takes any version: the one that is pinned here.
import "typescript";
import { generateDtsBundle } from "dts-bundle-generator";
import config from "../deno.json" with { type: "json" };
import { ROOT, runDeno, withTempDir } from "./_project.ts";

/** npm packages whose types may show up in ours: name to what `deno.json` maps it to. */
const PACKAGES = Object.entries<string>(config.imports)
  .filter(([name, target]) => target === `npm:${name}@${target.split("@").at(-1)}`);

/**
 * The declarations of modules, each as one text that imports no file. Deno writes a declaration file
 * for each source file; a bundler makes one of those that belong to an entry. Types of npm packages
 * are imported by `npm:` names, which work without an import map.
 *
 * @param entries Paths of the modules, relative to the checkout.
 * @returns The texts, in the order of `entries`.
 */
export async function bundleDeclarations(entries: readonly string[]): Promise<string[]> {
  return await withTempDir(async (folder) => {
    await writeDeclarations(entries, folder);
    await linkPackages(entries, folder);
    await Deno.mkdir(join(folder, "types/bases"), { recursive: true });
    await Deno.writeTextFile(join(folder, "types/bases/index.d.ts"), PLATFORM_BASES);
    const project = join(folder, "tsconfig.json");
    await Deno.writeTextFile(project, JSON.stringify({ compilerOptions: BUNDLER_OPTIONS }));
    const bundles = generateDtsBundle(
      entries.map((entry) => ({
        filePath: join(folder, entry.replace(/\.ts$/, ".d.ts")),
        libraries: {
          importedLibraries: PACKAGES.map(([name]) => name),
          allowedTypesLibraries: [],
        },
        output: { noBanner: true, exportReferencedTypes: false },
      })),
      { preferredConfigPath: project },
    );
    return bundles.map(withPackageNames);
  });
}

/**
 * Classes of the platform that ours extend. The bundler has to know those, and the fewer of the
 * platform's names it knows, the fewer of ours it gives another name to avoid a clash (`Event`).
 */
const PLATFORM_BASES = "declare class TransformStream<I, O> {}\n";

/** What the bundler reads are declarations that Deno has checked; it has nothing to check again. */
const BUNDLER_OPTIONS = {
  target: "esnext",
  lib: ["esnext"],
  types: ["bases"],
  typeRoots: ["types"],
  module: "esnext",
  moduleResolution: "bundler",
  allowImportingTsExtensions: true,
  declaration: true,
  emitDeclarationOnly: true,
  noCheck: true,
  skipLibCheck: true,
  strict: true,
  preserveSymlinks: true,
};

/**
 * Has Deno write a declaration file for each source file that the entries need. It checks its own
 * declarations while at it, and finds faults in them; a project around the same sources that skips
 * that check is made for this.
 */
async function writeDeclarations(entries: readonly string[], folder: string): Promise<void> {
  const project = join(folder, "project");
  await Deno.mkdir(project);
  await Deno.symlink(join(ROOT, "lib"), join(project, "lib"));
  const { imports, compilerOptions } = config;
  const own = { imports, compilerOptions: { ...compilerOptions, skipLibCheck: true } };
  await Deno.writeTextFile(join(project, "deno.json"), JSON.stringify(own));
  const options = ["--quiet", "--declaration", "--no-lock", "--outdir", folder];
  await runDeno(["transpile", ...options, ...entries], { cwd: project });
}

/** Puts the npm packages of the graphs where the bundler looks for packages. */
async function linkPackages(entries: readonly string[], folder: string): Promise<void> {
  const found = new Map<string, string>();
  for (const entry of entries) {
    const { stdout } = await runDeno(["info", "--json", entry]);
    const { npmPackages } = JSON.parse(stdout) as {
      npmPackages: Record<string, { name: string; localPath: string }>;
    };
    for (const { name, localPath } of Object.values(npmPackages)) found.set(name, localPath);
  }
  for (const [name] of PACKAGES) {
    const path = found.get(name);
    if (path === undefined) continue;
    const link = join(folder, "node_modules", name);
    await Deno.mkdir(join(link, ".."), { recursive: true });
    await Deno.symlink(path, link);
  }
}

function withPackageNames(text: string): string {
  return PACKAGES.reduce(
    (result, [name, target]) =>
      result.replace(new RegExp(`(from )(["'])${name}\\2`, "g"), `$1"${target}"`),
    text,
  );
}
