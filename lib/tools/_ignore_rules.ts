/** The lines of an ignore file, and of ripgrep's `--glob`, which follows the same grammar. @module */

import { compileGlob } from "./_glob.ts";

/** What rules say of a path; `undefined` when none of them speaks of it. */
export type Verdict = "ignore" | "keep" | undefined;

/** One rule of an ignore file. */
export interface IgnoreRule {
  /** Whether the line began with `!`. */
  isNegated: boolean;
  /** Whether it ended with a slash, and so speaks of folders only. */
  isFolderOnly: boolean;
  matches(path: string): boolean;
}

/**
 * Parses one line; blank lines and comments give nothing.
 *
 * A pattern with a slash before its end is relative to the folder of the file; any other matches at
 * every depth.
 *
 * @throws {SyntaxError} When the glob is not one.
 */
export function parseIgnoreLine(line: string): IgnoreRule | undefined {
  if (line.startsWith("#")) return undefined;
  let glob = line.endsWith("\\ ") ? line : line.trimEnd();
  if (glob === "") return undefined;
  let isNegated = false;
  let isAnchored = false;
  if (glob.startsWith("\\!") || glob.startsWith("\\#")) {
    glob = glob.slice(1);
  } else {
    if (glob.startsWith("!")) {
      isNegated = true;
      glob = glob.slice(1);
    }
    if (glob.startsWith("/")) {
      isAnchored = true;
      glob = glob.slice(1);
    }
  }
  const isFolderOnly = glob.endsWith("/");
  if (isFolderOnly) glob = glob.replace(/\\?\/$/, "");
  if (!isAnchored && !glob.includes("/") && !glob.startsWith("**/")) glob = `**/${glob}`;
  return { isNegated, isFolderOnly, matches: compileGlob(glob) };
}

/** Parses a whole file; a line that is no glob is left out, as ripgrep and git do. */
export function parseIgnoreFile(text: string): IgnoreRule[] {
  const rules: IgnoreRule[] = [];
  for (const line of text.replace(/^\ufeff/, "").split(/\r?\n/)) {
    try {
      const rule = parseIgnoreLine(line);
      if (rule !== undefined) rules.push(rule);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return rules;
}

/** What the last rule that matches says. @param path Relative to the folder of the rules. */
export function judge(rules: readonly IgnoreRule[], path: string, isFolder: boolean): Verdict {
  const rule = rules.findLast((rule) => (isFolder || !rule.isFolderOnly) && rule.matches(path));
  if (rule === undefined) return undefined;
  return rule.isNegated ? "keep" : "ignore";
}
