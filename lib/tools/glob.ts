/** @module */

import { z } from "zod";
import type { Tool } from "../engine/tool.ts";
import type { Scope } from "../scope/scope.ts";
import { judge, parseIgnoreLine } from "./_ignore_rules.ts";
import { inputError, parseInput, text, toInputSchema } from "./_input.ts";
import { comparePaths } from "./_path_order.ts";
import type { FindEngine } from "./_search_engines.ts";
import { openSearchFolder } from "./_search_folder.ts";

/** What a Glob tool works with. */
export interface GlobOptions {
  scope: Scope;
  /** Folder that is searched when the call names none; absolute. */
  cwd: string;
  findEngine: FindEngine;
}

const Input = z.object({
  pattern: text().min(1).describe(
    'Glob, for example "*.ts", "src/**/*.{ts,tsx}" or "**/test_*.py".',
  ),
  path: text().optional().describe(
    "Absolute path of the directory to search. Default: the working directory.",
  ),
  include_ignored: z.boolean().optional().describe(
    "Whether files that ignore files exclude are listed too. Default false.",
  ),
});

const DESCRIPTION = `Finds files by name.

- A pattern without a slash matches at any depth: "*.ts" finds every TypeScript file. With a slash it is relative to path: "src/*.ts" finds those directly in src.
- * and ? stay within one path component, ** spans any number of them; [a-z], [!a-z] and {a,b} work too. Matching is case-sensitive.
- Ignore files (.gitignore, .ignore) are honoured, hidden files are listed, version control folders are not. Symbolic links are not followed.
- Returns absolute paths, the most recently changed first, at most 1000.`;

const MAX_SHOWN = 1000;
/** Stat calls under way at once. */
const STAT_BATCH = 64;

/**
 * Makes the tool that finds files by name.
 *
 * Source: worker-and-tools specification, section A.5; decision 25.
 */
export function createGlobTool(options: GlobOptions): Tool {
  const { scope, cwd, findEngine } = options;
  return {
    name: "Glob",
    description: DESCRIPTION,
    inputSchema: toInputSchema(Input),
    async execute(input, { signal }) {
      const { pattern, path = cwd, include_ignored: noIgnore = false } = parseInput(
        "Glob",
        Input,
        input,
      );
      signal.throwIfAborted();
      const matches = compilePattern(pattern, path);
      const folder = await openSearchFolder(scope, path);
      const engine = await findEngine({ signal });
      const found: string[] = [];
      await engine.listFiles({ ...folder, hidden: true, noIgnore }, (file) => {
        if (matches(file.slice(folder.base === "/" ? 1 : folder.base.length + 1))) found.push(file);
      }, { signal });
      if (found.length === 0) return { summary: `No files found matching ${pattern}` };
      const shown = (await newestFirst(found, signal)).slice(0, MAX_SHOWN);
      const isCut = shown.length < found.length;
      return {
        summary: isCut
          ? `Found ${found.length}+ files matching ${pattern} (truncated to ${MAX_SHOWN})`
          : `Found ${found.length} file(s) matching ${pattern}`,
        content: shown.map((file) => `${folder.display(file)}\n`).join(""),
      };
    },
  };
}

/** A test for paths relative to the base. Models like to write the base into the pattern: it is taken off. */
function compilePattern(pattern: string, base: string): (path: string) => boolean {
  const prefix = `${base.replace(/\/+$/, "")}/`;
  const relative = pattern.startsWith(prefix) ? pattern.slice(prefix.length - 1) : pattern;
  try {
    const rule = parseIgnoreLine(relative.startsWith("#") ? `\\${relative}` : relative);
    if (rule === undefined) throw new SyntaxError("it matches nothing");
    const wanted = rule.isNegated ? undefined : "ignore";
    return (path) => judge([rule], path, false) === wanted;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw inputError("Glob", `invalid glob "${pattern}": ${error.message}`, error);
  }
}

async function newestFirst(paths: readonly string[], signal: AbortSignal): Promise<string[]> {
  const changed = new Map<string, number>();
  for (let at = 0; at < paths.length; at += STAT_BATCH) {
    signal.throwIfAborted();
    await Promise.all(
      paths.slice(at, at + STAT_BATCH).map(async (path) => changed.set(path, await mtime(path))),
    );
  }
  return [...paths].sort((a, b) => changed.get(b)! - changed.get(a)! || comparePaths(a, b));
}

async function mtime(path: string): Promise<number> {
  try {
    return (await Deno.lstat(path)).mtime?.getTime() ?? 0;
  } catch (error) {
    // Gone since it was listed: the oldest of all.
    if (error instanceof Error) return 0;
    throw error;
  }
}
