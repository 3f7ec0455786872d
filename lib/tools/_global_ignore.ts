/** @module */

import { join } from "@std/path";
import { type IgnoreRule, parseIgnoreFile } from "./_ignore_rules.ts";

/**
 * The ignore file of the person: the one git's configuration names in `core.excludesFile`, else
 * `git/ignore` in the configuration folder.
 */
export async function readGlobalRules(
  env: (name: string) => string | undefined,
): Promise<IgnoreRule[]> {
  const home = env("HOME");
  const config = env("XDG_CONFIG_HOME") || (home && join(home, ".config"));
  if (!config) return [];
  const named = home && excludesFile(await readText(join(home, ".gitconfig"))) ||
    excludesFile(await readText(join(config, "git/config")));
  const path = named ? named.replace(/^~(?=\/)/, home ?? "~") : join(config, "git/ignore");
  return parseIgnoreFile(await readText(path));
}

function excludesFile(config: string): string | undefined {
  return /^\s*excludesfile\s*=\s*"?\s*(\S+?)\s*"?\s*$/im.exec(config)?.[1];
}

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    // Most people have none; one that cannot be read ignores nothing.
    if (error instanceof Error) return "";
    throw error;
  }
}
