/** Search patterns for the tools. Part of the offline model. @module */

import type { Term } from "./_offline_question.ts";

/** Words that come before a name where it is defined, in common languages. */
export const DEFINITION_WORDS =
  "class|interface|type|enum|struct|trait|union|function|func|fn|def|const|let|var|val|static|module|mod|namespace|object|record|protocol|macro_rules!|test";

/** A regular expression that finds a text literally, in ripgrep's syntax and JavaScript's. */
export function literalPattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/gu, "\\$&");
}

/** Finds lines that define one of the terms, or something with a term in its name. */
export function definitionPattern(terms: readonly Term[]): string {
  const names = terms.map((term) => literalPattern(term.text)).join("|");
  return `\\b(${DEFINITION_WORDS})\\s+\\w*(${names})`;
}

/** Finds lines that export a name. */
export const EXPORT_PATTERN = "^\\s*(export|pub|public|module\\.exports)\\b";

/** Finds lines that begin a test. */
export const TEST_PATTERN =
  "^\\s*(Deno\\.test|test|it|describe)(\\.\\w+)?\\(|#\\[(tokio::)?test\\]|^\\s*def test_|^func Test";

/** The spellings of a name in file names: as said, lower case, with `_` and with `-`. */
export function nameVariants(name: string): string[] {
  const words = name.replace(/([a-z\d])([A-Z])/gu, "$1_$2").replace(/[\s-]+/gu, "_").toLowerCase();
  return [...new Set([name, name.toLowerCase(), words, words.replaceAll("_", "-")])];
}

/** A glob for files with one of the terms in their name. */
export function nameGlob(terms: readonly Term[]): string {
  return `*${braces(terms.flatMap((term) => nameVariants(term.text)).map(literalGlob))}*`;
}

/** A glob for what a path in a question may mean: a file, or everything in a folder. */
export function pathGlob(path: string): string {
  if (path.includes("*")) return path;
  const plain = literalGlob(path);
  return /\.\w+$/u.test(path) ? `**/${plain}` : `**/${plain}/**`;
}

/** One glob for several. */
export function braces(globs: readonly string[]): string {
  const unique = [...new Set(globs)];
  return unique.length === 1 ? unique[0] ?? "" : `{${unique.join(",")}}`;
}

function literalGlob(text: string): string {
  // Whatever means something in a glob may be any one letter instead.
  return text.replace(/[\\*?[\]{},!]/gu, "?");
}
